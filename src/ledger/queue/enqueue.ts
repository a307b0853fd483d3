import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { arrive } from '../../domain/arrival.ts';
import type { Arrival, Change } from '../../domain/change.ts';
import { refKey } from '../../domain/entity.ts';
import type { Guards } from '../../domain/guards.ts';
import { FOLLOWING_KINDS } from '../../domain/phases.ts';
import { jsonText } from '../json-text.ts';
import type { LedgerTables } from '../tables.ts';
import { wholeTransaction } from '../whole-transaction.ts';
import { notifyChanges } from './notify.ts';
import { CHANGE_COLUMNS, type ChangeRow, refArrays, toChange, toRow } from './rows.ts';

export interface EnqueueOptions {
  readonly projectId: number;
  readonly runId: number | null;
  readonly guards: Guards;
  /** Of the pass that comes next: due when that begins. A row that something else brings is due at once. */
  readonly ahead?: boolean;
}

/**
 * Puts arrivals into the change queue. `cover` runs in the same transaction: the slice cursor or watermark that these rows
 * let move on, so that neither is ever true without the other (P1).
 */
export async function enqueue(
  db: Kysely<LedgerTables>,
  options: EnqueueOptions,
  arrivals: readonly Arrival[],
  cover?: (transaction: QueryExecutorProvider) => Promise<void>,
): Promise<void> {
  await wholeTransaction(db, async (transaction) => {
    await enqueueWithin(transaction, options, arrivals);
    await cover?.(transaction);
    if (arrivals.length > 0) await notifyChanges(transaction, options.projectId);
  });
}

/** As `enqueue`, inside a transaction of the caller. */
export async function enqueueWithin(
  transaction: QueryExecutorProvider,
  options: EnqueueOptions,
  arrivals: readonly Arrival[],
): Promise<void> {
  let open = arrivals;
  // A row that another transaction made between our look and our write is not overwritten: those arrivals go round again.
  while (open.length > 0) open = await attempt(transaction, options, open);
}

async function attempt(
  transaction: QueryExecutorProvider,
  options: EnqueueOptions,
  arrivals: readonly Arrival[],
): Promise<readonly Arrival[]> {
  const before = await lockRows(transaction, options.projectId, arrivals);
  const after = new Map<string, Change>();
  for (const arrival of arrivals) {
    const key = refKey(arrival.ref);
    after.set(key, arrive(after.get(key) ?? before.get(key) ?? null, arrival, options.guards));
  }
  const written = await writeRows(transaction, options, before, [...after.values()]);
  return arrivals.filter((arrival) => !written.has(refKey(arrival.ref)));
}

async function lockRows(
  transaction: QueryExecutorProvider,
  projectId: number,
  arrivals: readonly Arrival[],
): Promise<Map<string, Change>> {
  const { entities, sourceIds } = refArrays(arrivals.map((arrival) => arrival.ref));
  const columns = sql.join(CHANGE_COLUMNS.map((column) => sql.ref(`c.${column}`)));
  const { rows } = await sql<ChangeRow>`
    SELECT ${columns}
    FROM changes c
    JOIN (SELECT DISTINCT * FROM unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id)) w
      USING (entity, source_id)
    WHERE c.project_id = ${projectId}
    ORDER BY c.id
    FOR UPDATE OF c`.execute(transaction);
  return new Map(rows.map((row) => [`${row.entity}:${row.source_id}`, toChange(row)]));
}

/** Writes each row if its generation is still the one that was looked at (0: there was none); returns what was written. */
async function writeRows(
  transaction: QueryExecutorProvider,
  options: EnqueueOptions,
  before: ReadonlyMap<string, Change>,
  changes: readonly Change[],
): Promise<ReadonlySet<string>> {
  const ahead = sql`${options.ahead ?? false}::boolean`;
  const rows = changes.map((change) => ({
    ...toRow(change),
    seen_generation: before.get(refKey(change.ref))?.generation ?? 0,
  }));
  const { rows: written } = await sql<{ entity: string; source_id: string }>`
    WITH incoming AS (
      SELECT * FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS r (
        entity text, entity_rank smallint, source_id text, kind text, reason text, payload jsonb,
        read_start bigint, read_end bigint, modified_at timestamptz, content_hash text, hash_version smallint,
        decides boolean, fetch_after bigint, looks_at_target boolean, generation integer, state text,
        seen_generation integer)
    ), updated AS (
      UPDATE changes c SET
        kind = i.kind, reason = i.reason, payload = i.payload, read_start = i.read_start, read_end = i.read_end,
        modified_at = i.modified_at, content_hash = i.content_hash, hash_version = i.hash_version, decides = i.decides,
        fetch_after = i.fetch_after, looks_at_target = i.looks_at_target, generation = i.generation, state = i.state,
        state_reason = CASE WHEN i.state = 'held' OR c.content_hash IS NOT DISTINCT FROM i.content_hash THEN c.state_reason END,
        attempts = 0, ahead = c.ahead AND ${ahead}, run_id = coalesce(${options.runId}::bigint, c.run_id)
      FROM incoming i
      WHERE i.seen_generation > 0 AND c.project_id = ${options.projectId} AND c.entity = i.entity
        AND c.source_id = i.source_id AND c.generation = i.seen_generation
      RETURNING c.entity, c.source_id
    ), inserted AS (
      INSERT INTO changes (project_id, run_id, entity, entity_rank, source_id, kind, reason, payload, read_start, read_end,
        modified_at, content_hash, hash_version, decides, fetch_after, looks_at_target, generation, state, ahead)
      SELECT ${options.projectId}, ${options.runId}::bigint, entity, entity_rank, source_id, kind, reason, payload,
        read_start, read_end, modified_at, content_hash, hash_version, decides, fetch_after, looks_at_target, generation, state, ${ahead}
      FROM incoming WHERE seen_generation = 0
      -- In one order for everybody: two that bring the same new records must not wait for each other.
      ORDER BY entity_rank, source_id
      ON CONFLICT (project_id, entity, source_id) DO NOTHING
      RETURNING entity, source_id
    ), seen AS (
      INSERT INTO run_records (run_id, entity, source_id)
      SELECT r.id, i.entity, i.source_id FROM incoming i JOIN runs r ON r.id = ${options.runId}::bigint AND r.kind = ANY (${FOLLOWING_KINDS}::text[])
      ON CONFLICT DO NOTHING
    )
    SELECT * FROM updated UNION ALL SELECT * FROM inserted`.execute(transaction);
  return new Set(written.map((row) => `${row.entity}:${row.source_id}`));
}
