import {
  array,
  asyncProperty,
  assert,
  boolean,
  constantFrom,
  integer,
  oneof,
  option,
  record,
  string,
  type Arbitrary,
} from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CanonicalAddress } from '../../../src/domain/address.ts';
import type { CanonicalOrder } from '../../../src/domain/order.ts';
import type { Canonical, MovedEntity } from '../../../src/domain/record.ts';
import { note, order, refund } from './orders/order-form.ts';
import { product } from './forms.ts';
import { openStore, type SandboxStore } from './sandbox-store.ts';

/** Whatever a source holds of orders and writings, its form is one that the store takes. */

let store: SandboxStore;
let number = 0;
beforeAll(async () => {
  store = await openStore({ fetchImages: false });
});
afterAll(() => store.close());

const text = (maxLength: number): Arbitrary<string> =>
  oneof(
    string({ maxLength, unit: 'grapheme' }),
    string({ maxLength, unit: 'binary' }),
    constantFrom(
      '',
      ' ',
      '<b>x</b>',
      'Fish &amp; Chips',
      'مرحبا',
      '👩‍👩‍👧',
      '\ud800',
      'x'.repeat(maxLength),
      'word '.repeat(maxLength / 5),
    ),
  );
const decimal = oneof(
  integer({ min: -1_000_000, max: 10_000_000 }).map((cents) => (cents / 100).toString()),
  constantFrom('0', '27.526980', '5.55555', '0.000001', '-3', 'abc', '1e9', '99999999999.999999'),
);
const amount = record({ amount: decimal, tax: decimal });
const instant = constantFrom('0000-01-01T00:00:00.000Z', '2025-03-04T05:06:07.000Z', '9999-12-31T23:59:59.000Z');
const address: Arbitrary<CanonicalAddress> = record({
  firstName: text(300),
  lastName: text(300),
  company: text(300),
  street1: text(300),
  street2: text(300),
  city: text(300),
  state: text(60),
  stateName: option(text(60)),
  postcode: text(30),
  country: constantFrom('', 'US', 'DE', 'XX', 'Germany', 'us'),
  phone: text(90),
  email: oneof(constantFrom('ann@example.test', 'nobody', '', ' a@example.test '), text(300)),
});
const line = record({
  sourceId: integer({ min: 1, max: 999 }).map(String),
  name: text(400),
  product: option(constantFrom('7', '70')),
  variant: option(constantFrom('71')),
  sku: text(300),
  gtin: text(20),
  quantity: constantFrom('1', '2', '0.5', '0', '-1', '100000000000', 'abc'),
  subtotal: amount,
  total: amount,
  taxClass: text(20),
  taxes: constantFrom([], null, { a: 1 }),
  options: array(record({ name: text(60), value: text(300) }), { maxLength: 3 }),
  meta: array(record({ key: text(80), value: text(80) }), { maxLength: 3 }),
});
const fee = record({
  sourceId: constantFrom('1', '2'),
  name: text(300),
  total: amount,
  taxClass: text(9),
  taxes: constantFrom([]),
  meta: constantFrom([]),
});

const orders: Arbitrary<CanonicalOrder> = record({
  number: text(60),
  status: oneof(constantFrom('completed', 'wc-processing', 'on-the-moon', 'refunded'), text(40)),
  currency: constantFrom('USD', 'JPY', 'KWD', 'EUR'),
  createdAt: option(instant),
  paidAt: option(instant),
  completedAt: option(instant),
  pricesIncludeTax: boolean(),
  customerNote: text(70_000),
  ipAddress: oneof(constantFrom('10.0.0.1', '::1', '10.0.0.1, ::1', 'unknown'), text(60)),
  billing: address,
  shipping: option(address),
  paymentTitle: text(300),
  paymentMethod: text(80),
  transactionId: text(300),
  total: record({ incTax: decimal, tax: decimal }),
  shippingTotal: amount,
  discountTotal: amount,
  lines: array(line, { maxLength: 4 }),
  fees: array(fee, { maxLength: 3 }),
  refunds: array(record({ amount: decimal, reason: text(200) }), { maxLength: 3 }).map((all) =>
    all.map((one, at) => refund(String(at), one.amount, one.reason)),
  ),
  notes: array(record({ text: text(2_000), toCustomer: boolean() }), { maxLength: 5 }).map((all) =>
    all.map((one, at) => note(String(at), one)),
  ),
  meta: array(record({ key: string({ minLength: 1, maxLength: 90 }), value: oneof(text(200), integer(), boolean()) }), {
    maxLength: 4,
  }),
}).map((fields) => order({ ...fields, shippingLines: [] }));

async function isTaken<E extends MovedEntity>(entity: E, canonical: Canonical<E>): Promise<void> {
  const sourceId = String(++number);
  const keys: Record<string, string> = {};
  const context = await store.driver.context();
  for (const key of store.driver.target.entity(entity).wantedKeys(sourceId, canonical, context)) {
    // The last alternative is always free.
    keys[key.slot] = key.alternatives.at(-1) ?? '';
  }
  const mapped = await store.driver.mapped(entity, sourceId, canonical, keys);
  if (mapped.outcome !== 'write') return;
  expect(await store.driver.bring(entity, sourceId, canonical, keys)).toBeNull();
  const row = store.driver.target.entity(entity);
  const present = await store.driver.present({ entity, sourceId });
  const core = store.driver.heldOf({ entity, sourceId }).parts.get('core');
  const seen = present?.parts['core'] ?? null;
  expect({ agrees: row.agrees('core', core?.desired ?? null, seen), desired: core?.desired, seen }).toMatchObject({
    agrees: true,
  });
  const before = store.sandbox.controls.journal.counts().total;
  expect(await store.driver.bring(entity, sourceId, canonical, keys)).toBeNull();
  expect(store.sandbox.controls.journal.counts().total).toBe(before);
}

test('every order is taken as it is mapped, and is then there as it was meant', async () => {
  await store.driver.bring('product', '7', product({ name: 'Tea', sku: 'TEA' }), {});
  await assert(
    asyncProperty(orders, (canonical) => isTaken('order', canonical)),
    { numRuns: 150, endOnFailure: true },
  );
});

test('every review, post and page is taken as it is mapped', async () => {
  await store.driver.bring('product', '7', product({ name: 'Tea', sku: 'TEA' }), {});
  const html = oneof(text(400), constantFrom('<script>x</script><p onclick="y">[gallery]</p>', '<div>'.repeat(300)));
  const review = record({
    product: constantFrom('7'),
    text: html,
    rating: integer({ min: -3, max: 9 }),
    author: text(300),
    email: oneof(constantFrom('ann@example.test', 'nobody'), text(300)),
    status: constantFrom('approved' as const, 'pending' as const, 'other' as const),
    createdAt: option(instant),
  });
  const writing = {
    title: text(300),
    content: html,
    excerpt: html,
    slug: text(30),
    path: option(text(300).map((path) => `/${path}/`)),
    status: constantFrom('published' as const, 'scheduled' as const, 'draft' as const, 'private' as const),
    passwordProtected: boolean(),
    meta: constantFrom([]),
  };
  const post = record({
    ...writing,
    publishedAt: option(instant),
    author: option(text(300)),
    categories: array(text(40), { maxLength: 3 }),
    tags: array(text(40), { maxLength: 3 }),
    featuredImage: option(record({ key: constantFrom('1'), url: text(60), alt: text(60) })),
  });
  const page = record({
    ...writing,
    parent: option(constantFrom('99')),
    position: integer({ min: -5_000_000_000, max: 5_000_000_000 }),
    isSystem: boolean(),
  });
  const all = asyncProperty(review, post, page, async (one, two, three) => {
    await isTaken('review', one);
    await isTaken('blog_post', two);
    await isTaken('page', three);
  });
  await assert(all, { numRuns: 100, endOnFailure: true });
});
