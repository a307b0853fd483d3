import type { CallOptions, WriteItem } from '../../connectors/target.ts';
import { wantRead } from '../../domain/change.ts';
import { refKey } from '../../domain/entity.ts';
import { MASS_DELETE } from '../../ledger/gates.ts';
import { BEHIND_HELD } from '../../ledger/queue/behind-held.ts';
import { deletePolicy } from '../../domain/mapping.ts';
import { exceedsDeleteBrake } from '../../domain/delete-brake.ts';
import type { RecordProgress } from '../../ledger/apply-ledger.ts';
import { chunks } from '../../domain/chunks.ts';
import { inLanes } from './lanes.ts';
import { heedForeignEdits } from './foreign-edits.ts';
import { settle } from './settle.ts';
import { type ApplyDeps, type BatchTarget, open, versionOf, type Work } from './work.ts';
import { sendAll } from './send.ts';

/** Confirmed ends of records (P7): behind the brake, after their children have moved, by policy, never what we only adopted. */
export async function deleteRecords(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<void> {
  const ends = works.filter((work) => work.claim.change.kind === 'delete');
  if (ends.length === 0) return;
  const gone: Work[] = [];
  for (const work of ends) {
    if (work.record?.targetId == null || work.record.state === 'tombstone')
      bury(work, 'ignored', 'gone before it was carried');
    // A level is only ever set, on a record that goes or stays by itself: there is nothing to delete, and nothing to brake.
    else if (target.entity.derivedFrom !== null) bury(work, 'released', 'gone at the source');
    else if (work.learnt.event === 'deleted') bury(work, 'deleted', 'deleted');
    else if (work.record.adopted) bury(work, 'released', 'released');
    else if (deletePolicy(deps.mapping, work.claim.ref.entity) === 'ignore') bury(work, 'released', 'kept by policy');
    else gone.push(work);
  }
  await brake(deps, target, gone);
  if (open(gone).length === 0) return;
  await moveReferrers(deps, open(gone));
  await heedForeignEdits(deps, target, open(gone), call);
  for (const work of open(gone)) if (work.learnt.event === 'target kept') bury(work, 'released', 'kept by decision');
  const spec = target.entity.parts[0];
  if (spec === undefined) throw new Error(`${target.entity.entity} has no core part`);
  await inLanes(chunks(open(gone), spec.deleteBatch), deps.options.concurrency, (batch) =>
    deleteBatch(deps, target, spec.part, batch, call),
  );
}

/** More than the brake allows: those that no person has decided on wait for one, with what would go (P7). */
async function brake(deps: ApplyDeps, target: BatchTarget, works: readonly Work[]): Promise<void> {
  const undecided = works.filter((work) => work.claim.change.reason !== 'decision');
  if (undecided.length === 0) return;
  const entity = target.entity.entity;
  const budget = await deps.ledger.deletes.budget(entity);
  if (!exceedsDeleteBrake(budget)) return;
  const samples = undecided.slice(0, 5).map((work) => work.claim.ref.sourceId);
  await deps.ledger.deletes.openGate(entity, { ...budget, samples });
  for (const work of undecided) settle(work, { to: 'held', reason: MASS_DELETE, evidence: budget }, null);
}

/**
 * Parents go after their children are re-read and moved: each referrer is read once more after the end was confirmed. Behind one
 * that waits for a person they wait as well, and keep no run open.
 */
async function moveReferrers(deps: ApplyDeps, works: readonly Work[]): Promise<void> {
  for (const work of works) {
    const confirmedAt = versionOf(work).read.end;
    const unread = await deps.ledger.deletes.unreadReferrers(work.claim.ref, confirmedAt, 'hard');
    if (unread.length === 0) continue;
    const held = await deps.ledger.deletes.heldAmong(unread);
    if (held.length > 0) {
      settle(work, { to: 'held', reason: BEHIND_HELD, evidence: { held: held.slice(0, 5).map(refKey) } }, null);
      continue;
    }
    work.learnt.arrivals.push(...unread.map((ref) => wantRead(ref, 'reference', confirmedAt)));
    settle(
      work,
      { to: 'parked', afterMs: 2_000, reason: `${unread.length} records that refer to it are read again first` },
      null,
    );
  }
}

async function deleteBatch(
  deps: ApplyDeps,
  target: BatchTarget,
  part: string,
  works: readonly Work[],
  call: CallOptions,
): Promise<void> {
  const items = works.map((work): WriteItem => {
    const known = work.record?.parts.get(part);
    return {
      id: String(work.claim.id),
      ref: work.claim.ref,
      action: 'delete',
      targetId: work.record?.targetId ?? null,
      desired: null,
      bundle: {},
      lastDesired: known?.desired ?? null,
      base: known?.base ?? null,
      children: work.record?.children ?? [],
    };
  });
  await sendAll(deps, target, { part, requests: [{ works, items }], width: 1 }, call, (work, outcome) => {
    switch (outcome.outcome) {
      case 'written':
        bury(work, 'deleted', 'deleted');
        break;
      case 'missing':
        bury(work, 'deleted', 'was gone at the target');
        break;
      case 'rejected':
        settle(work, { to: 'dead', reason: outcome.reason, remedy: outcome.remedy }, 'dead letter');
        break;
      default:
        settle(work, { to: 'parked', afterMs: 1_000, reason: 'the delete has to be sent again' }, null);
    }
  });
}

/** The ledger remembers that the record is gone; a pair of ids stays only in its history. */
function bury(work: Work, account: string, event: string): void {
  const { record } = work;
  const progress: RecordProgress = {
    state: 'tombstone',
    targetId: null,
    formerTargetId: record?.targetId ?? null,
    adopted: record?.adopted ?? false,
    version: versionOf(work),
    targetModifiedAt: null,
    parts: [],
    children: (record?.children ?? []).map((child) => ({ ...child, targetId: '' })),
    adjustments: [],
    reports: [],
    // Its redirects lead to a category of it (P11).
    references: null,
    urls: [],
    openLinks: [],
    unmet: [],
    event,
    detail: { ...work.learnt.detail, targetId: record?.targetId ?? null },
    clearsForeignState: true,
    unchecked: false,
    releasesKeys: true,
  };
  settle(work, { to: 'done' }, account, progress);
}
