import { type QueryExecutorProvider, sql } from 'kysely';
import { refKey } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';
import type { Writing } from '../side-by-side.ts';

/** Takes each row out of the queue or puts it where its disposition says; a row that moved on is ready again (P4). */
export function finishing(
  settlements: readonly Settlement[],
  movedOn: (settlement: Settlement) => boolean,
): readonly Writing[] {
  const leaves = (settlement: Settlement) =>
    !movedOn(settlement) && (settlement.disposition.to === 'done' || settlement.disposition.to === 'dead');
  return [
    removing(settlements.filter(leaves)),
    puttingBack(
      settlements.filter((settlement) => !leaves(settlement)),
      movedOn,
    ),
  ];
}

function removing(settlements: readonly Settlement[]): Writing {
  if (settlements.length === 0) return null;
  return sql`DELETE FROM changes WHERE id = ANY (${settlements.map(({ claim }) => claim.id)}::bigint[])`;
}

function puttingBack(settlements: readonly Settlement[], movedOn: (settlement: Settlement) => boolean): Writing {
  if (settlements.length === 0) return null;
  const rows = settlements.map((settlement) => ({
    id: settlement.claim.id,
    ...place(settlement, movedOn(settlement)),
    // Until the change is settled or held anew: a decision is about what was shown, not about what comes later (P8).
    keeps_decision: settlement.disposition.to === 'parked' || settlement.disposition.to === 'waiting',
  }));
  return sql`
    UPDATE changes c SET
      state = p.state, state_reason = p.reason, evidence = p.evidence, recheck = false,
      decision = CASE WHEN p.keeps_decision THEN c.decision END,
      held_at = CASE WHEN p.state = 'held' THEN clock_timestamp() END,
      held_generation = CASE WHEN p.state = 'held' THEN c.generation END,
      lease_until = NULL, lease_owner = NULL,
      not_before = CASE WHEN p.after_ms > 0 THEN clock_timestamp() + p.after_ms * interval '1 millisecond' END
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS p (id bigint, state text, reason text, after_ms float8, evidence jsonb, keeps_decision boolean)
    WHERE c.id = p.id`;
}

function place({ disposition }: Settlement, moved: boolean) {
  const ready = { state: 'ready', reason: null, after_ms: 0, evidence: null };
  // A write with an unknown outcome stays parked whatever arrived meanwhile: it has to be resolved first (P2).
  if (disposition.to === 'parked') {
    return { state: 'parked', reason: disposition.reason, after_ms: Math.max(1, disposition.afterMs), evidence: null };
  }
  if (moved) return ready;
  if (disposition.to === 'waiting') return { ...ready, state: 'waiting', reason: disposition.reason };
  if (disposition.to === 'held')
    return { ...ready, state: 'held', reason: disposition.reason, evidence: disposition.evidence };
  return ready;
}

/** A read that a decided change called for brings a row of its own: what was decided goes over to it. */
export async function carryDecisions(
  transaction: QueryExecutorProvider,
  projectId: number,
  settlements: readonly Settlement[],
): Promise<void> {
  const read = settlements.filter(
    ({ claim, disposition, arrivals }) =>
      claim.decided != null &&
      disposition.to === 'done' &&
      arrivals.some(({ ref }) => refKey(ref) === refKey(claim.ref)),
  );
  if (read.length === 0) return;
  const rows = read.map(({ claim }) => ({
    entity: claim.ref.entity,
    source_id: claim.ref.sourceId,
    decision: claim.decided,
  }));
  await sql`
    UPDATE changes c SET decision = d.decision
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS d (entity text, source_id text, decision jsonb)
    WHERE c.project_id = ${projectId} AND c.entity = d.entity AND c.source_id = d.source_id`.execute(transaction);
}
