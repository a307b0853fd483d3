import type { ConflictKind } from '../../domain/conflict.ts';
import type { LedgerRecord } from '../../ledger/apply-ledger.ts';
import { finished, settle } from './settle.ts';
import type { Work } from './work.ts';
import { unwritten } from './write-outcomes.ts';

const KEPT = 'kept by decision';

/** Who or what decided, for the record's history. */
export function noteDecision(work: Work, kind: ConflictKind): void {
  const { decided } = work.claim;
  if (decided == null) return;
  const { decision, by } = decided;
  work.learnt.detail = { ...work.learnt.detail, decided: { kind, decision, by } };
}

/** Deleted at the target by someone else, and a person or a rule said that it stays so: its changes end here. */
export function passOverLeft(works: readonly Work[]): void {
  for (const work of works) if (work.record?.state === 'left') endLeft(work);
}

/** The pair of ids stays only in its history. */
export function leaveDeleted(work: Work): void {
  noteDecision(work, 'target_deleted');
  work.learnt.detail = { ...work.learnt.detail, targetId: work.record?.targetId ?? null };
  endLeft(work);
}

function endLeft(work: Work): void {
  const children = (work.record?.children ?? []).map((child) => ({ ...child, targetId: '' }));
  settle(work, { to: 'done' }, 'ignored', {
    ...finished(work, KEPT),
    state: 'left',
    targetId: null,
    formerTargetId: work.record?.targetId ?? null,
    parts: [],
    children,
    openLinks: [],
    clearsForeignState: true,
  });
}

/** Deleted at the target by someone else, and to be made anew: nothing of its former life there counts as written. */
export function makeAnew(work: Work): void {
  noteDecision(work, 'target_deleted');
  forgetFormer(work);
  work.mapped = work.whole ?? work.mapped;
  work.former = new Map();
}

/** The record that it was paired with is gone: from here on it is one that is not at the target. */
export function forgetFormer(work: Work): void {
  const former = work.record;
  if (former === null) return;
  const parts = [...former.parts.values()].map((part) => unwritten({ ...part, base: null }, 'it is made anew'));
  const blank: LedgerRecord = {
    ...former,
    targetId: null,
    formerTargetId: former.targetId,
    adopted: false,
    targetModifiedAt: null,
    foreignState: null,
    unchecked: false,
    parts: new Map(parts.map((part) => [part.part, part])),
    children: [],
  };
  work.record = blank;
  for (const part of parts) work.learnt.parts.set(part.part, part);
  work.learnt.children.push(...former.children.map((child) => ({ ...child, targetId: '' })));
  work.learnt.clearsForeignState = true;
  work.learnt.formerTargetId = former.targetId;
  work.learnt.detail = { ...work.learnt.detail, formerTargetId: former.targetId };
}
