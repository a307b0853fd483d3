import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { Decided } from '../../domain/conflict.ts';
import { type Entity, entityRank } from '../../domain/entity.ts';
import { FOLLOWING_KINDS } from '../../domain/phases.ts';
import type { Rates } from '../../domain/rates.ts';
import type { Claim, ClaimBatch } from '../apply-ledger.ts';
import { type ChangeRow, toChange } from './rows.ts';

export interface ClaimOptions {
  readonly projectId: number;
  /** The run that is being worked at; null: none in particular. */
  readonly runId: number | null;
  /** Names the claiming worker, for operators. */
  readonly owner: string;
  readonly leaseMs: number;
  /** How many rows of an entity one claim takes, in copy order; an entity that is not named is not claimed. */
  readonly limits: Readonly<Partial<Record<Entity, number>>>;
}

type ClaimedRow = ChangeRow & {
  id: number;
  epoch: number;
  recheck: boolean;
  attempts: number;
  state_reason: string | null;
  decision: Decided | null;
  lease_ms: number;
};

/**
 * Claims the next batch: rows of one entity, the first in copy order that has any due. A row is due when it is ready, when
 * what it was parked for has passed, or when the lease of the worker that held it has ended; all by PostgreSQL's clock (P5).
 * Taking over an ended lease marks the row `recheck`: that worker may have written without saying so.
 *
 * One statement, so that two workers can never hold the same row: SKIP LOCKED passes over what another is claiming. Each
 * claim raises the epoch; a commit under an older one is refused.
 */
export async function claimChanges(
  db: QueryExecutorProvider,
  options: ClaimOptions,
): Promise<ClaimBatch | 'paused' | null> {
  const limits = Object.entries(options.limits).map(([entity, limit], place) => ({
    rank: entityRank(entity as Entity),
    limit,
    place,
  }));
  const { rows } = await sql<ClaimedRow & { paused: boolean; rates: Rates | null }>`
    WITH project AS (
      SELECT id, paused_at IS NOT NULL AS paused, options -> 'rates' AS rates FROM projects WHERE id = ${options.projectId}
    ), wanted AS (
      SELECT l.rank, l."limit" FROM jsonb_to_recordset(${JSON.stringify(limits)}::jsonb) AS l (rank smallint, "limit" integer, place integer)
      WHERE (SELECT c.id FROM changes c WHERE c.project_id = ${options.projectId} AND ${isDue}
               AND ${oldestOfRank(sql`c`, sql`l.rank`)} LIMIT 1) IS NOT NULL
        AND NOT (l.rank = ${entityRank('stock')} AND (${ordersUnderWay(options.projectId)} OR ${ordersToBeRead(options.runId)}))
      ORDER BY l.place LIMIT 1
    ), due AS (
      SELECT c.id FROM changes c
      WHERE c.project_id = ${options.projectId} AND NOT (SELECT paused FROM project) AND ${isDue}
        AND ${oldestOfRank(sql`c`, sql`(SELECT rank FROM wanted)`)}
      LIMIT (SELECT "limit" FROM wanted)
      FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE changes c SET
        recheck = c.recheck OR c.state = 'leased',
        state = 'leased',
        epoch = c.epoch + 1,
        attempts = c.attempts + 1,
        lease_owner = ${options.owner},
        lease_until = clock_timestamp() + ${options.leaseMs} * interval '1 millisecond'
      FROM due WHERE c.id = due.id
      RETURNING c.*
    )
    SELECT claimed.*, ${options.leaseMs}::integer AS lease_ms, project.paused, project.rates
    FROM project LEFT JOIN claimed ON true
    ORDER BY claimed.id`.execute(db);
  if (rows[0]?.paused === true) return 'paused';
  const claimed = rows.filter((row) => row.id !== null);
  const first = claimed[0];
  if (first === undefined) return null;
  return {
    entity: first.entity as Entity,
    leaseMs: first.lease_ms,
    rates: first.rates ?? {},
    claims: claimed.map(toClaim),
  };
}

/** An order that is being written may move what was set a moment ago: stock comes after all of them (P10). */
const ordersUnderWay = (projectId: number) => sql`(
  SELECT o.id FROM changes o WHERE o.project_id = ${projectId} AND o.state IN ('ready', 'leased') AND NOT o.ahead
    AND ${oldestOfRank(sql`o`, sql`${entityRank('order')}`)} LIMIT 1) IS NOT NULL`;

/** Nor is stock set while a copy has orders of its pass yet to read: each of them would have it read and set again. */
const ordersToBeRead = (runId: number | null) => sql`EXISTS (
  SELECT FROM slices s JOIN runs r ON r.id = s.run_id
  WHERE s.run_id = ${runId}::bigint AND s.entity = 'order' AND s.state IN ('planned', 'reading')
    AND r.kind <> ALL (${FOLLOWING_KINDS}::text[])
    AND s.pass <= (SELECT max(p.number) FROM passes p WHERE p.run_id = r.id))`;

/**
 * Rows of one entity, the oldest first, the way the index `changes_due` has them. For an equal rank PostgreSQL may also go through
 * the table, or through all ids, until it meets one: past every stock level of the store while orders are copied. Two bounds
 * leave it no such way, for no other index has this order.
 */
const oldestOfRank = (row: RawBuilder<unknown>, rank: RawBuilder<unknown>) =>
  sql`${row}.entity_rank >= ${rank} AND ${row}.entity_rank <= ${rank} ORDER BY ${row}.entity_rank, ${row}.id`;

/** Whether a row may be claimed now. */
const isDue = sql`(
  c.state = 'ready' AND NOT c.ahead AND (c.not_before IS NULL OR c.not_before <= clock_timestamp())
  OR c.state = 'parked' AND c.not_before <= clock_timestamp()
  OR c.state = 'leased' AND c.lease_until <= clock_timestamp()
)`;

function toClaim(row: ClaimedRow): Claim {
  return {
    id: row.id,
    ref: { entity: row.entity as Entity, sourceId: row.source_id },
    change: toChange(row),
    epoch: row.epoch,
    recheck: row.recheck,
    attempts: row.attempts,
    stateReason: row.state_reason,
    decided: row.decision,
  };
}
