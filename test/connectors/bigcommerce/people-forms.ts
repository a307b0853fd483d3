import type { CanonicalAddress } from '../../../src/domain/address.ts';
import type { CanonicalCustomer } from '../../../src/domain/customer.ts';

export function address(more: Partial<CanonicalAddress> = {}): CanonicalAddress {
  return {
    firstName: 'Ann',
    lastName: 'Lee',
    company: '',
    street1: '1 Main St',
    street2: '',
    city: 'New York',
    state: 'NY',
    stateName: 'New York',
    postcode: '10001',
    country: 'US',
    phone: '555-0100',
    email: '',
    ...more,
  };
}

export function customer(more: Partial<CanonicalCustomer> = {}): CanonicalCustomer {
  return {
    email: 'ann@example.test',
    firstName: 'Ann',
    lastName: 'Lee',
    phone: '',
    username: 'ann',
    role: 'customer',
    group: null,
    isStaff: false,
    isGuest: false,
    hasOrders: true,
    billing: address(),
    shipping: null,
    otherAddresses: [],
    createdAt: '2025-03-04T05:06:07.000Z',
    meta: [],
    ...more,
  };
}
