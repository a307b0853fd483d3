import { type Fields, fieldsOf, instant, type Metafield, metafields, type Row, rowsOf, textOf } from './rows.ts';

const PLAIN = new Set(['customer', 'subscriber', 'shop_manager', 'administrator', 'editor', '']);

/** The group of shoppers that a role becomes; '' for none. */
export function groupOf(row: Row): string {
  const role = textOf(row['role']);
  return PLAIN.has(role) ? '' : role;
}

/** Accounts with an address of their own; staff only where it buys. */
export function movedCustomers(rows: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter((row) => {
    const email = textOf(row['email']).trim().toLowerCase();
    const staff = ['administrator', 'shop_manager', 'editor'].includes(textOf(row['role']));
    if (!/^[^\s@]+@[^\s@]+$/.test(email) || seen.has(email) || (staff && row['is_paying_customer'] !== true))
      return false;
    return seen.add(email);
  });
}

export function customerForm(row: Row, group: number): Fields {
  const billing = fieldsOf(row['billing']);
  const name = (field: string) => (textOf(row[field]) || textOf(billing[field]) || 'Unknown').slice(0, 100);
  return {
    email: textOf(row['email']).trim(),
    first_name: name('first_name'),
    last_name: name('last_name'),
    company: textOf(billing['company']).slice(0, 255),
    phone: textOf(billing['phone']).slice(0, 50),
    ...(group === 0 ? {} : { customer_group_id: group }),
    authentication: { force_password_reset: true },
    addresses: distinct([billing, fieldsOf(row['shipping'])]),
    trigger_account_created_notification: false,
  };
}

function distinct(addresses: readonly Fields[]): Fields[] {
  const forms = addresses.filter((one) => textOf(one['address_1']) !== '' && /^[A-Z]{2}$/.test(textOf(one['country'])));
  return [...new Map(forms.map((one) => [addressKey(one), addressForm(one)])).values()];
}

const addressKey = (one: Fields): string =>
  ['address_1', 'address_2', 'city', 'postcode', 'country'].map((field) => textOf(one[field])).join('\n');

function addressForm(one: Fields): Fields {
  return {
    first_name: (textOf(one['first_name']) || 'Unknown').slice(0, 100),
    last_name: (textOf(one['last_name']) || 'Unknown').slice(0, 100),
    company: textOf(one['company']),
    address1: textOf(one['address_1']),
    address2: textOf(one['address_2']),
    city: textOf(one['city']) || 'Unknown',
    state_or_province: '',
    postal_code: textOf(one['postcode']) || 'N/A',
    country_code: textOf(one['country']),
    phone: textOf(one['phone']).slice(0, 50),
  };
}

export function customerMetafields(row: Row, id: number, sourceId: string): Metafield[] {
  const tier = rowsOf(row['meta_data']).find((meta) => textOf(meta['key']) === 'tier');
  return metafields(id, {
    source_id: sourceId,
    username: row['username'] ?? '',
    address_roles: 'billing',
    date_created: instant(row['date_created_gmt']),
    tier: tier?.['value'] ?? '',
  });
}
