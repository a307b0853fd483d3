import { compareSourceIds, type Entity } from '../domain/entity.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { MovedEntity } from '../domain/record.ts';
import { siblingScope } from '../domain/unique-key.ts';
import { StoreFailure } from '../connectors/http/failures.ts';
import type { ScannedKeys } from '../connectors/source.ts';
import { appendDecision } from '../ledger/decisions.ts';
import { reserveScanned } from '../ledger/identity/reservations.ts';
import { notePlaces } from '../ledger/records/places.ts';
import { plannedUpTo, planSlices as storeSlices } from '../ledger/slices.ts';
import { startCapture } from '../ledger/watermarks.ts';
import { makesRedirects } from './apply/old-addresses.ts';
import type { RunScope } from './run-scope.ts';

/** Records per slice: a few minutes of reading, small enough to run again alone. */
const SLICE_SIZE = 1_000;

/**
 * Starts capture, then scans the ids of each entity in ascending order, reserves the unique keys seen for the lowest id of
 * each (P6), and cuts the ids into slices: oldest first. Capture starts before the first id is read, so what is created or
 * changed from here on is not missed (P1). A second attempt goes on after the last id that is planned.
 */
export async function planSlices(scope: RunScope): Promise<{ slices: number; records: number }> {
  let slices = 0;
  let records = 0;
  for (const entity of scope.scannedEntities) {
    await startCapture(scope.db, scope.projectId, entity, sourceNow(scope));
    const planned = await planReadable(scope, entity);
    slices += planned.slices;
    records += planned.records;
  }
  await planPlaces(scope);
  return { slices, records };
}

/** Addresses that are nobody's record are few and cheap to list: those that are new are looked at like every other address (P11). */
async function planPlaces(scope: RunScope): Promise<void> {
  if (!makesRedirects(scope)) return;
  let places = 0;
  for await (const some of scope.source.places(scope.signal)) {
    places += await notePlaces(scope.db, scope, some);
    scope.heartbeat(`noted ${places} addresses of pages`);
  }
}

function sourceNow(scope: RunScope): string {
  return new Date(Date.now() + scope.sourceProfile.clockSkewMs).toISOString();
}

/** Posts and pages take another credential: without it they stay behind, which the assessment said, and the rest is moved. */
async function planReadable(scope: RunScope, entity: MovedEntity): Promise<{ slices: number; records: number }> {
  try {
    return await planEntity(scope, entity);
  } catch (error) {
    const refused = error instanceof StoreFailure && REFUSALS.has(error.kind);
    if (!refused || (entity !== 'blog_post' && entity !== 'page')) throw error;
    await appendDecision(scope.db, scope.projectId, 'rule', `${entity} left out of this run`, { why: error.message });
    return { slices: 0, records: 0 };
  }
}
const REFUSALS: ReadonlySet<string> = new Set(['permission-missing', 'credentials-rejected']);

async function planEntity(scope: RunScope, entity: MovedEntity): Promise<{ slices: number; records: number }> {
  const already = await plannedUpTo(scope.db, scope.runId, entity);
  let ordinal = already.slices;
  let records = already.records;
  let pending: string[] = [];
  const store = async (ids: readonly string[]) => {
    await storeSlices(scope.db, scope.runId, [
      { entity, ordinal, sourceIds: ids, moneyBearing: isMoneyBearing(entity) },
    ]);
    ordinal += 1;
    records += ids.length;
  };
  for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
    const page = await scope.source.scanKeys(entity, cursor, scope.signal);
    await reserveScanned(
      scope.db,
      scope.projectId,
      scope.targetStore,
      entity,
      page.keys.flatMap((keys) => scannedKeys(entity, keys, scope.mapping)),
    );
    const fresh = page.keys
      .map((keys) => keys.sourceId)
      .filter((id) => already.lastId === null || compareSourceIds(id, already.lastId) > 0);
    pending = [...pending, ...fresh];
    while (pending.length >= SLICE_SIZE) await store(pending.splice(0, SLICE_SIZE));
    scope.heartbeat(`planned ${records + pending.length} of ${entity}`);
    cursor = page.next;
  }
  if (pending.length > 0) await store(pending);
  return { slices: ordinal, records };
}

function isMoneyBearing(entity: Entity): boolean {
  return entity === 'order' || entity === 'coupon';
}

/** Slots, kinds and scopes are those of the target's `wantedKeys`. */
function scannedKeys(entity: MovedEntity, keys: ScannedKeys, mapping: Pick<Mapping, 'categoryRoot'>) {
  const { sourceId } = keys;
  const name = { sourceId, slot: 'name', value: keys.name };
  switch (entity) {
    case 'category':
      return named([{ ...name, kind: 'category-name', scope: siblingScope(keys.parent, mapping.categoryRoot) }]);
    case 'brand':
      return named([{ ...name, kind: 'brand-name', scope: '' }]);
    case 'product':
      return named([{ ...name, kind: 'product-name', scope: '' }, ...scannedSkus(keys)]);
    case 'coupon':
      return named([{ ...name, slot: 'code', kind: 'coupon-code', scope: '' }]);
    default:
      return [];
  }
}

function scannedSkus({ sourceId, sku, children }: ScannedKeys) {
  const own = { sourceId, slot: 'sku', kind: 'sku', scope: '', value: sku };
  return [own, ...children.map((child) => ({ ...own, slot: `variant:${child.sourceId}:sku`, value: child.sku }))];
}

function named<K extends { readonly value: string }>(keys: readonly K[]): readonly K[] {
  return keys.filter((key) => key.value !== '');
}
