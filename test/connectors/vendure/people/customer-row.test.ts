import { describe, expect, test } from 'vitest';
import { customerRow } from '../../../../src/connectors/vendure/people/customer-row.ts';
import { groupRow } from '../../../../src/connectors/vendure/people/group-row.ts';
import type { CanonicalCustomer } from '../../../../src/domain/customer.ts';
import { addressRow, customerRowOf, facts, signal } from '../forms.ts';

const customers = customerRow([]);
const read = async (more: Record<string, unknown> = {}) => {
  const { records } = await customers.read([customerRowOf('3', more)], facts(), signal);
  const [record] = records;
  if (record === undefined) throw new Error('unreadable');
  return { record, canonical: record.canonical as CanonicalCustomer };
};

describe('a customer', () => {
  test('who registered is an account; who only ordered is a guest', async () => {
    expect((await read()).canonical).toMatchObject({
      email: 'ann@example.test',
      isGuest: false,
      isStaff: false,
      username: '',
    });
    expect((await read({ user: null })).canonical).toMatchObject({ isGuest: true, username: '' });
  });

  test('keeps a name to log in with that is not the e-mail address, and a title', async () => {
    const { canonical } = await read({
      user: { id: '7', identifier: 'google-123' },
      title: 'Dr',
      phoneNumber: ' 555 ',
    });
    expect(canonical).toMatchObject({ username: 'google-123', phone: '555', meta: [{ key: 'title', value: 'Dr' }] });
  });

  test('belongs to the group of the lowest id, which is waited for; others are told', async () => {
    const { record, canonical } = await read({
      groups: [
        { id: '12', name: 'Trade' },
        { id: '9', name: 'VIP' },
      ],
    });
    expect(canonical).toMatchObject({ group: '9', role: 'VIP' });
    expect(record.references).toEqual([{ entity: 'customer_group', sourceId: '9', kind: 'hard', field: 'groups' }]);
    expect(record.reports).toEqual([{ key: 'further-customer-groups', field: 'groups', sample: 'Trade' }]);
  });

  test('has addresses by their marks, and all the others too', async () => {
    const addresses = [
      addressRow({ id: '3', streetLine1: 'third' }),
      addressRow({ id: '1', streetLine1: 'first' }),
      addressRow({ id: '2', streetLine1: 'second', defaultBillingAddress: true }),
      addressRow({ id: '4', streetLine1: 'fourth', defaultShippingAddress: true }),
    ];
    const { canonical } = await read({ addresses });
    expect([canonical.billing, canonical.shipping, ...canonical.otherAddresses].map((one) => one?.street1)).toEqual([
      'second',
      'fourth',
      'first',
      'third',
    ]);
  });

  test('without marks is billed at the first address, and one that serves for both is one', async () => {
    const none = await read({ addresses: [addressRow({ id: '2', streetLine1: 'second' }), addressRow({ id: '1' })] });
    expect([none.canonical.billing?.street1, none.canonical.shipping, none.canonical.otherAddresses.length]).toEqual([
      '1 Main Street',
      null,
      1,
    ]);
    const both = await read({ addresses: [addressRow({ defaultBillingAddress: true, defaultShippingAddress: true })] });
    expect(both.canonical.shipping).toEqual(both.canonical.billing);
    expect(both.canonical.otherAddresses).toEqual([]);
    expect((await read({ addresses: null })).canonical).toMatchObject({
      billing: null,
      shipping: null,
      otherAddresses: [],
    });
  });
});

describe('a name in one field', () => {
  test.each([
    ['Ann Mary Lee', 'Ann Mary', 'Lee'],
    ['Carl Philipp Emanuel Bach', 'Carl Philipp Emanuel', 'Bach'],
    ['Cher', 'Cher', ''],
    ['', 'Ann Mary', 'Lee'],
  ])('"%s" is divided as the account is, else before its last word', async (fullName, firstName, lastName) => {
    const { canonical } = await read({ addresses: [addressRow({ fullName })] });
    expect(canonical.billing).toMatchObject({ firstName, lastName });
  });

  test('an account whose last name has two words divides its own name', async () => {
    const { canonical } = await read({ firstName: 'Ann', lastName: 'Mary Lee', addresses: [addressRow()] });
    expect(canonical.billing).toMatchObject({ firstName: 'Ann', lastName: 'Mary Lee' });
  });
});

describe('an address', () => {
  test.each([
    ['US', 'ny', 'New York'],
    ['CA', 'QC', 'Quebec'],
    ['US', 'New York', null],
    ['DE', 'BE', null],
  ])('of %s with "%s" means %s', async (code, province, stateName) => {
    const { canonical } = await read({ addresses: [addressRow({ country: { code }, province })] });
    expect(canonical.billing).toMatchObject({ state: province, stateName, country: code });
  });

  test('with nothing but a country is none', async () => {
    const empty = { fullName: '', streetLine1: '', city: null, postalCode: '', phoneNumber: '' };
    expect((await read({ addresses: [addressRow(empty)] })).canonical.billing).toBeNull();
  });
});

test('a group goes by its id, and claims its name', async () => {
  const groups = groupRow();
  const row = { id: '9', updatedAt: '2026-11-21T14:00:00.000Z', name: ' VIP ' };
  const { records, unreadable } = await groups.read([row, { id: '10', name: 5 }], facts(), signal);
  expect(records).toMatchObject([{ entity: 'customer_group', sourceId: '9', canonical: { name: 'VIP' } }]);
  expect(unreadable).toMatchObject([{ sourceId: '10' }]);
  expect(groups.keys([row], facts())).toMatchObject([{ sourceId: '9', name: 'VIP' }]);
});
