import { type QueryExecutorProvider, sql } from 'kysely';
import type { Settlement } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';

/** Takes each row out of the queue or puts it where its disposition says; a row that moved on is ready again (P4). */
export async function finishRows(
  transaction: QueryExecutorProvider,
  settlements: readonly Settlement[],
  movedOn: (settlement: Settlement) => boolean,
): Promise<void> {
  const leaves = (settlement: Settlement) =>
    !movedOn(settlement) && (settlement.disposition.to === 'done' || settlement.disposition.to === 'dead');
  await remove(transaction, settlements.filter(leaves));
  await putBack(
    transaction,
    settlements.filter((settlement) => !leaves(settlement)),
    movedOn,
  );
}

async function remove(transaction: QueryExecutorProvider, settlements: readonly Settlement[]): Promise<void> {
  if (settlements.length === 0) return;
  await sql`DELETE FROM changes WHERE id = ANY (${settlements.map(({ claim }) => claim.id)}::bigint[])`.execute(
    transaction,
  );
}

async function putBack(
  transaction: QueryExecutorProvider,
  settlements: readonly Settlement[],
  movedOn: (settlement: Settlement) => boolean,
): Promise<void> {
  if (settlements.length === 0) return;
  const rows = settlements.map((settlement) => ({
    id: settlement.claim.id,
    ...place(settlement, movedOn(settlement)),
  }));
  await sql`
    UPDATE changes c SET
      state = p.state, state_reason = p.reason, evidence = p.evidence, recheck = false,
      lease_until = NULL, lease_owner = NULL,
      not_before = CASE WHEN p.after_ms > 0 THEN clock_timestamp() + p.after_ms * interval '1 millisecond' END
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS p (id bigint, state text, reason text, after_ms float8, evidence jsonb)
    WHERE c.id = p.id`.execute(transaction);
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
