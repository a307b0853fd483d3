import type { TargetEntity } from '../../connectors/target.ts';
import { wantRead } from '../../domain/change.ts';
import { type RecordRef, refKey } from '../../domain/entity.ts';
import type { Json } from '../../domain/json.ts';
import type { ApplyContext, LedgerRecord } from '../../ledger/apply-ledger.ts';
import type { Referrers } from '../../ledger/records/deletes.ts';
import type { ApplyDeps, Work } from './work.ts';

/**
 * When something of a record changes that others are mapped with, those are read again (P9): its target id, also when it goes
 * or comes back; that of a child; what their texts show of it. A record that the ledger did not know has nobody who was mapped
 * without it, but those who wait.
 */
export async function callReferrers(
  deps: ApplyDeps,
  entity: TargetEntity,
  context: ApplyContext,
  works: readonly Work[],
): Promise<void> {
  for (const work of works) {
    const before = context.records.get(refKey(work.claim.ref));
    if (before === undefined) continue;
    const called = calledBy(deps, entity, before, work);
    if (called === null) continue;
    const after = await deps.ledger.readNumber();
    const referrers = await deps.ledger.deletes.unreadReferrers(work.claim.ref, after, called.which);
    work.learnt.arrivals.push(
      ...referrers.filter((ref) => called.isMeant(ref.entity)).map((ref) => wantRead(ref, 'reference', after)),
    );
  }
}

interface Called {
  readonly which: Referrers;
  isMeant(entity: RecordRef['entity']): boolean;
}

function calledBy(deps: ApplyDeps, entity: TargetEntity, before: LedgerRecord, work: Work): Called | null {
  const { progress = null } = work.settlement ?? {};
  const targetId = progress === null ? (work.record?.targetId ?? null) : progress.targetId;
  if (targetId === null && before.targetId !== null) {
    const keeps = (referrer: RecordRef['entity']) => deps.target.entity(referrer).keepsReferences === true;
    return { which: 'all', isMeant: (referrer) => !keeps(referrer) };
  }
  if (targetId !== before.targetId) return { which: 'all', isMeant: () => true };
  const known = new Map(before.children.map((pair) => [`${pair.kind} ${pair.sourceId}`, pair.targetId]));
  const moved = work.learnt.children.filter((pair) => known.get(`${pair.kind} ${pair.sourceId}`) !== pair.targetId);
  const entities = new Set<RecordRef['entity']>(moved.flatMap(({ kind }) => entity.referredChildren?.[kind] ?? []));
  if (entities.size > 0) return { which: 'hard', isMeant: (referrer) => entities.has(referrer) };
  return showsAnew(entity, before, work) ? { which: { fields: entity.shown?.in ?? [] }, isMeant: () => true } : null;
}

/** Whether the core was written in another form than the one that others show. */
function showsAnew({ parts, shown }: TargetEntity, before: LedgerRecord, work: Work): boolean {
  const core = parts[0]?.part ?? '';
  const written = work.learnt.parts.get(core);
  if (shown === undefined || written === undefined) return false;
  const was: Json = before.parts.get(core)?.desired ?? null;
  return shown.of(was) !== shown.of(written.desired);
}
