import type { WriteOutcome } from '../../connectors/target.ts';
import { UNREAD_VERSION } from '../../domain/source-version.ts';
import type { LedgerPart, LedgerRecord } from '../../ledger/apply-ledger.ts';
import { desiredHash } from './map-records.ts';
import { settle } from './settle.ts';
import type { Work } from './work.ts';

/** Takes one outcome of a create or update of a part into the work; what cannot go on is settled. */
export function takeOutcome(work: Work, part: string, outcome: WriteOutcome): void {
  switch (outcome.outcome) {
    case 'written':
      return takeWritten(work, part, outcome);
    case 'rejected':
      return settle(work, { to: 'dead', reason: outcome.reason, remedy: outcome.remedy }, 'dead letter');
    case 'missing':
      return settle(
        work,
        { to: 'held', reason: 'target_deleted', evidence: { targetId: work.record?.targetId ?? null } },
        null,
      );
    case 'duplicate':
      return takeDuplicate(work, part, outcome);
    case 'not-sent':
      return settle(work, { to: 'parked', afterMs: outcome.retryAfterMs, reason: outcome.message }, null);
    case 'batch-failed':
    case 'uncertain':
      throw new Error(`${outcome.outcome} is settled before outcomes are taken`);
  }
}

/** What was learnt on the way to a write, and is no longer the last word after it. */
const SURPASSED: ReadonlySet<string> = new Set(['target kept', 'deleted']);

function takeWritten(work: Work, part: string, outcome: Extract<WriteOutcome, { outcome: 'written' }>): void {
  const unsettled = new Map(outcome.unsettled.map((item) => [item.part, item.reason]));
  const parts = Object.entries(outcome.bases).flatMap(([name, base]): LedgerPart[] => {
    const desired = work.mapped?.parts.find((mapped) => mapped.part === name)?.desired;
    if (desired === undefined) return [];
    const reason = unsettled.get(name) ?? null;
    return [
      {
        part: name,
        desired,
        desiredHash: desiredHash(desired),
        base,
        state: reason === null ? 'applied' : 'open',
        reason,
      },
    ];
  });
  for (const name of outcome.emptied ?? []) {
    const known = work.record?.parts.get(name);
    if (known !== undefined) parts.push(unwritten(known, 'went with what was made anew'));
  }
  for (const settled of parts) work.learnt.parts.set(settled.part, settled);
  work.learnt.children.push(...outcome.children);
  if (work.learnt.event === null || SURPASSED.has(work.learnt.event)) {
    work.learnt.event = eventOf(work, outcome.targetId);
  }
  // It is what it was: nobody parts from it.
  if (work.learnt.event === 'restored') work.learnt.formerTargetId = null;
  work.learnt.detail = {
    ...work.learnt.detail,
    parts: [...new Set([...partsSoFar(work), part])],
    targetId: outcome.targetId,
  };
  work.record = withParts(work, outcome, parts);
}

function eventOf({ record }: Work, targetId: string): string {
  if (record?.targetId != null) return 'updated';
  return record?.formerTargetId === targetId ? 'restored' : 'created';
}

/** A part of which nothing is known to be at the target: whatever is meant differs from it. */
export function unwritten(part: LedgerPart, reason: string): LedgerPart {
  return { ...part, desiredHash: '', state: 'open', reason };
}

function partsSoFar(work: Work): readonly string[] {
  const parts = work.learnt.detail['parts'];
  return Array.isArray(parts) ? (parts as string[]) : [];
}

function withParts(
  work: Work,
  outcome: Extract<WriteOutcome, { outcome: 'written' }>,
  parts: readonly LedgerPart[],
): LedgerRecord {
  const known = work.record;
  const merged = new Map(known?.parts ?? []);
  for (const part of parts) merged.set(part.part, part);
  return {
    state: 'live',
    targetId: outcome.targetId,
    formerTargetId: null,
    adopted: known?.adopted ?? false,
    // Who refers to it goes on when all of it has arrived, not before (P9).
    version: known?.targetId == null ? UNREAD_VERSION : known.version,
    targetModifiedAt: outcome.modifiedAt ?? known?.targetModifiedAt ?? null,
    foreignState: known?.foreignState ?? null,
    unchecked: known?.unchecked ?? false,
    appliedAt: known?.appliedAt ?? new Date().toISOString(),
    parts: merged,
    children: known?.children ?? [],
  };
}

/** The target knows a holder that the ledger does not: it is looked for before the batch ends, and the next attempt knows it. */
function takeDuplicate(work: Work, part: string, outcome: Extract<WriteOutcome, { outcome: 'duplicate' }>): void {
  work.duplicate = { part, kind: outcome.kind, message: outcome.message };
  settle(
    work,
    { to: 'parked', afterMs: 250, reason: `a unique value is taken at the target: ${outcome.message}` },
    null,
  );
}
