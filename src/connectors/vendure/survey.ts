import { z } from 'zod';
import { tallyOf } from '../../domain/assessment.ts';
import { mayNotRead } from '../http/failures.ts';
import type { IsReachable } from '../http/reachable.ts';
import type { SourceSurvey } from '../source.ts';
import { counted, evenly, isPlausible, repeated, tooDeep } from '../tallies.ts';
import { rowId } from '../walks/row-list.ts';
import { walkAll } from '../walks/whole-walk.ts';
import type { EntityRow } from './entity-row.ts';
import { leftBehind } from './left-behind.ts';
import type { Asked, Filter, ListRoot, Lists } from './lists.ts';
import { PLACED } from './looks.ts';
import { statusWord } from './orders/order-status.ts';
import type { Place } from './place.ts';
import type { ShopFacts, ShopFactsReader } from './shop-facts.ts';
import type { VendureApi } from './vendure-api.ts';
import { asset, id, instant, text } from './wire/fields.ts';
import { ASSET_FIELDS, canonicalImage } from './wire/images.ts';

const PAGE = 500;
/** Pictures that are asked for. */
const LOOKED_AT = 50;
const MOST_VARIANTS = 600;

const PRODUCTS: ListRoot = { list: 'products', options: 'ProductListOptions', item: 'product' };
const CUSTOMERS: ListRoot = { list: 'customers', options: 'CustomerListOptions', item: 'customer' };
const COLLECTIONS: ListRoot = { list: 'collections', options: 'CollectionListOptions', item: 'collection' };
const ORDERS: ListRoot = { list: 'orders', options: 'OrderListOptions', item: 'order' };

const productSchema = z.looseObject({
  id,
  name: text,
  enabled: z.boolean(),
  updatedAt: instant,
  featuredAsset: asset.nullable(),
  optionGroups: z.array(z.unknown()),
  variants: z.array(
    z.looseObject({ id, sku: text, taxCategory: z.looseObject({ name: text, isDefault: z.boolean() }) }),
  ),
});
const customerSchema = z.looseObject({
  id,
  emailAddress: text,
  user: z.unknown(),
  groups: z.array(z.looseObject({ name: text })),
});
const collectionSchema = z.looseObject({
  id,
  parent: z.looseObject({ id }).nullable(),
});
const postcodeSchema = z
  .looseObject({ postalCode: text })
  .nullish()
  .transform((address) => address?.postalCode ?? '');
const orderSchema = z.looseObject({ id, billingAddress: postcodeSchema, shippingAddress: postcodeSchema });

export interface Surveyed {
  readonly api: VendureApi;
  readonly lists: Lists;
  readonly facts: ShopFactsReader;
  readonly table: readonly EntityRow[];
  readonly place: Place;
  readonly isReachable: IsReachable;
}

/** What a look over the whole shop tells, a few fields of each row; no person's data is kept. */
export async function surveyShop(shop: Surveyed, signal: AbortSignal): Promise<SourceSurvey> {
  const { lists, table } = shop;
  const facts = await shop.facts.read(signal);
  const readable = await readableRows(table, facts, lists, signal);
  const may = (entity: string) => readable.some((row) => row.entity === entity);
  const none: readonly unknown[] = [];
  const [products, customers, collections, statuses, postcodes, left] = await Promise.all([
    may('product') ? rowsOf(lists, PRODUCTS, PRODUCT_FIELDS, {}, signal) : none,
    may('customer') ? rowsOf(lists, CUSTOMERS, 'id emailAddress user { id } groups { name }', {}, signal) : none,
    may('category') ? rowsOf(lists, COLLECTIONS, 'id parent { id }', {}, signal) : none,
    may('order') ? orderStatuses(shop.api, facts, signal) : {},
    may('order') ? missingPostcodes(lists, signal) : tallyOf([]),
    leftBehind(lists, facts, signal),
  ]);
  const goods = products.map((row) => productSchema.parse(row));
  const published = goods.filter(({ enabled }) => enabled);
  const people = customers.map((row) => customerSchema.parse(row)).filter(({ user }) => user !== null);
  const skus = goods.flatMap((product) => product.variants.map(({ sku }) => ({ id: product.id, sku })));
  return {
    refused: table.filter((row) => !readable.includes(row)).map(({ entity }) => entity),
    orderStatuses: statuses,
    productTypes: counted(published.map((row) => (isSimple(row) ? 'simple' : 'variable'))),
    taxClasses: counted(goods.map(({ variants: [first] }) => taxClass(first?.taxCategory))),
    duplicateSkus: repeated(skus, ({ sku }) => sku),
    duplicateNames: repeated(goods, ({ name }) => name),
    tooManyVariants: tallyOf(goods.filter(({ variants }) => variants.length > MOST_VARIANTS).map((row) => row.id)),
    missingEmails: tallyOf(people.filter(({ emailAddress }) => !emailAddress.includes('@')).map((row) => row.id)),
    duplicateEmails: repeated(people, ({ emailAddress }) => emailAddress),
    deepCategories: tooDeep(parentsOf(collections)),
    missingPostcodes: postcodes,
    customerGroups: counted(people.flatMap(({ groups: [first] }) => (first === undefined ? [] : [first.name]))),
    unreachableImages: await unreachableImages(goods, shop, signal),
    unreliableStamps: tallyOf(goods.filter(({ updatedAt }) => !isPlausible(updatedAt)).map((row) => row.id)),
    leftBehind: left,
  };
}

const PRODUCT_FIELDS = `id name enabled updatedAt featuredAsset { ${ASSET_FIELDS} } optionGroups { id }
  variants { id sku taxCategory { name isDefault } }`;

async function rowsOf(
  lists: Lists,
  root: ListRoot,
  fields: string,
  filter: Filter,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const asked: Omit<Asked, 'skip'> = { fields, filter, take: PAGE, signal };
  const list = (skip: number) => lists.page(root, { ...asked, skip });
  for await (const page of walkAll(list, lists.most(PAGE))) rows.push(...page);
  return rows;
}

/** Each list is asked for its length: a role may see products and not orders. */
async function readableRows(
  table: readonly EntityRow[],
  facts: ShopFacts,
  lists: Lists,
  signal: AbortSignal,
): Promise<readonly EntityRow[]> {
  const isReadable = async (row: EntityRow): Promise<boolean> => {
    const filter = row.filter(facts);
    if (filter === null) return true;
    try {
      await lists.count(row.root, filter, signal);
      return true;
    } catch (error) {
      if (!mayNotRead(error) || error.kind === 'credentials-rejected') throw error;
      return false;
    }
  };
  const readable = await Promise.all(table.map(isReadable));
  return table.filter((_, at) => readable[at] === true);
}

const countsSchema = z.record(z.string(), z.looseObject({ totalItems: z.number().int() }));

/** Every state of the order process with its orders, in one request; states in the words that orders are read with. */
async function orderStatuses(api: VendureApi, facts: ShopFacts, signal: AbortSignal): Promise<Record<string, number>> {
  if (facts.orderStates.length === 0) return {};
  const parts = facts.orderStates.map((_, at) => `s${at}: orders(options: $o${at}) { totalItems }`);
  const inputs = facts.orderStates.map((_, at) => `$o${at}: OrderListOptions`);
  const document = `query States(${inputs.join(', ')}) { ${parts.join(' ')} }`;
  const variables = Object.fromEntries(
    facts.orderStates.map((state, at) => [`o${at}`, { take: 1, filter: { ...PLACED, state: { eq: state } } }]),
  );
  const { data } = await api.query({ document, variables, route: 'orders', schema: countsSchema, signal });
  const counts: Record<string, number> = {};
  for (const [at, state] of facts.orderStates.entries()) {
    const count = data[`s${at}`]?.totalItems ?? 0;
    if (count > 0) counts[statusWord(state)] = (counts[statusWord(state)] ?? 0) + count;
  }
  return counts;
}

function isSimple({ optionGroups, variants }: z.output<typeof productSchema>): boolean {
  return optionGroups.length === 0 && variants.length === 1;
}

function taxClass(category: { readonly name: string; readonly isDefault: boolean } | undefined): string {
  return category === undefined || category.isDefault ? '' : category.name;
}

/** The invisible collection above all is in no list, so that its children are at the top. */
function parentsOf(rows: readonly unknown[]): ReadonlyMap<string, string> {
  const known = new Set(rows.map(rowId));
  return new Map(
    rows.map((row) => {
      const { id: own, parent } = collectionSchema.parse(row);
      return [own, parent !== null && known.has(parent.id) ? parent.id : ''];
    }),
  );
}

/** Of the newest hundred orders: reading them all would take as long as moving them. */
async function missingPostcodes(lists: Lists, signal: AbortSignal) {
  const fields = 'id billingAddress { postalCode } shippingAddress { postalCode }';
  const asked: Asked = { fields, filter: PLACED, sort: { id: 'DESC' }, skip: 0, take: lists.most(100), signal };
  const { rows } = await lists.page(ORDERS, asked);
  const orders = rows.map((row) => orderSchema.parse(row));
  return tallyOf(
    orders
      .filter(({ billingAddress, shippingAddress }) => (billingAddress || shippingAddress).trim().length < 2)
      .map((row) => row.id),
  );
}

/** The main pictures of some products, evenly over the shop. */
async function unreachableImages(
  goods: readonly z.output<typeof productSchema>[],
  { place, isReachable }: Pick<Surveyed, 'place' | 'isReachable'>,
  signal: AbortSignal,
) {
  const urls = evenly(goods, LOOKED_AT).flatMap(({ featuredAsset }) => {
    const image = featuredAsset === null ? null : canonicalImage(featuredAsset, place.serverUrl);
    return image === null ? [] : [image.url];
  });
  const asked = [...new Set(urls)];
  const there = await Promise.all(asked.map((url) => isReachable(url, signal)));
  return tallyOf(asked.filter((_, at) => there[at] === false));
}
