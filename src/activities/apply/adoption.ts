import type { CallOptions } from '../../connectors/target.ts';
import { UNREAD_VERSION } from '../../domain/source-version.ts';
import type { LedgerPart } from '../../ledger/apply-ledger.ts';
import { settle } from './settle.ts';
import type { BatchTarget, Work } from './work.ts';

/** A record of the target becomes the pair of ours: its present state is the base, and we never delete it (P6). */
export async function adopt({ entity }: BatchTarget, work: Work, targetId: string, call: CallOptions): Promise<void> {
  const [state] = await entity.read([targetId], call);
  if (state === undefined) {
    settle(work, { to: 'parked', afterMs: 1_000, reason: 'the record to adopt is not at the target any more' }, null);
    return;
  }
  const parts = Object.entries(state.parts).map(([part, base]): LedgerPart => ({
    part,
    desired: null,
    desiredHash: '',
    base,
    state: 'open',
    reason: 'adopted',
  }));
  work.record = {
    state: 'live',
    targetId,
    formerTargetId: null,
    adopted: true,
    version: UNREAD_VERSION,
    targetModifiedAt: state.modifiedAt,
    foreignState: null,
    unchecked: false,
    appliedAt: new Date().toISOString(),
    parts: new Map(parts.map((part) => [part.part, part])),
    children: state.children,
  };
  for (const part of parts) work.learnt.parts.set(part.part, part);
  work.learnt.children.push(...state.children);
  work.learnt.event = 'adopted';
  work.learnt.detail = { ...work.learnt.detail, targetId };
}
