import type { Source } from '../connectors/source.ts';
import type { MovedEntity } from '../domain/record.ts';
import { advanceSlice, claimSlice, nextSliceLeaseMs, type Slice, SliceLost, slicesLeft } from '../ledger/slices.ts';
import { sampleMetrics } from '../ledger/metrics.ts';
import { nextReadNumber } from '../ledger/project-ledger.ts';
import type { ReadResult } from './activity-types.ts';
import { nominate, upsert } from './apply/fetch-changes.ts';
import type { RunScope } from './run-scope.ts';

/**
 * Copies slices into the change queue until the time box ends, nothing is left or the project is paused. The cursor is in the
 * ledger and moves with the rows it covers, so a reader that dies is taken over exactly where it stood (P1).
 */
export async function readSlices(scope: RunScope, timeBoxMs: number): Promise<ReadResult> {
  const ends = scope.now() + timeBoxMs;
  let recordsRead = 0;
  while (scope.now() < ends && !scope.signal.aborted) {
    if (await scope.isPaused()) return endOfBox(scope, recordsRead, true);
    const slice = await claimSlice(scope.db, scope.runId, scope.entities, scope.settings.leaseMs);
    if (slice === null) {
      const leaseMs = await nextSliceLeaseMs(scope.db, scope.runId);
      if (leaseMs === null) break;
      await scope.rest(Math.min(leaseMs + 10, Math.max(1, ends - scope.now()), 1_000));
      continue;
    }
    recordsRead += await readSlice(scope, slice, ends);
  }
  return endOfBox(scope, recordsRead, false);
}

async function endOfBox(scope: RunScope, recordsRead: number, paused: boolean): Promise<ReadResult> {
  await sampleMetrics(scope.db, scope.projectId, { records_read: recordsRead });
  return { recordsRead, slicesLeft: await slicesLeft(scope.db, scope.runId), paused };
}

/** Reads on in one slice; hands it back in the middle when the box ends (its cursor says where). */
async function readSlice(scope: RunScope, slice: Slice, ends: number): Promise<number> {
  const pageSize = pageSizeOf(scope.source, slice.entity);
  let at = slice.readCount;
  try {
    while (at < slice.sourceIds.length && scope.now() < ends && !scope.signal.aborted && !(await scope.isPaused())) {
      at = await readPage(scope, slice, at, pageSize);
      scope.heartbeat(`${slice.entity} slice ${slice.ordinal}: ${at} of ${slice.sourceIds.length}`);
    }
  } catch (error) {
    if (!(error instanceof SliceLost)) throw error;
  }
  return at - slice.readCount;
}

async function readPage(scope: RunScope, slice: Slice, at: number, pageSize: number): Promise<number> {
  const ids = slice.sourceIds.slice(at, at + pageSize);
  const start = await nextReadNumber(scope.db);
  const page = await scope.source.readByIds(slice.entity, ids, scope.signal);
  const read = { start, end: await nextReadNumber(scope.db) };
  const arrivals = [
    ...page.records
      .filter((record) => scope.entities.includes(record.entity))
      .map((record) => upsert(record, read, 'copy')),
    ...page.missing.map((ref) => nominate(ref, read)),
  ];
  await advanceSlice(
    scope.db,
    { ...scope, leaseMs: scope.settings.leaseMs },
    slice,
    at + ids.length,
    arrivals,
    page.unreadable,
  );
  return at + ids.length;
}

function pageSizeOf(source: Source, entity: MovedEntity): number {
  const row = source.entities.find((candidate) => candidate.entity === entity);
  if (row === undefined) throw new Error(`${source.platform} does not offer ${entity}`);
  return row.pageSize;
}
