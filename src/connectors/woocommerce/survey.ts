import { z } from 'zod';
import { tallyOf } from '../../domain/assessment.ts';
import { mayNotRead, StoreFailure } from '../http/failures.ts';
import type { IsReachable } from '../http/reachable.ts';
import type { SourceSurvey } from '../source.ts';
import { counted, evenly, isPlausible, repeated, tooDeep } from '../tallies.ts';
import type { EntityRow } from './entity-row.ts';
import { leftBehind } from './left-behind.ts';
import { walkAll } from '../walks/whole-walk.ts';
import { isGroup } from './people/customer-mapping.ts';
import { flag, gmt, id, listOf, text } from './wire/fields.ts';
import { rowId } from './wire/read-row.ts';
import type { WooApi } from './woo-api.ts';

const PAGE = 100;
/** Pictures that are asked for. */
const LOOKED_AT = 50;
const productSchema = z.looseObject({
  name: text.catch(''),
  type: text.catch(''),
  status: text.catch(''),
  sku: text.catch(''),
  tax_class: text.catch(''),
  variations: listOf(z.unknown()).catch([]),
  downloadable: flag.catch(false),
  date_modified_gmt: gmt.catch(null),
});
const customerSchema = z.looseObject({ email: text.catch(''), role: text.catch('') });
const picturedSchema = z.looseObject({
  images: listOf(z.looseObject({ src: text.catch('') })).catch([]),
});
const categorySchema = z.looseObject({ parent: id.catch('') });
const totalsSchema = z.array(z.looseObject({ slug: text, total: z.coerce.number() }));
const orderSchema = z.looseObject({ billing: z.looseObject({ postcode: text.catch('') }).catch({ postcode: '' }) });

/** What a look over the whole shop tells, a few fields of each row, 100 rows a request; no person's data is kept. */
export async function surveyShop(
  { api, table, isReachable }: { api: WooApi; table: readonly EntityRow[]; isReachable: IsReachable },
  signal: AbortSignal,
): Promise<SourceSurvey> {
  // Side by side: the governor says how many of them may really be asked at once.
  const [refused, products, customers, orderStates, deep, postcodes, left] = await Promise.all([
    refusedEntities(api, table, signal),
    rowsOf(api, '/products', ['id', ...Object.keys(productSchema.shape)], { status: 'any' }, signal),
    rowsOf(api, '/customers', ['id', 'email', 'role'], { role: 'all' }, signal),
    orderStatuses(api, signal),
    deepCategories(api, signal),
    missingPostcodes(api, signal),
    leftBehind(api, signal),
  ]);
  const goods = products.map((row) => ({ ...productSchema.parse(row), id: rowId(row) }));
  const published = goods.filter(({ status }) => status === 'publish');
  const people = customers.map((row) => ({ ...customerSchema.parse(row), id: rowId(row) }));
  return {
    refused,
    orderStatuses: orderStates,
    productTypes: counted(published.map(({ type }) => type)),
    taxClasses: counted(goods.map(({ tax_class: key }) => key)),
    duplicateSkus: repeated(goods, ({ sku }) => sku),
    duplicateNames: repeated(goods, ({ name }) => name),
    tooManyVariants: tallyOf(
      goods.filter(({ variations }) => variations.length > 600).map(({ id: sourceId }) => sourceId),
    ),
    missingEmails: tallyOf(people.filter(({ email }) => !email.includes('@')).map((row) => row.id)),
    duplicateEmails: repeated(people, ({ email }) => email),
    customerGroups: counted(people.map(({ role }) => role).filter(isGroup)),
    unreachableImages: await unreachableImages(
      api,
      goods.map((row) => row.id),
      isReachable,
      signal,
    ),
    unreliableStamps: tallyOf(goods.filter(({ date_modified_gmt: stamp }) => !isPlausible(stamp)).map((row) => row.id)),
    deepCategories: deep,
    missingPostcodes: postcodes,
    leftBehind: [
      ...left,
      { key: 'download-permissions', ...tallyOf(goods.filter((row) => row.downloadable).map((row) => row.id)) },
    ],
  };
}

async function rowsOf(
  api: WooApi,
  path: string,
  fields: readonly string[],
  more: Record<string, string>,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const list = (offset: number) => {
    const query = { ...more, _fields: fields, orderby: 'id', order: 'asc', offset, per_page: PAGE };
    return api.list({ path, route: path.slice(1), query, signal });
  };
  for await (const page of walkAll(list, PAGE)) rows.push(...page);
  return rows;
}

/** Each route is asked for one row: a key may read products and not orders, WordPress needs another credential. */
async function refusedEntities(api: WooApi, table: readonly EntityRow[], signal: AbortSignal) {
  const isRefused = async (row: EntityRow): Promise<boolean> => {
    const from = row.namespace === 'wp/v2' ? api.content : api;
    try {
      await from.count({ path: row.route, route: row.route.slice(1), query: row.listQuery, signal });
      return false;
    } catch (error) {
      if (!mayNotRead(error)) throw error;
      return true;
    }
  };
  const refused = await Promise.all(table.map(isRefused));
  return table.filter((_, at) => refused[at] === true).map(({ entity }) => entity);
}

async function orderStatuses(api: WooApi, signal: AbortSignal): Promise<Record<string, number>> {
  const rows = totalsSchema.safeParse(await reportedTotals(api, signal));
  return Object.fromEntries((rows.success ? rows.data : []).map(({ slug, total }) => [slug, total]));
}

/** A shop may be closed to reports: then statuses that nobody knows show only in the orders themselves. */
async function reportedTotals(api: WooApi, signal: AbortSignal): Promise<unknown> {
  try {
    return (await api.get({ path: '/reports/orders/totals', route: 'reports/orders/totals', signal })).data;
  } catch (error) {
    if (!(error instanceof StoreFailure) || (error.status !== 403 && error.status !== 404)) throw error;
    return [];
  }
}

/** The main pictures of some products, evenly over the shop: asking for all would take as long as moving them. */
async function unreachableImages(
  api: WooApi,
  products: readonly string[],
  isReachable: IsReachable,
  signal: AbortSignal,
) {
  const include = evenly(products, LOOKED_AT);
  if (include.length === 0) return tallyOf([]);
  const query = { include, per_page: PAGE, status: 'any', _fields: ['id', 'images'] };
  const { rows } = await api.list({ path: '/products', route: 'products', query, signal });
  const urls = rows.flatMap((row) =>
    picturedSchema
      .parse(row)
      .images.slice(0, 1)
      .map(({ src }) => src),
  );
  const asked = [...new Set(urls)];
  const there = await Promise.all(asked.map((url) => isReachable(url, signal)));
  return tallyOf(asked.filter((_, at) => there[at] === false));
}

/** Levels below the top that the target does not have. */
async function deepCategories(api: WooApi, signal: AbortSignal) {
  const rows = await rowsOf(api, '/products/categories', ['id', 'parent'], {}, signal);
  const parents = new Map(rows.map((row) => [rowId(row), categorySchema.parse(row).parent]));
  return tooDeep(parents);
}

/** Of the newest hundred orders: reading them all would take as long as moving them. */
async function missingPostcodes(api: WooApi, signal: AbortSignal) {
  const query = { orderby: 'id', order: 'desc', per_page: PAGE, _fields: ['id', 'billing.postcode'] };
  const { rows } = await api.list({ path: '/orders', route: 'orders', query, signal });
  return tallyOf(rows.filter((row) => orderSchema.parse(row).billing.postcode.trim().length < 2).map(rowId));
}
