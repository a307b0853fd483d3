import { createHash } from 'node:crypto';
import { stableJson } from '../../canonical/stable-json.ts';
import { inTurns } from '../../connectors/in-turns.ts';
import type { MapContext, Mapped, MappedPart, TargetEntity } from '../../connectors/target.ts';
import { wantRead } from '../../domain/change.ts';
import { plainRef } from '../../domain/entity.ts';
import type { Json } from '../../domain/json.ts';
import { leftOut } from '../../domain/record-filter.ts';
import { WAITS_FOR_KEY } from '../../ledger/queue/waits.ts';
import { finished, settle } from './settle.ts';
import { type BatchTarget, gaveUp, payloadOf, type Work } from './work.ts';

/** Hash of a desired form: equal hash, nothing to write (P3). */
export function desiredHash(desired: Json): string {
  return createHash('sha256').update(stableJson(desired)).digest('base64url');
}

/** Parts that the record had and has no more: meant to be empty, not left as they were. */
function emptied(work: Work, parts: readonly MappedPart[]): readonly MappedPart[] {
  const meant = new Set(parts.map(({ part }) => part));
  return [...(work.record?.parts.keys() ?? [])]
    .filter((part) => !meant.has(part))
    .map((part) => ({ part, desired: null }));
}

/**
 * Nothing can be made of it, and another record of ours has a key that it wants: that one may be gone at the source and nobody knew
 * (an account that was closed and opened anew with the same e-mail address). So it is read again before the record is given up.
 */
function asksRivals(work: Work): boolean {
  const { rivals, claim } = work;
  const asked = claim.stateReason === WAITS_FOR_KEY;
  const open = asked ? rivals.filter(({ isPending }) => isPending) : rivals;
  if (open.length === 0 || gaveUp(work)) return false;
  if (!asked)
    for (const { ref, isPending } of open) if (!isPending) work.learnt.arrivals.push(wantRead(ref, 'reference'));
  settle(work, { to: 'waiting', on: open.map(({ ref }) => plainRef(ref)), reason: WAITS_FOR_KEY }, null);
  return true;
}

function mapRecord(entity: TargetEntity, work: Work, context: MapContext): Mapped {
  const { ref } = work.claim;
  const { canonical } = payloadOf(work);
  const reason = leftOut(context.mapping.filters, ref.entity, ref.sourceId, canonical);
  return reason === null ? entity.map(ref.sourceId, canonical, context) : { outcome: 'skip', reason, adjustments: [] };
}

/** Maps each record to what the target shall hold; what cannot or need not be held ends here. */
export async function mapRecords({ entity, mapContext }: BatchTarget, works: readonly Work[]): Promise<void> {
  await inTurns(works, (work) => {
    const mapped = mapRecord(entity, work, mapContext(work));
    switch (mapped.outcome) {
      case 'refuse':
        if (!asksRivals(work))
          settle(work, { to: 'dead', reason: mapped.reason, remedy: mapped.remedy }, 'dead letter');
        break;
      case 'skip':
        settle(work, { to: 'done' }, 'ignored', {
          ...finished(work, 'skipped'),
          // A record that is at the target already stays paired: leaving it out now does not take it away.
          state: work.record?.targetId == null ? 'skipped' : 'live',
          adjustments: mapped.adjustments,
          reports: [...(mapped.reports ?? []), ...payloadOf(work).reports],
          detail: { reason: mapped.reason },
        });
        break;
      case 'write':
        work.mapped = { ...mapped, parts: [...mapped.parts, ...emptied(work, mapped.parts)] };
    }
  });
}
