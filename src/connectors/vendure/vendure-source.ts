import type { RecordRef } from '../../domain/entity.ts';
import { chunks } from '../../domain/chunks.ts';
import type { Instant, MovedEntity, SourceRecord, UnreadableRecord } from '../../domain/record.ts';
import { fetchedFrom } from '../fetched.ts';
import { StoreFailure } from '../http/failures.ts';
import { reachability } from '../http/reachable.ts';
import type { ChangedPage, Cursor, Fetched, ReadPage, ScannedKeys, Source } from '../source.ts';
import { walkChanged } from '../walks/changed-walk.ts';
import { rowId } from '../walks/row-list.ts';
import { walkById } from '../walks/stable-walk.ts';
import { type EntityRow, ownerOf } from './entity-row.ts';
import { entityTable } from './entity-table.ts';
import { createLists, type Lists } from './lists.ts';
import { stampedPages, stampOf } from './looks.ts';
import { storeKeyOf, type VendureOptions } from './options.ts';
import { placeOf } from './place.ts';
import { createShopFacts, type ShopFactsReader } from './shop-facts.ts';
import { readStoreProfile } from './store-profile.ts';
import { surveyShop } from './survey.ts';
import { createVendureApi } from './vendure-api.ts';

/** Ids and a few fields of a row. */
const SCAN_PAGE = 500;

const NOT_OFFERED = [
  { entity: 'review', why: 'Vendure keeps no reviews; plugins do' },
  { entity: 'blog_post', why: 'Vendure keeps no posts; the storefront or a plugin does' },
  { entity: 'page', why: 'Vendure keeps no pages; the storefront does' },
  {
    entity: 'redirect',
    why: 'Vendure keeps no redirects; only the addresses of products and collections are led on',
  },
] as const;

interface Parts {
  readonly lists: Lists;
  readonly facts: ShopFactsReader;
}

/** One channel of a Vendure server as a source. Asks queries only; nothing in here can write to the shop. */
export function createVendureSource(options: VendureOptions): Source {
  const api = createVendureApi(options);
  const place = placeOf(options);
  const parts: Parts = { lists: createLists(api), facts: createShopFacts(api, options) };
  const table = entityTable(api, parts.lists, place);
  return {
    platform: 'vendure',
    storeKey: storeKeyOf(options),
    entities: table.map(({ entity, brings, modifiedFilter, pageSize }) => ({
      entity,
      brings,
      modifiedFilter,
      pageSize,
    })),
    notOffered: NOT_OFFERED,
    check: (signal) => readStoreProfile(api, parts.facts, place, signal),
    survey: (signal) =>
      parts.lists.within(() =>
        surveyShop(
          { api, ...parts, table, place, isReachable: reachability(options.network, options.timeoutMs) },
          signal,
        ),
      ),
    async count(entity, signal) {
      const row = ownerOf(table, entity);
      const filter = row.filter(await parts.facts.read(signal));
      return filter === null ? 0 : parts.lists.count(row.root, filter, signal);
    },
    scan: (entity, signal) => scan(parts, ownerOf(table, entity), signal),
    readByIds: (entity, sourceIds, signal) =>
      parts.lists.within(() => readByIds(parts, ownerOf(table, entity), entity, sourceIds, signal)),
    async readChanged(entity, window, cursor, signal) {
      const row = ownerOf(table, entity);
      const page = await parts.lists.within(() => readChanged(parts, row, window, cursor, signal));
      return entity === row.entity ? page : { ...page, records: page.records.filter((one) => one.entity === entity) };
    },
    // Pages belong to the storefront, which Vendure does not know.
    async *places() {},
    fetchOne: (ref, signal) => fetchOne(parts, ownerOf(table, ref.entity), ref, signal),
  };
}

/** One page after the other: only a page that was read tells how long the server lets them be. */
async function* scan(
  { lists, facts }: Parts,
  row: EntityRow,
  signal: AbortSignal,
): AsyncGenerator<readonly ScannedKeys[]> {
  const shop = await facts.read(signal);
  const filter = row.filter(shop);
  if (filter === null) return;
  const list = (skip: number) =>
    lists.page(row.root, { fields: row.scanFields, filter, skip, take: SCAN_PAGE, signal });
  for (let cursor: Cursor | null = null, more = true; more; more = cursor !== null) {
    const page = await lists.within(() => walkById(list, cursor, lists.most(SCAN_PAGE)));
    cursor = page.next;
    yield row.keys(page.rows, shop);
  }
}

/** For an entity that comes along with another (stock), the ids are the other's before the slash. */
async function readByIds(
  parts: Parts,
  row: EntityRow,
  entity: MovedEntity,
  sourceIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadPage> {
  const owners = [...new Set(sourceIds.map(ownerId))];
  if (owners.length === 0) return { records: [], unreadable: [], missing: [] };
  if (owners.length > row.pageSize)
    throw new RangeError(`At most ${row.pageSize} records in one read, not ${owners.length}`);
  const read = await readOwners(parts, row, owners, signal);
  const wanted = new Set(sourceIds);
  const records =
    entity === row.entity
      ? read.records
      : read.records.filter((one) => one.entity === entity && wanted.has(one.sourceId));
  const seen = new Set(records.filter((one) => one.entity === entity).map((one) => one.sourceId));
  const unreadable = new Set(read.unreadable.map((one) => one.sourceId));
  const missing = sourceIds.filter((id) => !seen.has(id) && !unreadable.has(ownerId(id)));
  return { records, unreadable: read.unreadable, missing: missing.map((sourceId) => ({ entity, sourceId })) };
}

/** One request for what fits into a page of the server's, which may be smaller than ours. */
async function readOwners({ lists, facts }: Parts, row: EntityRow, ids: readonly string[], signal: AbortSignal) {
  const shop = await facts.read(signal);
  const filter = row.filter(shop);
  const records: SourceRecord[] = [];
  const unreadable: UnreadableRecord[] = [];
  if (filter === null) return { records, unreadable };
  const asked = new Set(ids);
  for (let left = ids; left.length > 0;) {
    const some = left.slice(0, lists.most(left.length));
    const wanted = { ...filter, id: { in: some } };
    const { rows } = await lists.page(row.root, {
      fields: row.fields(shop),
      filter: wanted,
      skip: 0,
      take: some.length,
      signal,
    });
    const read = await row.read(
      rows.filter((one) => asked.has(rowId(one))),
      shop,
      signal,
    );
    records.push(...read.records);
    unreadable.push(...read.unreadable);
    left = left.slice(some.length);
  }
  return { records, unreadable };
}

/** Where a walk over changes stands: first the records' own stamps, then each further look. */
interface Stage {
  /** 0: own stamps; n: the n-th look. */
  readonly look: number;
  readonly inner: Cursor | null;
  readonly seenUntil: Instant | null;
}

async function readChanged(
  parts: Parts,
  row: EntityRow,
  window: { readonly after: Instant; readonly until: Instant },
  cursor: Cursor | null,
  signal: AbortSignal,
): Promise<ChangedPage> {
  if (!row.modifiedFilter) return readWhole(parts, row, cursor, signal);
  const stage: Stage = cursor === null ? { look: 0, inner: null, seenUntil: null } : (JSON.parse(cursor) as Stage);
  const on = (inner: Cursor | null, seenUntil: Instant | null): Cursor | null => {
    if (inner !== null) return JSON.stringify({ ...stage, inner, seenUntil } satisfies Stage);
    if (stage.look >= row.looks.length) return null;
    return JSON.stringify({ look: stage.look + 1, inner: null, seenUntil } satisfies Stage);
  };
  const look = stage.look === 0 ? undefined : row.looks[stage.look - 1];
  if (look === undefined) {
    const page = await readStamped(parts, row, window, stage.inner, signal);
    return { ...page, next: on(page.next, page.seenUntil) };
  }
  const found = await look.page(window, stage.inner, signal);
  const read: ReadPage[] = [];
  for (const ids of chunks(found.ids, row.pageSize)) read.push(await readByIds(parts, row, row.entity, ids, signal));
  return {
    records: read.flatMap(({ records }) => records),
    unreadable: read.flatMap(({ unreadable }) => unreadable),
    missing: read.flatMap(({ missing }) => missing),
    next: on(found.next, stage.seenUntil),
    seenUntil: stage.seenUntil,
  };
}

/** Records whose own stamp lies in the window. Deletes leave no trace in any list: only a scan of all ids finds them. */
async function readStamped(
  { lists, facts }: Parts,
  row: EntityRow,
  window: { readonly after: Instant; readonly until: Instant },
  cursor: Cursor | null,
  signal: AbortSignal,
): Promise<ChangedPage> {
  const shop = await facts.read(signal);
  const filter = row.filter(shop);
  if (filter === null) return { records: [], unreadable: [], missing: [], next: null, seenUntil: null };
  const list = stampedPages(lists, row.root, { fields: row.fields(shop), filter, take: row.pageSize, signal });
  const page = await walkChanged(list, stampOf, window, cursor, lists.most(row.pageSize));
  return { ...(await row.read(page.rows, shop, signal)), missing: [], next: page.next, seenUntil: page.seenUntil };
}

/** An entity of few records is read whole; hashes tell what changed. */
async function readWhole(
  { lists, facts }: Parts,
  row: EntityRow,
  cursor: Cursor | null,
  signal: AbortSignal,
): Promise<ChangedPage> {
  const shop = await facts.read(signal);
  const filter = row.filter(shop);
  if (filter === null) return { records: [], unreadable: [], missing: [], next: null, seenUntil: null };
  const list = (skip: number) =>
    lists.page(row.root, { fields: row.fields(shop), filter, skip, take: row.pageSize, signal });
  const page = await walkById(list, cursor, lists.most(row.pageSize));
  return { ...(await row.read(page.rows, shop, signal)), missing: [], next: page.next, seenUntil: null };
}

async function fetchOne(
  { lists, facts }: Parts,
  row: EntityRow,
  ref: RecordRef,
  signal: AbortSignal,
): Promise<Fetched> {
  const shop = await facts.read(signal);
  const id = ownerId(ref.sourceId);
  const found = await lists.one(row.root, id, row.fields(shop), signal);
  // The API's own word: the query was understood, allowed, and there is no such record.
  if (found === null) return { outcome: 'gone', ref };
  if (rowId(found) !== id)
    throw new StoreFailure('unintelligible', `${row.root.item}/:id: another record came than was asked for`);
  // The product may be there and this variant not any more.
  return fetchedFrom(ref, await row.read([found], shop, signal));
}

function ownerId(sourceId: string): string {
  const id = sourceId.split('/')[0] ?? '';
  if (!/^[A-Za-z0-9][\w-]*$/.test(id)) throw new RangeError(`"${sourceId}" is not an id of Vendure`);
  return id;
}
