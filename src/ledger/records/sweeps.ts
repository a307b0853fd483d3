import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';
import type { SourceRecord } from '../../domain/record.ts';
import { refArrays } from '../queue/rows.ts';

/** Hours since all ids of an entity were last held against the ledger; null: never. */
export async function hoursSinceSweep(
  db: QueryExecutorProvider,
  projectId: number,
): Promise<ReadonlyMap<Entity, number | null>> {
  const { rows } = await sql<{ entity: Entity; hours: number | null }>`
    SELECT entity, (extract(epoch FROM clock_timestamp() - swept_at) / 3600)::float8 AS hours FROM watermarks
    WHERE project_id = ${projectId}`.execute(db);
  return new Map(rows.map(({ entity, hours }) => [entity, hours]));
}

/**
 * All ids of an entity have been listed, and those that are missing nominated.
 * @param asked the wish that this met; one that came meanwhile stands
 */
export async function noteSweep(
  db: QueryExecutorProvider,
  projectId: number,
  entity: Entity,
  asked: number | null = null,
): Promise<void> {
  await sql`
    UPDATE watermarks SET swept_at = clock_timestamp(),
      sweep_asked = CASE WHEN sweep_asked = ${asked}::bigint THEN NULL ELSE sweep_asked END
    WHERE project_id = ${projectId} AND entity = ${entity}`.execute(db);
}

/**
 * Asks that these be read as a whole by the next recent run that plans. Returns those of them of which capture was started: the
 * others are read as a whole by the full run that they wait for.
 */
export async function askForSweeps(
  db: QueryExecutorProvider,
  projectId: number,
  entities: readonly Entity[],
): Promise<readonly Entity[]> {
  if (entities.length === 0) return [];
  const { rows } = await sql<{ entity: Entity }>`
    UPDATE watermarks SET sweep_asked = nextval('read_clock')
    WHERE project_id = ${projectId} AND entity = ANY (${entities}::text[]) RETURNING entity`.execute(db);
  return rows.map(({ entity }) => entity);
}

/** Entities that somebody wants read as a whole, each with the number of the wish. */
export async function askedSweeps(db: QueryExecutorProvider, projectId: number): Promise<ReadonlyMap<Entity, number>> {
  const { rows } = await sql<{ entity: Entity; asked: number }>`
    SELECT entity, sweep_asked::float8 AS asked FROM watermarks
    WHERE project_id = ${projectId} AND sweep_asked IS NOT NULL`.execute(db);
  return new Map(rows.map(({ entity, asked }) => [entity, asked]));
}

/** Of these ids of the source, those that the ledger has never heard of: no record, nothing queued, no dead letter. */
export async function unknownAmong(
  db: QueryExecutorProvider,
  projectId: number,
  entity: Entity,
  sourceIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql<{ source_id: string }>`
    SELECT w.source_id FROM unnest(${sourceIds}::text[]) AS w (source_id)
    WHERE NOT EXISTS (SELECT FROM records r WHERE r.project_id = ${projectId} AND r.entity = ${entity} AND r.source_id = w.source_id AND r.read_end > 0)
      AND NOT EXISTS (SELECT FROM changes c WHERE c.project_id = ${projectId} AND c.entity = ${entity} AND c.source_id = w.source_id)
      AND NOT EXISTS (SELECT FROM dead_letters d WHERE d.project_id = ${projectId} AND d.entity = ${entity} AND d.source_id = w.source_id)`.execute(
    db,
  );
  return rows.map((row) => row.source_id);
}

/**
 * Of the records that a sweep read, those whose content is not what was carried last: the others cost a look and no change. One
 * with a change in the queue or a dead letter is among them: what was read now may take that back, a delete behind the brake (P7)
 * or a read that failed.
 */
export async function changedAmong(
  db: QueryExecutorProvider,
  projectId: number,
  records: readonly SourceRecord[],
  hashVersion: number,
): Promise<readonly SourceRecord[]> {
  const { entities, sourceIds } = refArrays(records);
  const { rows } = await sql<{ key: string }>`
    SELECT w.entity || ':' || w.source_id AS key
    FROM unnest(${entities}::text[], ${sourceIds}::text[], ${records.map(({ contentHash }) => contentHash)}::text[])
      AS w (entity, source_id, content_hash)
    JOIN records r ON r.project_id = ${projectId} AND r.entity = w.entity AND r.source_id = w.source_id AND r.state <> 'tombstone'
      AND r.read_end > 0 AND r.content_hash = w.content_hash AND r.hash_version = ${hashVersion}
      AND NOT EXISTS (SELECT FROM changes c
        WHERE c.project_id = ${projectId} AND c.entity = w.entity AND c.source_id = w.source_id)
      AND NOT EXISTS (SELECT FROM dead_letters d
        WHERE d.project_id = ${projectId} AND d.entity = w.entity AND d.source_id = w.source_id)`.execute(db);
  const same = new Set(rows.map(({ key }) => key));
  return records.filter(({ entity, sourceId }) => !same.has(`${entity}:${sourceId}`));
}
