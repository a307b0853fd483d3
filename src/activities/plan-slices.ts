import type { Entity } from '../domain/entity.ts';
import type { KeyClaim } from '../domain/identity.ts';
import type { MovedEntity } from '../domain/record.ts';
import { followsSource } from '../domain/phases.ts';
import { passAt, passSizes } from '../domain/run-options.ts';
import { mayNotRead } from '../connectors/http/failures.ts';
import type { ScannedKeys } from '../connectors/source.ts';
import { appendDecision } from '../ledger/decisions.ts';
import { reserveKeys } from '../ledger/identity/reservations.ts';
import { notePlaces } from '../ledger/records/places.ts';
import { askedSweeps, hoursSinceSweep, noteSweep } from '../ledger/records/sweeps.ts';
import { unlistedRecords } from '../ledger/records/unlisted.ts';
import { sliceOf } from '../ledger/slice-views.ts';
import { lastPass, plannedSoFar, planSlices as storeSlices } from '../ledger/slices.ts';
import { startCapture } from '../ledger/watermarks.ts';
import { inLanes } from './apply/lanes.ts';
import { makesRedirects } from './apply/old-addresses.ts';
import { RunStopped } from './failures.ts';
import { fetchUnknown, queueFetches } from './queue-fetches.ts';
import type { RunScope } from './run-scope.ts';

/** Records per slice: a few minutes of reading, small enough to run again alone. */
const SLICE_SIZE = 1_000;

/**
 * Starts capture, then scans the ids of each entity in ascending order, reserves the unique keys seen for the lowest id of
 * each (P6), and cuts the ids into slices by passes: quiet ones first, of those the oldest. Capture starts before the first id
 * is read, so what is created or changed from here on is not missed (P1). A second attempt goes on with what is not planned
 * yet.
 */
export async function planSlices(
  scope: RunScope,
  pass: number | null = null,
): Promise<{ slices: number; records: number; passes: number }> {
  const { slice } = scope.run.options;
  if (slice !== null) return planOneSlice(scope, slice);
  let slices = 0;
  let records = 0;
  const asked = await askedSweeps(scope.db, scope.projectId);
  const entities = followsSource(scope.run.kind)
    ? await sweepsDue(scope, { isFirst: pass === null, asked })
    : scope.scannedEntities;
  const planned = async (entity: MovedEntity) => {
    await startCapture(scope.db, scope.projectId, entity, sourceNow(scope));
    const found = await planReadable(scope, entity, { asked: asked.get(entity) ?? null, pass });
    slices += found.slices;
    records += found.records;
  };
  // Entities share no key and no slice: their scans need not wait for each other, nor what has no scan for any of them.
  const plans = entities.map((entity) => () => planned(entity));
  if (entities.length > 0) plans.push(() => planPlaces(scope));
  await inLanes(plans, scope.settings.concurrency, (plan) => plan());
  return { slices, records, passes: await lastPass(scope.db, scope.runId) };
}

/**
 * A recent run lists an entity as a whole only when it is time for that again, or somebody asked for it: what it costs follows
 * the size of the store.
 */
export async function sweepsDue(
  { db, projectId, scannedEntities, run, options }: RunScope,
  { isFirst, asked }: { readonly isFirst: boolean; readonly asked?: ReadonlyMap<Entity, number> } = { isFirst: false },
): Promise<readonly MovedEntity[]> {
  const wishes = asked ?? (await askedSweeps(db, projectId));
  const since = await hoursSinceSweep(db, projectId);
  return scannedEntities.filter(
    (entity) =>
      (run.options.sweep && isFirst) || wishes.has(entity) || (since.get(entity) ?? Infinity) >= options.sweepHours,
  );
}

/** The same records once more, as a run of its own. */
async function planOneSlice(scope: RunScope, id: number) {
  const slice = await sliceOf(scope.db, scope.projectId, id);
  if (slice === null) throw new RunStopped(`slice ${id} is none of this project's: GET …/runs/<run>/slices lists them`);
  const { entity, sourceIds } = slice;
  await storeSlices(scope.db, scope.runId, [
    { entity, ordinal: 0, sourceIds, moneyBearing: isMoneyBearing(entity), pass: 1 },
  ]);
  return { slices: 1, records: sourceIds.length, passes: 1 };
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
async function planReadable(
  scope: RunScope,
  entity: MovedEntity,
  reason: Reason,
): Promise<{ slices: number; records: number }> {
  try {
    return await planEntity(scope, entity, reason);
  } catch (error) {
    if (!mayNotRead(error) || (entity !== 'blog_post' && entity !== 'page')) throw error;
    await appendDecision(scope.db, scope.projectId, 'rule', `${entity} left out of this run`, { why: error.message });
    // Who sweeps again and again must not try this one all the time.
    if (scope.run.kind === 'continuous') await noteSweep(scope.db, scope.projectId, entity, reason.asked);
    return { slices: 0, records: 0 };
  }
}

/** The pages of a scan; the next is fetched while one is being stored. */
async function* scannedPages({ source, signal }: RunScope, entity: MovedEntity) {
  const pages = source.scan(entity, signal)[Symbol.asyncIterator]();
  let coming = pages.next();
  for (;;) {
    const page = await coming;
    if (page.done === true) return;
    coming = pages.next();
    // Who stops before the next page does not hear of its fault; who goes on does.
    coming.catch(() => undefined);
    yield page.value;
  }
}

interface Reason {
  /** The wish that the entity be read as a whole; null: nobody's. */
  readonly asked: number | null;
  /** Of a run that sweeps more than once; null: by the sizes of its passes. */
  readonly pass: number | null;
}

async function planEntity(
  scope: RunScope,
  entity: MovedEntity,
  { asked, pass }: Reason,
): Promise<{ slices: number; records: number }> {
  const already = await plannedSoFar(scope.db, scope.runId, entity, pass);
  const listedOnly = asked === null && isListedOnly(scope, entity);
  const cutter = cutSlices(scope, entity, { ...already, listedOnly, pass });
  const newest: string[] = [];
  const busy: string[] = [];
  for await (const page of scannedPages(scope, entity)) {
    await reserveKeys(scope.db, scope.projectId, scope.targetStore, scannedClaims(scope, entity, page));
    const fresh = page.filter(({ sourceId }) => !already.ids.has(sourceId));
    if (scope.run.kind === 'demo') keepNewest(newest, fresh.map(idOf), scope.run.options.perEntity);
    else {
      if (listedOnly) await fetchUnknown(scope, entity, fresh.map(idOf), 'sweep');
      busy.push(...fresh.filter(isBusy).map(idOf));
      await cutter.take(fresh.filter((keys) => !isBusy(keys)).map(idOf));
    }
    scope.heartbeat(`planned ${cutter.planned().records} of ${entity}`);
  }
  // A demo that was planned before is not planned again with what is newer by now.
  if (already.ids.size === 0) await cutter.take(newest);
  await cutter.take(busy);
  await cutter.end();
  if (scope.run.kind !== 'demo') {
    await nominateUnlisted(scope, entity);
    await noteSweep(scope.db, scope.projectId, entity, asked);
  }
  return cutter.planned();
}

const idOf = ({ sourceId }: ScannedKeys) => sourceId;
const isBusy = ({ busy }: ScannedKeys) => busy === true;

/**
 * What the source lists by change is polled: of its ids a recent run needs only to know which there are. Asked for a sweep it
 * reads all the same: edits that leave no stamp (metadata, raw SQL) are seen by content alone.
 */
function isListedOnly({ run, source }: RunScope, entity: MovedEntity): boolean {
  return (
    followsSource(run.kind) &&
    !run.options.sweep &&
    source.entities.some((row) => row.entity === entity && row.modifiedFilter)
  );
}

/** Newest of the demo: what a merchant knows at sight. */
function keepNewest(newest: string[], fresh: readonly string[], most: number): void {
  newest.push(...fresh);
  newest.splice(0, Math.max(0, newest.length - most));
}

/** Cuts ids as they come into slices that end where a pass ends. */
function cutSlices(
  scope: RunScope,
  entity: MovedEntity,
  already: {
    readonly slices: number;
    readonly ids: ReadonlySet<string>;
    readonly listedOnly: boolean;
    readonly pass: number | null;
  },
) {
  const sizes = passSizes(scope.run.kind, scope.run.options);
  let ordinal = already.slices;
  let records = already.ids.size;
  const pending: string[] = [];
  const store = async (size: number) => {
    const pass = already.pass ?? passAt(records, sizes).pass;
    const sourceIds = pending.splice(0, size);
    const stored = await storeSlices(scope.db, scope.runId, [
      {
        entity,
        ordinal,
        sourceIds,
        moneyBearing: isMoneyBearing(entity),
        pass,
        listedOnly: already.listedOnly,
      },
    ]);
    // An attempt that was given up still plans: what it cut may be other ids. The next attempt begins with what is there.
    if (stored === 0) throw new Error(`slice ${ordinal} of ${entity} was planned by another attempt meanwhile`);
    ordinal += 1;
    records += sourceIds.length;
  };
  const full = () => Math.min(SLICE_SIZE, passAt(records, sizes).room);
  return {
    take: async (ids: readonly string[]) => {
      pending.push(...ids);
      while (pending.length >= full()) await store(full());
    },
    end: async () => {
      if (pending.length > 0) await store(pending.length);
    },
    planned: () => ({ slices: ordinal, records: records + pending.length }),
  };
}

/** What we know and the list does not have any more may be gone: looked at by id, one by one, before anything is done (P7). */
async function nominateUnlisted(scope: RunScope, entity: MovedEntity): Promise<void> {
  let after = '';
  for (;;) {
    const unlisted = await unlistedRecords(scope.db, scope, entity, { after, limit: SLICE_SIZE });
    const last = unlisted.at(-1);
    if (last === undefined) return;
    await queueFetches(scope, entity, unlisted, 'sweep');
    after = last;
  }
}

/** Reserved in source-id order before the first write, so that the lowest id keeps a name whoever is written first (P6). */
function scannedClaims(scope: RunScope, entity: MovedEntity, scanned: readonly ScannedKeys[]): readonly KeyClaim[] {
  const target = scope.target.entity(entity);
  const context = { mapping: scope.mapping, sourceKey: scope.source.storeKey };
  return scanned
    .map((keys): KeyClaim => ({
      ref: { entity, sourceId: keys.sourceId },
      wanted: target.scannedKeys?.(keys, context) ?? [],
      partial: true,
    }))
    .filter(({ wanted }) => wanted.length > 0);
}

function isMoneyBearing(entity: Entity): boolean {
  return entity === 'order' || entity === 'coupon';
}
