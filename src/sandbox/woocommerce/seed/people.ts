import { emptyAddress, emptyBilling } from '../store/address.ts';
import type { AddressRow, CustomerRow } from '../store/people-rows.ts';
import { newMeta, nextId } from '../store/shop.ts';
import type { StoreBench } from './store-bench.ts';
import { day } from './store-bench.ts';

const firstNames = 'Ann,Bjørn,Chloé,Dimitri,Emeka,Fátima,Grace,Hiroko,Ivana,José,Kim,Léa,Måns,Nora,Omar,Priya'.split(
  ',',
);
const lastNames = 'Lee,Müller,O’Neil,Nakamura,García,van den Berg,Šimić,Okafor,Smith,Ødegård,Nguyễn,Dupont'.split(',');

/** City, state, postcode, country as shops have them. */
const places: [string, string, string, string][] = [
  ['New York', 'NY', '10001', 'US'],
  ['Portland', 'OR', '97201', 'US'],
  ['Toronto', 'ON', 'M5V 2T6', 'CA'],
  ['Berlin', 'DE-BE', '10115', 'DE'],
  ['London', '', 'SW1A 1AA', 'GB'],
  ['Paris', '', '75001', 'FR'],
  ['Tokyo', 'JP13', '100-0001', 'JP'],
];

export function address({ random }: Pick<StoreBench, 'random'>, given: Partial<AddressRow> = {}): AddressRow {
  const [city, state, postcode, country] = random.pick(places);
  return {
    ...emptyAddress(),
    first_name: random.pick(firstNames),
    last_name: random.pick(lastNames),
    city,
    state,
    postcode,
    country,
    address_1: `${random.int(1, 999)} Main Street`,
    address_2: random.chance(0.2) ? `Flat ${random.int(1, 40)}` : '',
    company: random.chance(0.15) ? 'Example & Sons' : '',
    phone: random.chance(0.6) ? `+1 555 01${String(random.int(0, 99)).padStart(2, '0')}` : '',
    ...given,
  };
}

type Given = Partial<Omit<CustomerRow, 'billing' | 'shipping'>> & {
  billing?: Partial<CustomerRow['billing']>;
  shipping?: Partial<AddressRow>;
};

function putCustomer(bench: StoreBench, given: Given = {}): CustomerRow {
  const { shop, random } = bench;
  const number = bench.customers.length + 1;
  const home = address(bench);
  const email = given.email ?? `buyer${number}@example.test`;
  const created = bench.baseMs - random.int(1, 900) * day - random.int(0, 86_399) * 1_000;
  const row: CustomerRow = {
    id: nextId(shop, 'user'),
    createdGmt: created,
    modifiedGmt: Math.min(created + random.int(0, 200) * day, bench.baseMs - day),
    visibleSinceMs: 0,
    email,
    username: `buyer${number}`,
    firstName: home.first_name,
    lastName: home.last_name,
    role: 'customer',
    isPaying: random.chance(0.5),
    meta: [],
    ...given,
    billing: { ...emptyBilling(), ...home, email, ...given.billing },
    shipping: { ...(random.chance(0.7) ? home : emptyAddress()), ...given.shipping },
  };
  if (random.chance(0.2)) row.meta.push(newMeta(shop, 'tier', random.pick(['gold', 'silver']), 'userMeta'));
  shop.customers.set(row.id, row);
  bench.customers.push(row.id);
  return row;
}

/** What registers, imports and plugins leave behind; the first ones also come in small shops. */
const uglyCustomers: Given[] = [
  { email: 'shared@example.test', firstName: 'Shared', lastName: 'One' },
  // An import by SQL gives one address to two users; REST refuses it.
  { email: 'Shared@Example.test', firstName: 'Shared', lastName: 'Two' },
  { email: '', firstName: 'No', lastName: 'Email', billing: { email: '' } },
  { email: 'trade@example.test', role: 'wholesale_customer' },
  { email: 'rtl@example.test', firstName: 'ليلى', lastName: 'حداد', billing: { city: 'דימונה', address_1: 'شارع ١' } },
  {
    email: 'emoji@example.test',
    firstName: '🦊 Fox',
    lastName: 'O&#039;Brien',
    billing: { company: 'Tea &amp; Co 🍵' },
  },
  { email: 'html@example.test', firstName: '<b>Bold</b>', lastName: '"Quote" & Co' },
  { email: 'nobody@example.test', firstName: '', lastName: '' },
  { email: 'other.billing@example.test', billing: { email: 'accounts@example.test', first_name: 'Accounts' } },
  { email: 'nowhere@example.test', billing: { country: '', state: '', postcode: '' } },
  { email: 'odd.state@example.test', billing: { country: 'FR', state: 'Île-de-France' } },
  { email: 'unknown.country@example.test', billing: { country: 'XX' } },
  { email: `long.${'name'.repeat(12)}@example.test`, firstName: 'Maximilian '.repeat(12), lastName: 'x'.repeat(120) },
  { email: 'plus+tag@example.test', billing: { phone: 'ask at the desk' } },
  { email: 'reader@example.test', role: 'subscriber', modifiedGmt: null },
  { email: 'manager@example.test', role: 'shop_manager', modifiedGmt: null, isPaying: true },
  { email: 'twin@example.test', firstName: 'Ann', lastName: 'Lee' },
  { email: 'twin2@example.test', firstName: 'Ann', lastName: 'Lee' },
];

export function seedCustomers(bench: StoreBench, count: number): void {
  for (const ugly of uglyCustomers.slice(0, Math.floor((count * 2) / 3))) putCustomer(bench, ugly);
  while (bench.customers.length < count) putCustomer(bench);
}
