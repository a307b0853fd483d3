import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import type { Writing } from '../side-by-side.ts';
import { refArrays } from './rows.ts';

/** Reason of a wait for another record's change to give up a key (P6). */
export const WAITS_FOR_KEY = 'waits for a key';

/** Reason of a record whose core is written and counted and that waits for its second pass (P9). */
export const SECOND_PASS = 'waits for related records';

/** Class of the advisory locks that let entering and leaving a wait exclude each other. */
const WAITS_LOCK = 0x57a17;

/**
 * Waiting is entered and left in transactions that re-check the other side (P9). Who enters takes the lock alone, who only
 * settles records shares it: either the one that waits sees the settled record, or the one that settles sees the wait.
 */
export async function lockWaits(
  transaction: QueryExecutorProvider,
  projectId: number,
  settlements: readonly Settlement[],
): Promise<void> {
  const enters = settlements.some(
    ({ disposition, progress }) =>
      disposition.to === 'waiting' || (progress?.openLinks ?? []).length > 0 || (progress?.unmet ?? []).length > 0,
  );
  const lock = enters ? sql`pg_advisory_xact_lock` : sql`pg_advisory_xact_lock_shared`;
  await sql`SELECT ${lock}(${WAITS_LOCK}::integer, ${projectId}::integer)`.execute(transaction);
}

/** Whatever these records waited for: they have been looked at. */
export function leavingWaits(projectId: number, settlements: readonly Settlement[]): Writing {
  const { entities, sourceIds } = refArrays(settlements.map(({ claim }) => claim.ref));
  return sql`
    DELETE FROM change_waits w USING unnest(${entities}::text[], ${sourceIds}::text[]) AS r (entity, source_id)
    WHERE w.project_id = ${projectId} AND w.entity = r.entity AND w.source_id = r.source_id`;
}

/** After the rows left their waits (`leavingWaits`): who waits again, and who waited for these records. */
export async function settleWaits(
  transaction: QueryExecutorProvider,
  projectId: number,
  settlements: readonly Settlement[],
  movedOn: (settlement: Settlement) => boolean,
): Promise<void> {
  await enter(
    transaction,
    projectId,
    settlements.filter((settlement) => !movedOn(settlement)),
  );
  await wake(
    transaction,
    projectId,
    settlements
      .filter(
        ({ progress, disposition }) => progress !== null || disposition.to === 'dead' || disposition.to === 'done',
      )
      .map(({ claim }) => claim.ref),
  );
}

/** Notes the waits, then looks at what is waited for: if that is settled by now, the change is ready at once. */
async function enter(
  transaction: QueryExecutorProvider,
  projectId: number,
  settlements: readonly Settlement[],
): Promise<void> {
  const waits = settlements.flatMap(({ claim, disposition }) =>
    disposition.to === 'waiting'
      ? disposition.on.map((on) => ({ waiter: claim.ref, on, forKey: disposition.reason === WAITS_FOR_KEY }))
      : [],
  );
  if (waits.length === 0) return;
  await sql`
    INSERT INTO change_waits (project_id, entity, source_id, on_entity, on_source_id)
    SELECT ${projectId}, * FROM unnest(
      ${waits.map((w) => w.waiter.entity)}::text[], ${waits.map((w) => w.waiter.sourceId)}::text[],
      ${waits.map((w) => w.on.entity)}::text[], ${waits.map((w) => w.on.sourceId)}::text[])
    ON CONFLICT DO NOTHING`.execute(transaction);
  await wake(transaction, projectId, await settledAmong(transaction, projectId, waits));
}

/**
 * Of what is waited for, what nobody needs to wait for any more: a record that was applied, or is dead. One that nobody has seen yet
 * may still be read. Who waits for a key waits for the change itself.
 */
async function settledAmong(
  transaction: QueryExecutorProvider,
  projectId: number,
  waits: readonly { readonly on: RecordRef; readonly forKey: boolean }[],
): Promise<readonly RecordRef[]> {
  const { entities, sourceIds } = refArrays(waits.map((wait) => wait.on));
  const { rows } = await sql<{ entity: RecordRef['entity']; source_id: string }>`
    SELECT DISTINCT w.entity, w.source_id
    FROM unnest(${entities}::text[], ${sourceIds}::text[], ${waits.map((wait) => wait.forKey)}::boolean[])
      AS w (entity, source_id, for_key)
    LEFT JOIN changes c ON c.project_id = ${projectId} AND c.entity = w.entity AND c.source_id = w.source_id
    LEFT JOIN records r ON r.project_id = ${projectId} AND r.entity = w.entity AND r.source_id = w.source_id
    LEFT JOIN dead_letters d ON d.project_id = ${projectId} AND d.entity = w.entity AND d.source_id = w.source_id
    WHERE CASE WHEN w.for_key THEN c.id IS NULL
      ELSE d.source_id IS NOT NULL OR (r.target_id IS NOT NULL AND r.read_end > 0) OR (r.state <> 'live' AND c.id IS NULL) END`.execute(
    transaction,
  );
  return rows.map((row) => ({ entity: row.entity, sourceId: row.source_id }));
}

/** A waiter is ready again when one of those it waits for is settled; it looks at the others itself. */
async function wake(
  transaction: QueryExecutorProvider,
  projectId: number,
  settled: readonly RecordRef[],
): Promise<void> {
  if (settled.length === 0) return;
  const { entities, sourceIds } = refArrays(settled);
  await sql`
    WITH met AS (
      DELETE FROM change_waits w USING unnest(${entities}::text[], ${sourceIds}::text[]) AS s (entity, source_id)
      WHERE w.project_id = ${projectId} AND w.on_entity = s.entity AND w.on_source_id = s.source_id
      RETURNING w.entity, w.source_id
    )
    UPDATE changes c SET state = 'ready', not_before = NULL
    FROM (SELECT DISTINCT * FROM met) m
    WHERE c.project_id = ${projectId} AND c.entity = m.entity AND c.source_id = m.source_id AND c.state = 'waiting'
      AND NOT EXISTS (
        SELECT FROM change_waits o WHERE o.project_id = ${projectId} AND o.entity = m.entity AND o.source_id = m.source_id
          AND NOT (o.on_entity, o.on_source_id) IN (SELECT * FROM unnest(${entities}::text[], ${sourceIds}::text[])))`.execute(
    transaction,
  );
}

/**
 * Who has waited longer than is sensible goes on without (P9): a live store always has other work, so that "nothing is left" may
 * never come. Of a chain of waiters only the last, which waits for nobody that waits; of a circle, the first in copy order.
 */
export async function giveUpOverdue(
  db: QueryExecutorProvider,
  projectId: number,
  reason: string,
  longestMs: number,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    WITH overdue AS (
      SELECT c.id, c.entity_rank, c.source_id, EXISTS (
        SELECT FROM change_waits w JOIN changes o
          ON o.project_id = w.project_id AND o.entity = w.on_entity AND o.source_id = w.on_source_id AND o.state = 'waiting'
        WHERE w.project_id = c.project_id AND w.entity = c.entity AND w.source_id = c.source_id) AS for_a_waiter
      FROM changes c
      WHERE c.project_id = ${projectId} AND c.state = 'waiting' AND EXISTS (
        SELECT FROM change_waits w
        WHERE w.project_id = c.project_id AND w.entity = c.entity AND w.source_id = c.source_id
          AND w.since < clock_timestamp() - ${longestMs} * interval '1 millisecond')
    ), given_up AS (
      SELECT id FROM overdue WHERE NOT for_a_waiter
      UNION
      (SELECT id FROM overdue WHERE NOT EXISTS (SELECT FROM overdue WHERE NOT for_a_waiter)
        ORDER BY entity_rank, length(source_id), source_id LIMIT 1)
    )
    UPDATE changes c SET state = 'ready', not_before = NULL,
      state_reason = CASE WHEN c.state_reason = ${SECOND_PASS} THEN ${reason} || ': ' || c.state_reason ELSE ${reason} END
    FROM given_up WHERE c.id = given_up.id AND c.state = 'waiting'
    RETURNING c.id`.execute(db);
  return rows.length;
}

/**
 * Nothing is left that could settle what they wait for (P9). One at a time: the first in copy order goes on without, and who
 * waits for that one has its reference then. When only second passes are left, all of them go on.
 */
export async function giveUpWaiting(db: QueryExecutorProvider, projectId: number, reason: string): Promise<number> {
  const { rows: first } = await sql<{ id: number }>`
    UPDATE changes SET state = 'ready', state_reason = ${reason}, not_before = NULL
    WHERE id = (SELECT id FROM changes
      WHERE project_id = ${projectId} AND state = 'waiting' AND state_reason IS DISTINCT FROM ${SECOND_PASS}
      ORDER BY entity_rank, length(source_id), source_id LIMIT 1 FOR UPDATE)
    RETURNING id`.execute(db);
  if (first.length > 0) return first.length;
  const { rows } = await sql<{ id: number }>`
    UPDATE changes SET state = 'ready', state_reason = ${reason} || ': ' || state_reason, not_before = NULL
    WHERE project_id = ${projectId} AND state = 'waiting' RETURNING id`.execute(db);
  return rows.length;
}
