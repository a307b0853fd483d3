import { HASH_VERSION } from '../canonical/content-hash.ts';
import type { Source } from '../connectors/source.ts';
import { followsSource } from '../domain/phases.ts';
import type { MovedEntity } from '../domain/record.ts';
import {
  advanceSlice,
  claimSlice,
  handBackSlice,
  lastPass,
  nextSliceLeaseMs,
  type Slice,
  SliceLost,
  slicesLeft,
} from '../ledger/slices.ts';
import { sampleMetrics } from '../ledger/metrics.ts';
import { projectOptions } from '../ledger/project-options.ts';
import { outstandingChanges } from '../ledger/queue/outstanding.ts';
import { readThisRun } from '../ledger/queue/read-this-run.ts';
import { changedAmong } from '../ledger/records/sweeps.ts';
import type { ReadResult } from './activity-types.ts';
import { type CopyBox, outstandingOf } from './apply-changes.ts';
import { nominate, upsert } from './apply/fetch-changes.ts';
import { QueueRoom } from './queue-room.ts';
import { startOf } from './review-pass.ts';
import type { RunScope } from './run-scope.ts';
import { readAlong } from './read-along.ts';
import { readMoved } from './read-moved.ts';

/**
 * Copies slices into the change queue until the time box ends, nothing is left or the project is paused. The cursor is in the
 * ledger and moves with the rows it covers, so a reader that dies is taken over exactly where it stood (P1). While the last
 * of a pass are still being written it reads ahead for the next, so that its writers need not wait for the first pages.
 */
export async function readSlices(scope: RunScope, box: CopyBox): Promise<ReadResult> {
  const ends = scope.now() + box.timeBoxMs;
  let recordsRead = 0;
  const room = new QueueRoom({ ahead: false });
  const roomAhead = new QueueRoom({ ahead: true });
  const { hasGate } = await startOf(scope, box.pass);
  // Who waits at a gate may wait for days, and what is read would be old by then.
  const mayReadAhead = !box.last && !hasGate;
  const isStillWritten = async () =>
    outstandingOf(await outstandingChanges(scope.db, scope.projectId), box).outstanding > 0;
  const endOfBox = async (paused: boolean): Promise<ReadResult> => {
    await sampleMetrics(scope.db, scope.projectId, { records_read: recordsRead });
    return { recordsRead, slicesLeft: await slicesLeft(scope.db, scope.runId, box.pass), paused };
  };
  while (scope.now() < ends && !scope.signal.aborted) {
    if (await scope.isPaused()) return endOfBox(true);
    if (await room.isFull(scope)) {
      await scope.rest(Math.min(QUEUE_LOOK_MS, Math.max(1, ends - scope.now())));
      continue;
    }
    const claim = (pass: number) =>
      claimSlice(scope.db, { runId: scope.runId, pass }, scope.entities, scope.settings.leaseMs);
    const slice = await claim(box.pass);
    if (slice !== null) {
      recordsRead += await readSlice(scope, slice, {
        pass: box.pass,
        room,
        goesOn: async () => scope.now() < ends,
      });
      continue;
    }
    const leaseMs = await nextSliceLeaseMs(scope.db, scope.runId, box.pass);
    if (leaseMs !== null) {
      await scope.rest(Math.min(leaseMs + 10, Math.max(1, ends - scope.now()), 1_000));
      continue;
    }
    // What is read ahead leaves the queue with its own pass only: nobody waits for that here.
    const isWorthwhile = mayReadAhead && (await isStillWritten()) && !(await roomAhead.isFull(scope));
    const next = isWorthwhile ? await claim(box.pass + 1) : null;
    if (next === null) break;
    const goesOn = async () => scope.now() < ends && (await isStillWritten());
    recordsRead += await readSlice(scope, next, { pass: box.pass + 1, room: roomAhead, goesOn });
  }
  return endOfBox(false);
}

/** A full queue takes minutes to write. */
const QUEUE_LOOK_MS = 2_000;

interface Reading {
  readonly pass: number;
  readonly room: QueueRoom;
  /** Asked before each page. */
  readonly goesOn: () => Promise<boolean>;
}

/** Reads on in one slice; hands it back in the middle when it may not go on (its cursor says where). */
async function readSlice(scope: RunScope, slice: Slice, { pass, room, goesOn }: Reading): Promise<number> {
  const { rates } = await projectOptions(scope.db, scope.projectId);
  const pageSize = pageSizeOf(scope.source, slice.entity, rates.batchSize);
  const isPartial = await bringsOnlySome(scope, pass);
  let at = slice.readCount;
  try {
    while (at < slice.sourceIds.length && !scope.signal.aborted && (await goesOn()) && !(await scope.isPaused())) {
      if (at > slice.readCount && (await room.isFull(scope))) break;
      const readUpTo = await readPage(scope, slice, { at, pageSize, ahead: room.ahead, isPartial });
      room.fill(readUpTo - at);
      at = readUpTo;
      scope.heartbeat(`${slice.entity} slice ${slice.ordinal}: ${at} of ${slice.sourceIds.length}`);
    }
    if (at < slice.sourceIds.length) await handBackSlice(scope.db, slice);
  } catch (error) {
    if (!(error instanceof SliceLost)) throw error;
  }
  return at - slice.readCount;
}

/** Why the rows of a slice are in the queue. */
const REASONS = { full: 'copy', demo: 'copy', resync: 'resync', recent: 'sweep', continuous: 'sweep' } as const;

interface Page {
  readonly at: number;
  readonly pageSize: number;
  readonly ahead: boolean;
  /** Not everything is read in this pass: what its records refer to may not come by itself. */
  readonly isPartial: boolean;
}

async function bringsOnlySome({ db, run, runId }: RunScope, pass: number): Promise<boolean> {
  return run.kind === 'demo' || (!followsSource(run.kind) && pass < (await lastPass(db, runId)));
}

async function readPage(scope: RunScope, slice: Slice, { at, pageSize, ahead, isPartial }: Page): Promise<number> {
  const options = { projectId: scope.projectId, runId: scope.runId, leaseMs: scope.settings.leaseMs, ahead };
  const { ids, end: readUpTo } = await nextIds(scope, slice, at, pageSize);
  if (ids.length === 0) {
    await advanceSlice(scope.db, options, slice, readUpTo, [], []);
    return readUpTo;
  }
  const { records, missing, unreadable, read } = await readMoved(scope, slice.entity, ids);
  const isSweep = followsSource(scope.run.kind);
  const news = isSweep ? await changedAmong(scope.db, scope.projectId, records, HASH_VERSION) : records;
  const arrivals = [
    ...news.map((record) => upsert(record, read, REASONS[scope.run.kind])),
    ...missing.map((ref) => nominate(ref, read)),
    ...(isPartial ? await readAlong(scope, records) : []),
  ];
  await advanceSlice(scope.db, options, slice, readUpTo, arrivals, unreadable);
  return readUpTo;
}

/** A page of ids that this run has not read yet: those that another record refers to may have come before (P9). */
async function nextIds(scope: RunScope, slice: Slice, at: number, pageSize: number) {
  const rest = slice.sourceIds.slice(at, at + pageSize * LOOK_AHEAD_PAGES);
  // A run that goes on reads the same ids in each of its sweeps.
  const isRead = scope.run.kind !== 'continuous';
  const known = isRead ? await readThisRun(scope.db, scope, slice.entity, rest) : new Set<string>();
  const ids: string[] = [];
  let end = at;
  for (const id of rest) {
    if (ids.length === pageSize) break;
    if (!known.has(id)) ids.push(id);
    end += 1;
  }
  return { ids, end };
}
const LOOK_AHEAD_PAGES = 3;

function pageSizeOf(source: Source, entity: MovedEntity, batchSize: number | undefined): number {
  const row = source.entities.find((candidate) => candidate.entity === entity);
  if (row === undefined) throw new Error(`${source.platform} does not offer ${entity}`);
  return Math.min(row.pageSize, batchSize ?? row.pageSize);
}
