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

/** All ids of an entity have been listed, and those that are missing nominated. */
export async function noteSweep(db: QueryExecutorProvider, projectId: number, entity: Entity): Promise<void> {
  await sql`
    UPDATE watermarks SET swept_at = clock_timestamp() WHERE project_id = ${projectId} AND entity = ${entity}`.execute(
    db,
  );
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

/** Of the records that a sweep read, those whose content is not what was carried last: the others cost a look and no change. */
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
      AND r.read_end > 0 AND r.content_hash = w.content_hash AND r.hash_version = ${hashVersion}`.execute(db);
  const same = new Set(rows.map(({ key }) => key));
  return records.filter(({ entity, sourceId }) => !same.has(`${entity}:${sourceId}`));
}
