import type { TargetEntity } from '../../connectors/target.ts';
import { wantRead } from '../../domain/change.ts';
import { type RecordRef, refKey } from '../../domain/entity.ts';
import type { ApplyContext, LedgerRecord } from '../../ledger/apply-ledger.ts';
import type { ApplyDeps, Work } from './work.ts';

/**
 * When a target id changes that others refer to, those are read again, so that they are mapped to the new one (P9). A record
 * that was not at the target before has nobody who knows an old id.
 */
export async function callReferrers(
  deps: ApplyDeps,
  entity: TargetEntity,
  context: ApplyContext,
  works: readonly Work[],
): Promise<void> {
  for (const work of works) {
    const before = context.records.get(refKey(work.claim.ref));
    if (before?.targetId == null) continue;
    const concerned = concernedBy(entity, before, work);
    if (concerned === 'nobody') continue;
    const after = await deps.ledger.readNumber();
    const referrers = await deps.ledger.deletes.unreadReferrers(work.claim.ref, after);
    work.learnt.arrivals.push(
      ...referrers
        .filter((ref) => concerned === 'all' || concerned.has(ref.entity))
        .map((ref) => wantRead(ref, 'reference', after)),
    );
  }
}

function concernedBy(
  entity: TargetEntity,
  before: LedgerRecord,
  work: Work,
): 'all' | 'nobody' | ReadonlySet<RecordRef['entity']> {
  if (work.record?.targetId != null && work.record.targetId !== before.targetId) return 'all';
  const known = new Map(before.children.map((pair) => [`${pair.kind} ${pair.sourceId}`, pair.targetId]));
  const moved = work.learnt.children.filter((pair) => known.get(`${pair.kind} ${pair.sourceId}`) !== pair.targetId);
  const entities = moved.flatMap(({ kind }) => entity.referredChildren?.[kind] ?? []);
  return entities.length === 0 ? 'nobody' : new Set(entities);
}
