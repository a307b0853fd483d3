import type { RecordRef } from '../../domain/entity.ts';
import type { MovedEntity, SourceRecord } from '../../domain/record.ts';
import { fetchedFrom } from '../fetched.ts';
import { StoreFailure } from '../http/failures.ts';
import { reachability } from '../http/reachable.ts';
import type { ChangedPage, ChangeWindow, Cursor, Fetched, ReadPage, Source } from '../source.ts';
import { type ListChanged, walkChanged } from '../walks/changed-walk.ts';
import { addSeconds } from '../walks/instants.ts';
import { walkById } from '../walks/stable-walk.ts';
import { walkAll } from '../walks/whole-walk.ts';
import { readPlaces } from './content/places.ts';
import { ownerOf } from './entity-row.ts';
import type { EntityRow } from './entity-row.ts';
import { entityTable } from './entity-table.ts';
import { createHookRegistry } from './hooks/hook-registry.ts';
import { naiveUtc } from './instants.ts';
import { readStoreProfile } from './store-profile.ts';
import { storeKeyOf } from './store-key.ts';
import { surveyShop } from './survey.ts';
import { gmt } from './wire/fields.ts';
import { rowId } from './wire/read-row.ts';
import { createWooApi, errorCode } from './woo-api.ts';
import type { ContentApi, WooApi, WooOptions } from './woo-api.ts';

/** A WooCommerce shop as a source. Reads only; nothing in here can write to the shop but its webhooks of ours. */
export function createWooCommerceSource(options: WooOptions): Source {
  const api = createWooApi(options);
  const table = entityTable(api);
  return {
    platform: 'woocommerce',
    storeKey: storeKeyOf(options.baseUrl),
    entities: table.map(({ entity, brings, modifiedFilter, pageSize }) => ({
      entity,
      brings,
      modifiedFilter,
      pageSize,
    })),
    notOffered: [{ entity: 'redirect', why: 'WooCommerce keeps no redirects of its own; only plugins do' }],
    check: (signal) => readStoreProfile(api, signal),
    survey: (signal) =>
      surveyShop({ api, table, isReachable: reachability(options.network, options.timeoutMs) }, signal),
    count: (entity, signal) => {
      const row = ownerOf(table, entity);
      return apiOf(api, row).count({ path: row.route, route: row.route.slice(1), query: row.listQuery, signal });
    },
    async *scan(entity, signal) {
      const row = ownerOf(table, entity);
      const list = listFrom(api, row, { _fields: row.scanFields }, signal);
      for await (const rows of walkAll(list, row.pageSize)) yield await row.keys(rows, signal);
    },
    readByIds: (entity, sourceIds, signal) => readByIds(api, ownerOf(table, entity), entity, sourceIds, signal),
    async readChanged(entity, window, cursor, signal) {
      const row = ownerOf(table, entity);
      const page = await (row.modifiedFilter
        ? readModified(api, row, window, cursor, signal)
        : readWhole(api, row, cursor, signal));
      return { ...page, records: ofEntity(row, entity, page.records) };
    },
    // Ids of WordPress and of WooCommerce are given in ascending order and to nobody again.
    async newestIds(entity, page, signal) {
      const row = ownerOf(table, entity);
      const query = { ...row.listQuery, _fields: ['id'], orderby: 'id', order: 'desc', page, per_page: row.pageSize };
      const { rows } = await apiOf(api, row).list({ path: row.route, route: row.route.slice(1), query, signal });
      return rows.map(rowId);
    },
    places: (signal) => readPlaces(api, signal),
    fetchOne: (ref, signal) => fetchOne(api, ownerOf(table, ref.entity), ref, signal),
    hooks: createHookRegistry(api),
  };
}

/** The namespace in which an entity lives, with the credential for it. */
function apiOf(api: WooApi, { namespace }: EntityRow): ContentApi {
  return namespace === 'wp/v2' ? api.content : api;
}

function listFrom(api: WooApi, row: EntityRow, more: { _fields?: readonly string[] }, signal: AbortSignal) {
  return (offset: number) =>
    apiOf(api, row).list({
      path: row.route,
      route: row.route.slice(1),
      query: { ...row.listQuery, ...more, orderby: 'id', order: 'asc', offset, per_page: row.pageSize },
      signal,
    });
}

/** For an entity that comes along with another (stock), the ids are the other's before the slash. */
async function readByIds(
  api: WooApi,
  row: EntityRow,
  entity: MovedEntity,
  sourceIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadPage> {
  const owners = [...new Set(sourceIds.map(ownerId))];
  if (owners.length === 0) return { records: [], unreadable: [], missing: [] };
  if (owners.length > row.pageSize)
    throw new RangeError(`At most ${row.pageSize} records in one read, not ${owners.length}`);
  const query = { ...row.listQuery, include: owners, orderby: 'include', per_page: row.pageSize };
  const { rows } = await apiOf(api, row).list({ path: row.route, route: row.route.slice(1), query, signal });
  const asked = new Set(owners);
  const read = await row.read(
    rows.filter((one) => asked.has(rowId(one))),
    signal,
  );
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

async function readModified(
  api: WooApi,
  row: EntityRow,
  window: ChangeWindow,
  cursor: Cursor | null,
  signal: AbortSignal,
): Promise<ChangedPage> {
  const page = await walkChanged(listChanged(api, row, row.listQuery, signal), stampOf, window, cursor, row.pageSize);
  const read = await row.read(
    page.rows.filter((one) => !isHeld(one, window)),
    signal,
  );
  const trashed = page.next === null && row.hasTrash ? await trashedIds(api, row, window, signal) : [];
  const missing = trashed.map((sourceId) => ({ entity: row.entity, sourceId }));
  return { ...read, missing, next: page.next, seenUntil: page.seenUntil };
}

function listChanged(api: WooApi, row: EntityRow, query: EntityRow['listQuery'], signal: AbortSignal): ListChanged {
  return ({ after, until, page }) =>
    apiOf(api, row).list({
      path: row.route,
      route: row.route.slice(1),
      query: {
        ...query,
        modified_after: naiveUtc(after),
        // Both bounds are strict; `until` belongs to the window.
        modified_before: naiveUtc(addSeconds(until, 1)),
        dates_are_gmt: true,
        orderby: 'modified',
        order: 'asc',
        page,
        per_page: row.pageSize,
      },
      signal,
    });
}

/** The ledger holds it as it was stamped: nothing that belongs to it has to be asked for again. */
function isHeld(one: unknown, { held }: ChangeWindow): boolean {
  const [known, stamp] = [held?.get(rowId(one)), stampOf(one)];
  return known !== undefined && stamp !== null && Date.parse(known) === Date.parse(stamp);
}

/** Trashed in the window: nominees (P7), learnt from the trash's own list (source-apis §1.5). */
async function trashedIds(
  api: WooApi,
  row: EntityRow,
  window: { readonly after: string; readonly until: string },
  signal: AbortSignal,
): Promise<string[]> {
  const list = listChanged(api, row, { status: 'trash', _fields: ['id', 'date_modified_gmt'] }, signal);
  const ids = new Set<string>();
  for (let cursor: Cursor | null = null; ;) {
    const page = await walkChanged(list, stampOf, window, cursor, row.pageSize);
    for (const one of page.rows) ids.add(rowId(one));
    if (page.next === null) return [...ids];
    cursor = page.next;
  }
}

/** An entity without a filter by change is read whole; hashes tell what changed (source-apis §0.6). */
async function readWhole(
  api: WooApi,
  row: EntityRow,
  cursor: Cursor | null,
  signal: AbortSignal,
): Promise<ChangedPage> {
  const page = await walkById(listFrom(api, row, {}, signal), cursor, row.pageSize);
  return { ...(await row.read(page.rows, signal)), missing: [], next: page.next, seenUntil: null };
}

async function fetchOne(api: WooApi, row: EntityRow, ref: RecordRef, signal: AbortSignal): Promise<Fetched> {
  const derived = row.derive?.(ref) ?? null;
  if (derived !== null) return { outcome: 'present', record: derived, also: [] };
  const id = ownerId(ref.sourceId);
  const route = `${row.route.slice(1)}/:id`;
  let found: unknown;
  try {
    const query = row.itemQuery ?? {};
    found = (await apiOf(api, row).get({ path: `${row.route}/${id}`, route, query, signal })).data;
  } catch (error) {
    if (!(error instanceof StoreFailure && error.kind === 'missing')) throw error;
    if (row.goneCodes.includes(errorCode(error.body))) return { outcome: 'gone', ref };
    throw new StoreFailure('unintelligible', `GET ${route}: a 404 that does not speak of the record`, { status: 404 });
  }
  if (rowId(found) !== id)
    throw new StoreFailure('unintelligible', `GET ${route}: another record came than was asked for`);
  if ((found as { status?: unknown }).status === 'trash') return { outcome: 'trashed', ref };
  // The product may be there and no longer keep this stock: a variation was removed, or stock moved to the product.
  return fetchedFrom(ref, await row.read([found], signal));
}

function ownerId(sourceId: string): string {
  const id = sourceId.split('/')[0] ?? '';
  if (!/^[1-9]\d*$/.test(id)) throw new RangeError(`"${sourceId}" is not an id of WooCommerce`);
  return id;
}

function ofEntity(row: EntityRow, entity: MovedEntity, records: readonly SourceRecord[]): readonly SourceRecord[] {
  return entity === row.entity ? records : records.filter((record) => record.entity === entity);
}

function stampOf(row: unknown): string | null {
  const stamp = gmt.safeParse((row as { date_modified_gmt?: unknown }).date_modified_gmt);
  return stamp.success ? stamp.data : null;
}
