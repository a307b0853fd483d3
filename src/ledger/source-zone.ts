import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../domain/entity.ts';
import { FOLLOWING_KINDS } from '../domain/phases.ts';
import type { Instant } from '../domain/record.ts';
import { appendDecision } from './decisions.ts';
import type { LedgerTables } from './tables.ts';
import { wholeTransaction } from './whole-transaction.ts';

interface OfRun {
  readonly projectId: number;
  readonly runId: number;
}

/**
 * The source's time zone under which all that is known of it was read: that of the last full or recent run that was completed,
 * since each of them follows the one before or reads everything. Null: no such run was told of any.
 */
export async function zoneReadUnder(db: QueryExecutorProvider, projectId: number): Promise<string | null> {
  const { rows } = await sql<{ zone: string }>`
    SELECT source_zone AS zone FROM runs
    WHERE project_id = ${projectId} AND (kind = 'full' OR kind = ANY (${FOLLOWING_KINDS}::text[])) AND state = 'completed' AND source_zone IS NOT NULL
    ORDER BY id DESC LIMIT 1`.execute(db);
  return rows[0]?.zone ?? null;
}

/** Keeps the zone that a run found; what it does not tell leaves what was known. */
export async function keepZone(
  db: QueryExecutorProvider,
  runId: number,
  zone: string | null,
  lookedAt: Instant,
): Promise<void> {
  await sql`
    UPDATE runs SET source_zone = coalesce(${zone}::text, source_zone), zone_checked_at = ${lookedAt}::timestamptz
    WHERE id = ${runId}`.execute(db);
}

/** The zone that this run found when the project was resumed since; null: it was not, or the run found none. */
export async function zoneToCheck(db: QueryExecutorProvider, { runId }: Pick<OfRun, 'runId'>): Promise<string | null> {
  const { rows } = await sql<{ zone: string | null }>`
    SELECT r.source_zone AS zone FROM runs r JOIN projects p ON p.id = r.project_id
    -- What a look is stamped with has no more than milliseconds.
    WHERE r.id = ${runId} AND date_trunc('milliseconds', p.resumed_at) > r.zone_checked_at`.execute(db);
  return rows[0]?.zone ?? null;
}

/** From here on the run reads everything. Told to the decision log once for each reason. */
export async function sweepFor(db: Kysely<LedgerTables>, { projectId, runId }: OfRun, reason: string): Promise<void> {
  await wholeTransaction(db, async (transaction) => {
    const { rows } = await sql<{ name: string }>`
      UPDATE runs SET options = options || '{"sweep": true}'::jsonb, sweep_reason = ${reason}
      WHERE id = ${runId} AND sweep_reason IS DISTINCT FROM ${reason} RETURNING kind || '-' || number AS name`.execute(
      transaction,
    );
    const [run] = rows;
    if (run !== undefined)
      await appendDecision(transaction, projectId, 'rule', 'everything is swept', { run: run.name, why: reason });
  });
}

/** Records of an entity that are not gone, as far as the ledger knows, in text order. */
export async function knownRecords(
  db: QueryExecutorProvider,
  projectId: number,
  entity: Entity,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly string[]> {
  const { rows } = await sql<{ source_id: string }>`
    SELECT source_id FROM records
    WHERE project_id = ${projectId} AND entity = ${entity} AND state <> 'tombstone' AND source_id > ${page.after}
    ORDER BY source_id LIMIT ${page.limit}`.execute(db);
  return rows.map((row) => row.source_id);
}
