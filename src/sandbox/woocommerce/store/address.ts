import type { AddressRow, BillingRow } from './people-rows.ts';

export function emptyAddress(): AddressRow {
  return {
    first_name: '',
    last_name: '',
    company: '',
    address_1: '',
    address_2: '',
    city: '',
    state: '',
    postcode: '',
    country: '',
    phone: '',
  };
}

export function emptyBilling(): BillingRow {
  return { ...emptyAddress(), email: '' };
}

/** Applies the named fields of a written address; others stay, unknown ones are dropped. */
export function writeAddress(row: AddressRow | BillingRow, given: unknown): void {
  if (typeof given !== 'object' || given === null) return;
  for (const [key, value] of Object.entries(given)) {
    if (key in row && (typeof value === 'string' || typeof value === 'number')) {
      row[key as keyof AddressRow] = String(value);
    }
  }
}

/** Customers and orders show the same fields in two orders (recordings "create customer", "create order"). */
const customerOrder = 'first_name,last_name,company,address_1,address_2,city,postcode,country,state,email,phone'.split(
  ',',
);
const saleOrder = 'first_name,last_name,company,address_1,address_2,city,state,postcode,country,email,phone'.split(',');

export function addressWire(row: AddressRow | BillingRow, of: 'customer' | 'sale'): Record<string, string> {
  const order = of === 'customer' ? customerOrder : saleOrder;
  return Object.fromEntries(order.filter((key) => key in row).map((key) => [key, row[key as keyof AddressRow]]));
}
