import type { ChangeWindow } from '../connectors/source.ts';
import { followsSource } from '../domain/phases.ts';
import type { MovedEntity } from '../domain/record.ts';
import { nextReadNumber } from '../ledger/read-clock.ts';
import { advanceWatermark, capturedUntil } from '../ledger/watermarks.ts';
import { heldStamps } from '../ledger/records/held-stamps.ts';
import { fetchUnknown } from './queue-fetches.ts';
import type { CaptureResult } from './activity-types.ts';
import { nominate, upsert } from './apply/fetch-changes.ts';
import { inLanes } from './apply/lanes.ts';
import { numberedRead } from './apply/numbered-read.ts';
import type { RunScope } from './run-scope.ts';

/**
 * How far a poll looks back behind its watermark, milliseconds: for writes that were committed later than they are stamped,
 * and for clocks that differ. What is seen twice costs a read and no write (P1, P3).
 */
const OVERLAP_MS = 60_000;
/** Stamps are whole seconds: a second edit may bear the stamp of one that was read in the same second. */
const STAMP_SETTLES_MS = 5_000;

/**
 * Polls what changed since capture started or was last here, deletes included, and moves the watermark in the transaction that
 * queues the last of it (P1). Of entities that the source cannot list by change it sees what is new, and leaves the rest to
 * content sweeps. An attempt that dies on the way begins its window again.
 */
export async function captureChanges(scope: RunScope): Promise<CaptureResult> {
  let recordsSeen = 0;
  const asked = scope.source.entities.filter(({ entity }) => scope.entities.includes(entity));
  // Each has a watermark of its own: none waits for another's pages.
  await inLanes(asked, scope.settings.concurrency, async ({ entity, modifiedFilter }) => {
    const seen = await (modifiedFilter ? captureEntity(scope, entity) : captureNewest(scope, entity));
    recordsSeen += seen;
  });
  return { recordsSeen };
}

async function captureEntity(scope: RunScope, entity: MovedEntity): Promise<number> {
  const from = await capturedUntil(scope.db, scope.projectId, entity);
  if (from === null) throw new Error(`capture of ${entity} was never started`);
  const after = new Date(Date.parse(from) - OVERLAP_MS).toISOString();
  const settled = new Date(Date.parse(from) - STAMP_SETTLES_MS).toISOString();
  const window = {
    after,
    until: new Date(Date.now() + scope.sourceProfile.clockSkewMs).toISOString(),
    held: await heldStamps(scope.db, scope.projectId, entity, { after, until: settled }),
  };
  let seen = 0;
  let next: string | null = null;
  do {
    const page = await capturePage(scope, entity, window, next);
    next = page.next;
    seen += page.seen;
    scope.heartbeat(`captured ${seen} changes of ${entity}`);
  } while (next !== null);
  return seen;
}

async function capturePage(
  scope: RunScope,
  entity: MovedEntity,
  window: ChangeWindow,
  cursor: string | null,
): Promise<{ next: string | null; seen: number }> {
  const { found, read } = await numberedRead({ readNumber: () => nextReadNumber(scope.db) }, () =>
    scope.source.readChanged(entity, window, cursor, scope.signal),
  );
  const moved = found.records.filter((record) => scope.entities.includes(record.entity));
  await advanceWatermark(scope.db, scope, {
    entity,
    arrivals: [
      ...moved.map((record) => upsert(record, read, 'poll')),
      ...found.missing.map((ref) => nominate(ref, read)),
    ],
    unreadable: found.unreadable,
    capturedUntil: found.next === null ? window.until : null,
  });
  return { next: found.next, seen: found.records.length + found.missing.length };
}

/**
 * The newest by id until one of a page is known: whoever came since lies above it. In a run that copies everything most ids are
 * unknown, and its slices bring them.
 */
async function captureNewest(scope: RunScope, entity: MovedEntity): Promise<number> {
  if (!followsSource(scope.run.kind)) return 0;
  let seen = 0;
  for (let page = 1; ; page += 1) {
    const ids = (await scope.source.newestIds?.(entity, page, scope.signal)) ?? [];
    const unknown = await fetchUnknown(scope, entity, ids, 'poll');
    seen += unknown;
    if (unknown < ids.length || ids.length === 0) return seen;
  }
}
