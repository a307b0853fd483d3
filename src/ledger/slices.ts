import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { Arrival } from '../domain/change.ts';
import type { Entity } from '../domain/entity.ts';
import { ALL_GUARDS } from '../domain/guards.ts';
import { jsonText } from './json-text.ts';
import { enqueue } from './queue/enqueue.ts';
import { noteUnreadable, type UnreadableRow } from './queue/unreadable.ts';
import type { LedgerTables } from './tables.ts';

/** A bounded piece of a copy: ids in reading order, of which the first `readCount` are in the queue. */
export interface Slice {
  readonly id: number;
  readonly entity: Entity;
  readonly ordinal: number;
  readonly sourceIds: readonly string[];
  readonly readCount: number;
  readonly epoch: number;
}

export interface PlannedSlice {
  readonly entity: Entity;
  readonly ordinal: number;
  readonly sourceIds: readonly string[];
  readonly moneyBearing: boolean;
  readonly pass: number;
  /** Listed only, for what is missing from it: its records are not read. */
  readonly listedOnly?: boolean;
}

/** Stores slices; planning a run again changes nothing that is there. Returns how many were new. */
export async function planSlices(
  db: QueryExecutorProvider,
  runId: number,
  slices: readonly PlannedSlice[],
): Promise<number> {
  if (slices.length === 0) return 0;
  const rows = slices.map((slice) => ({
    entity: slice.entity,
    ordinal: slice.ordinal,
    source_ids: slice.sourceIds,
    money_bearing: slice.moneyBearing,
    pass: slice.pass,
    state: slice.listedOnly === true ? 'listed' : 'planned',
  }));
  const { rows: stored } = await sql`
    INSERT INTO slices (run_id, entity, ordinal, source_ids, money_bearing, pass, state)
    SELECT ${runId}, s.entity, s.ordinal, s.source_ids, s.money_bearing, s.pass, s.state
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS s (
      entity text, ordinal integer, source_ids text[], money_bearing boolean, pass integer, state text)
    ON CONFLICT (run_id, entity, ordinal) DO NOTHING RETURNING id`.execute(db);
  return stored.length;
}

/** How far planning has come: what is in slices of this entity already. */
export async function plannedSoFar(
  db: QueryExecutorProvider,
  runId: number,
  entity: Entity,
  pass: number | null = null,
): Promise<{ readonly slices: number; readonly ids: ReadonlySet<string> }> {
  const { rows } = await sql<{ slices: number; ids: string[] }>`
    SELECT count(DISTINCT s.id)::integer AS slices,
      coalesce(array_agg(i.id) FILTER (WHERE ${pass}::integer IS NULL OR s.pass = ${pass}::integer), '{}') AS ids
    FROM slices s LEFT JOIN LATERAL unnest(s.source_ids) AS i (id) ON true
    WHERE s.run_id = ${runId} AND s.entity = ${entity}`.execute(db);
  return { slices: rows[0]?.slices ?? 0, ids: new Set((rows[0]?.ids ?? []).filter((id) => id !== null)) };
}

/** The highest pass that has slices; 1 for a run without any. */
export async function lastPass(db: QueryExecutorProvider, runId: number): Promise<number> {
  const { rows } = await sql<{ pass: number }>`
    SELECT coalesce(max(pass), 1)::integer AS pass FROM slices WHERE run_id = ${runId}`.execute(db);
  return rows[0]?.pass ?? 1;
}

/**
 * Takes the next slice of these passes that nobody reads, in copy order; a slice whose reader died is taken over where its
 * cursor stands.
 */
export async function claimSlice(
  db: QueryExecutorProvider,
  { runId, pass }: { readonly runId: number; readonly pass: number },
  entities: readonly Entity[],
  leaseMs: number,
): Promise<Slice | null> {
  const { rows } = await sql<{
    id: number;
    entity: Entity;
    ordinal: number;
    source_ids: string[];
    read_count: number;
    epoch: number;
  }>`
    WITH next AS (
      SELECT s.id FROM slices s
      WHERE s.run_id = ${runId} AND s.pass <= ${pass} AND (s.state = 'planned' OR s.state = 'reading' AND s.lease_until <= clock_timestamp())
      ORDER BY array_position(${entities}::text[], s.entity), s.ordinal
      LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    UPDATE slices s SET state = 'reading', epoch = s.epoch + 1, started_at = coalesce(s.started_at, clock_timestamp()),
      lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    FROM next WHERE s.id = next.id
    RETURNING s.id, s.entity, s.ordinal, s.source_ids, s.read_count, s.epoch`.execute(db);
  const row = rows[0];
  if (row === undefined) return null;
  return {
    id: row.id,
    entity: row.entity,
    ordinal: row.ordinal,
    sourceIds: row.source_ids,
    readCount: row.read_count,
    epoch: row.epoch,
  };
}

/** A slice's lease ended while it was read: another reader has it, and nothing of this page may be stored. */
export class SliceLost extends Error {
  override readonly name = 'SliceLost';
}

/**
 * Queues a page and moves the slice's cursor over it, in one transaction (P1).
 * @throws SliceLost when the slice is not ours any more
 */
export async function advanceSlice(
  db: Kysely<LedgerTables>,
  options: { readonly projectId: number; readonly runId: number; readonly leaseMs: number; readonly ahead?: boolean },
  slice: Slice,
  readCount: number,
  arrivals: readonly Arrival[],
  unreadable: readonly UnreadableRow[],
): Promise<void> {
  await enqueue(
    db,
    { projectId: options.projectId, runId: options.runId, guards: ALL_GUARDS, ahead: options.ahead ?? false },
    arrivals,
    async (transaction) => {
      const { rows } = await sql<{ id: number }>`
      UPDATE slices SET read_count = ${readCount},
        state = CASE WHEN ${readCount} >= cardinality(source_ids) THEN 'read' ELSE 'reading' END,
        ended_at = CASE WHEN ${readCount} >= cardinality(source_ids) THEN clock_timestamp() END,
        lease_until = clock_timestamp() + ${options.leaseMs} * interval '1 millisecond'
      WHERE id = ${slice.id} AND epoch = ${slice.epoch} RETURNING id`.execute(transaction);
      if (rows.length === 0) throw new SliceLost(`slice ${slice.entity} ${slice.ordinal} has another reader`);
      await noteUnreadable(transaction, options, unreadable);
    },
  );
}

/** Hands a slice that is not read to its end back, with its cursor where it stands; nothing happens when it is not ours any more. */
export async function handBackSlice(db: QueryExecutorProvider, { id, epoch }: Slice): Promise<void> {
  await sql`
    UPDATE slices SET state = 'planned', lease_until = NULL
    WHERE id = ${id} AND epoch = ${epoch} AND state = 'reading'`.execute(db);
}

/** Of the passes up to this one. */
export async function slicesLeft(db: QueryExecutorProvider, runId: number, pass: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::integer AS count FROM slices WHERE run_id = ${runId} AND pass <= ${pass} AND state NOT IN ('read', 'listed')`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}

/** Until a slice of these passes that another reader holds may be taken over; null when none is held. */
export async function nextSliceLeaseMs(db: QueryExecutorProvider, runId: number, pass: number): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    SELECT (extract(epoch FROM min(lease_until) - clock_timestamp()) * 1000)::float8 AS ms
    FROM slices WHERE run_id = ${runId} AND pass <= ${pass} AND state = 'reading'`.execute(db);
  const ms = rows[0]?.ms ?? null;
  return ms === null ? null : Math.max(0, ms);
}
