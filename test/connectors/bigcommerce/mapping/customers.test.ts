import { describe, expect, it } from 'vitest';
import { customerKeys, isEmail, mapCustomer } from '../../../../src/connectors/bigcommerce/mapping/people/customer.ts';
import {
  customerGroupKeys,
  mapCustomerGroup,
} from '../../../../src/connectors/bigcommerce/mapping/people/customer-group.ts';
import type { CanonicalCustomer } from '../../../../src/domain/customer.ts';
import { contextWith, type ContextChanges, SOURCE_KEY, writtenForm } from '../forms.ts';
import { address, customer } from '../people-forms.ts';

const map = (more: Partial<CanonicalCustomer> = {}, changes: ContextChanges = {}) =>
  writtenForm(mapCustomer('12', customer(more), contextWith(changes)));
const fieldOf = (form: ReturnType<typeof map>, key: string) =>
  (form.parts['metafields'] as { key: string; value: string }[]).find((row) => row.key === key)?.value;

describe('a customer', () => {
  it('is asked for a new password at the next log-in, and sent no mail', () => {
    const form = map();
    expect(form.parts['core']).toEqual({
      email: 'ann@example.test',
      first_name: 'Ann',
      last_name: 'Lee',
      company: '',
      phone: '555-0100',
      customer_group_id: 0,
      authentication: { force_password_reset: true },
    });
    expect(form.adjusted).toContain('password-reset-required');
    expect(fieldOf(form, 'source_id')).toBe(`${SOURCE_KEY}:12`);
  });

  it('keeps what has no field in metafields', () => {
    const form = map({ billing: address({ email: 'bills@example.test' }) });
    expect(fieldOf(form, 'username')).toBe('ann');
    expect(fieldOf(form, 'billing_email')).toBe('bills@example.test');
    expect(fieldOf(form, 'date_created')).toBe('2025-03-04T05:06:07.000Z');
    expect(fieldOf(form, 'address_roles')).toBe('billing');
    expect(form.adjusted).toEqual(
      expect.arrayContaining([
        'username-login-lost',
        'billing-email-in-metafield',
        'created-date-in-metafield',
        'address-role-in-metafield',
      ]),
    );
  });

  it('keeps what plugins owe a shopper to be read, and says that it does nothing there', () => {
    const form = map({
      meta: [
        { key: '_wallet_balance', value: '12.50' },
        { key: 'wc_points_balance', value: '' },
        { key: 'favourite', value: 'green' },
      ],
    });
    expect(form.adjusted.filter((key) => key === 'plugin-balance-in-metafield')).toHaveLength(1);
    const fields = form.parts['metafields'] as { key: string; value: string }[];
    expect(fields).toContainEqual(expect.objectContaining({ key: '_wallet_balance', value: '12.50' }));
  });

  it.each([
    [{ firstName: '', lastName: '' }, 'Ann', 'Lee', false],
    [
      { firstName: '', lastName: '', billing: null, shipping: address({ firstName: 'Bo', lastName: 'Li' }) },
      'Bo',
      'Li',
      false,
    ],
    [{ firstName: '', lastName: '', billing: null }, 'ann', '-', true],
    [{ firstName: 'x'.repeat(101) }, 'x'.repeat(100), 'Lee', false],
  ])('of names %j is called %s %s', (more, first, last, placeholder) => {
    const form = map(more);
    expect(form.parts['core']).toMatchObject({ first_name: first, last_name: last });
    expect(form.adjusted.includes('name-placeholder')).toBe(placeholder);
  });

  it.each(['', 'nobody', 'a b@example.test', '@', 'a@b,c'])(
    'with the e-mail "%s" is left out, and reported',
    (email) => {
      expect(isEmail(email)).toBe(false);
      const mapped = mapCustomer('12', customer({ email }), contextWith());
      expect(mapped).toMatchObject({ outcome: 'skip', reports: [{ key: 'customer-email-missing' }] });
      expect(customerKeys('12', customer({ email }))).toEqual([]);
    },
  );

  it('who never registered gets no account', () => {
    const mapped = mapCustomer('12', customer({ isGuest: true }), contextWith());
    expect(mapped).toMatchObject({ outcome: 'skip', reports: [{ key: 'guest-without-account' }] });
  });

  it('has a number of its own before that of an address', () => {
    expect(map({ phone: '555-0199' }).parts['core'].phone).toBe('555-0199');
  });

  it('keeps the fields of the shop under the name of its platform', () => {
    const source = { ...contextWith().source, platform: 'vendure' };
    const form = writtenForm(
      mapCustomer('12', customer({ meta: [{ key: 'title', value: 'Dr' }] }), { ...contextWith(), source }),
    );
    expect(form.parts['metafields']).toContainEqual({ namespace: 'vendure', key: 'title', value: 'Dr' });
  });

  it('who works for the shop is carried only with orders', () => {
    const staff = { role: 'shop_manager', isStaff: true };
    const idle = mapCustomer('12', customer({ ...staff, hasOrders: false }), contextWith());
    expect(idle).toMatchObject({
      outcome: 'skip',
      reports: [{ key: 'staff-account-skipped', sample: 'shop_manager' }],
    });
    expect(map(staff).parts['core'].customer_group_id).toBe(0);
  });

  it('whose e-mail another account has waits for a person', () => {
    const [wanted] = customerKeys('12', customer());
    expect(wanted).toMatchObject({ kind: 'customer-email', role: 'identity' });
    const second = mapCustomer('12', customer(), contextWith({ keys: { email: wanted?.alternatives[1] ?? '' } }));
    expect(second).toMatchObject({ outcome: 'refuse', remedy: expect.stringContaining('Merge') as unknown });
  });
});

describe('addresses', () => {
  it('are billing, then shipping where it differs', () => {
    const same = map({ shipping: address() });
    expect(same.parts['addresses']).toHaveLength(1);
    expect(fieldOf(same, 'address_roles')).toBe('billing+shipping');
    const two = map({ shipping: address({ street1: '2 Side St' }) });
    expect(two.parts['addresses'].map(({ key }: { key: string }) => key)).toEqual(['billing', 'shipping']);
  });

  it('without a role follow, each that differs once', () => {
    const [same, other] = [address({ email: '' }), address({ street1: '2 Side St' })];
    const form = map({ otherAddresses: [same, other, { ...other, email: 'x@example.test' }] });
    const addresses = form.parts['addresses'] as unknown as { key: string; address1: string }[];
    expect(addresses.map(({ key, address1 }) => [key, address1])).toEqual([
      ['billing', '1 Main St'],
      ['other-2', '2 Side St'],
    ]);
  });

  it('have names of states, and a postal code where one is asked for', () => {
    const form = map({ billing: address({ postcode: '' }) });
    expect(form.parts['addresses'][0]).toMatchObject({ state_or_province: 'New York', postal_code: 'N/A' });
    expect(form.adjusted).toEqual(expect.arrayContaining(['state-code-to-name', 'postcode-placeholder']));
    const abroad = map({ billing: address({ country: 'HK', state: '', stateName: null, postcode: '' }) });
    expect(abroad.parts['addresses'][0]).toMatchObject({ country_code: 'HK', postal_code: '' });
  });

  it.each([{ country: '' }, { street1: '' }, { city: '' }])('without %j are left out, and reported', (more) => {
    const form = map({ billing: address(more) });
    expect(form.parts['addresses']).toEqual([]);
    expect(form.reported).toEqual(['incomplete-address-skipped']);
  });
});

describe('groups', () => {
  it('have the name of the role, and the mapping may send it elsewhere', () => {
    const group = { name: 'wholesale_customer' };
    const form = writtenForm(mapCustomerGroup('wholesale_customer', group, contextWith()));
    expect(form.parts['core']).toEqual({ name: 'wholesale_customer' });
    expect(form.reported).toEqual(['role-pricing']);
    const mapping = { customerGroups: { wholesale_customer: '7' } };
    expect(mapCustomerGroup('wholesale_customer', group, contextWith({ mapping }))).toMatchObject({ outcome: 'skip' });
    expect(customerGroupKeys('wholesale_customer', group)[0]).toMatchObject({ kind: 'customer-group-name' });
  });

  it.each([
    [{}, { 'customer_group:vip': '31' }, 31, true],
    [{ customerGroups: { vip: '9' } }, {}, 9, false],
    [{ customerGroups: { vip: '' } }, { 'customer_group:vip': '31' }, 0, false],
  ])('of a customer under the mapping %j', (mapping, ids, id, adjusted) => {
    const form = map({ role: 'vip', group: 'vip' }, { mapping, ids });
    expect(form.parts['core'].customer_group_id).toBe(id);
    expect(form.adjusted.includes('role-as-group')).toBe(adjusted);
  });
});
