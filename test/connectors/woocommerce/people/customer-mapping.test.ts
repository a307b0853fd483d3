import { describe, expect, it } from 'vitest';
import {
  customerRecord,
  groupRecord,
  isGroup,
} from '../../../../src/connectors/woocommerce/people/customer-mapping.ts';
import { customerSchema } from '../../../../src/connectors/woocommerce/people/customer-schema.ts';
import { readRow } from '../../../../src/connectors/woocommerce/wire/read-row.ts';
import { recordedBody } from '../recorded.ts';

const recorded = recordedBody('create customer');

const states = (country: string, code: string) => (country === 'US' && code === 'NY' ? 'New York' : null);
const record = (more: object = {}) => {
  const read = readRow('customer', customerSchema, { ...recorded, ...more });
  if (!read.ok) throw new Error(read.unreadable.reason);
  return customerRecord(read.row, states, read.unknown);
};

describe('a recorded customer', () => {
  it('becomes canonical, and every field of it is known', () => {
    const { canonical, references, reports, modifiedAt } = record();
    expect(canonical).toMatchObject({
      firstName: 'Ann',
      lastName: 'Lee',
      role: 'customer',
      group: null,
      isStaff: false,
      hasOrders: false,
      billing: { street1: '1 Main St', state: 'NY', stateName: 'New York', country: 'US', phone: '555-0100' },
      createdAt: '2026-11-20T15:47:51.000Z',
      meta: [{ key: 'tier', value: 'gold' }],
    });
    expect(canonical.email).toMatch(/@example\.test$/);
    expect({ references, reports, modifiedAt }).toEqual({ references: [], reports: [], modifiedAt: null });
  });

  it('has the same hash after a log-in and another order of its fields', () => {
    const later = { date_modified: '2027-01-01T00:00:00', date_modified_gmt: '2027-01-01T00:00:00', avatar_url: 'x' };
    const turned = Object.fromEntries(Object.entries(recorded).toReversed());
    expect(record(later).contentHash).toBe(record().contentHash);
    expect(record(turned).contentHash).toBe(record().contentHash);
    expect(record({ last_name: 'Loe' }).contentHash).not.toBe(record().contentHash);
  });
});

describe('customers as shops have them', () => {
  it.each([
    ['administrator', true, null],
    ['subscriber', false, null],
    ['wholesale_customer', false, 'wholesale_customer'],
    ['', false, null],
  ])('of role "%s"', (role, isStaff, group) => {
    const { canonical, references } = record({ role });
    expect(canonical).toMatchObject({ isStaff, group });
    expect(references.map(({ entity, sourceId, kind }) => `${kind} ${entity}:${sourceId}`)).toEqual(
      group === null ? [] : [`hard customer_group:${group}`],
    );
    expect(isGroup(role)).toBe(group !== null);
  });

  it('have no address where nothing of one is filled in', () => {
    const empty = { first_name: '', last_name: '', address_1: '', city: '', state: 'NY', postcode: '', country: 'US' };
    expect(record({ billing: empty, shipping: [] }).canonical).toMatchObject({ billing: null, shipping: null });
  });

  it('with nulls and numbers where text belongs are read all the same', () => {
    const odd = record({
      first_name: null,
      billing: { ...(recorded['billing'] as object), postcode: 10001, phone: null },
    });
    expect(odd.canonical).toMatchObject({ firstName: '', billing: { postcode: '10001', phone: '' } });
  });

  it('of another shape are unreadable, not a failed page', () => {
    const read = readRow('customer', customerSchema, { ...recorded, email: ['a'] });
    expect(read).toMatchObject({
      ok: false,
      unreadable: { entity: 'customer', reason: expect.stringContaining('email') as unknown },
    });
  });

  it('leave secrets behind and report fields that nobody judged', () => {
    const { canonical, reports } = record({
      loyalty: 5,
      meta_data: [{ id: 1, key: '_stripe_customer', value: 'cus_1' }],
    });
    expect(canonical.meta).toEqual([]);
    expect(reports.map(({ key, field }) => `${key} ${field}`)).toEqual([
      'unknown-field loyalty',
      'secret-meta-skipped meta_data._stripe_customer',
    ]);
  });
});

it('a group has the name of its role', () => {
  expect(groupRecord('vip')).toMatchObject({ entity: 'customer_group', sourceId: 'vip', canonical: { name: 'vip' } });
});
