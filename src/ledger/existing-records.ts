import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../domain/entity.ts';
import type { ChildPair } from '../domain/target-state.ts';
import { jsonText } from './json-text.ts';

/** A record found at a target before the first write (P6). */
export interface FoundRecord {
  readonly entity: Entity;
  readonly targetId: string;
  readonly marker: string | null;
  readonly children: readonly ChildPair[];
}

/**
 * Pairs records that carry our marker with what they came from, so that a lost ledger or a new project cannot double a store.
 * The pair knows nothing of content yet: the first read of the source writes what differs. Returns how many there were and,
 * for a record that another project holds, whose it is.
 */
export async function pairByMarker(
  db: QueryExecutorProvider,
  options: { readonly projectId: number; readonly targetStore: string; readonly sourceKey: string },
  found: readonly FoundRecord[],
): Promise<{ readonly paired: number; readonly heldByOthers: number }> {
  const prefix = `${options.sourceKey}:`;
  const ours = found.filter((record) => record.marker?.startsWith(prefix) === true);
  if (ours.length === 0) return { paired: 0, heldByOthers: 0 };
  const rows = ours.map((record) => ({
    entity: record.entity,
    source_id: record.marker?.slice(prefix.length) ?? '',
    target_id: record.targetId,
    children: record.children,
  }));
  const { rows: counts } = await sql<{ paired: number; held: number }>`
    WITH found AS (
      SELECT DISTINCT ON (entity, source_id) * FROM jsonb_to_recordset(${jsonText(rows)}::jsonb)
        AS f (entity text, source_id text, target_id text, children jsonb)
      -- Of two that carry the same marker the older one is the record; the younger is a double and is audited.
      ORDER BY entity, source_id, length(target_id), target_id
    ), paired AS (
      INSERT INTO records (project_id, target_store, entity, source_id, target_id, state, read_start, read_end)
      SELECT ${options.projectId}, ${options.targetStore}, f.entity, f.source_id, f.target_id, 'live', 0, 0 FROM found f
      WHERE NOT EXISTS (SELECT FROM records r WHERE r.project_id = ${options.projectId} AND r.entity = f.entity
        AND r.source_id = f.source_id)
      ON CONFLICT DO NOTHING
      RETURNING entity, source_id, target_id
    ), children_paired AS (
      INSERT INTO children (project_id, entity, source_id, kind, child_source_id, target_id)
      SELECT ${options.projectId}, f.entity, f.source_id, c.kind, c."sourceId", c."targetId"
      FROM paired JOIN found f USING (entity, source_id),
        jsonb_to_recordset(f.children) AS c (kind text, "sourceId" text, "targetId" text)
      ON CONFLICT DO NOTHING
    )
    SELECT (SELECT count(*) FROM paired)::integer AS paired,
      (SELECT count(*) FROM found f JOIN records r ON r.target_store = ${options.targetStore} AND r.entity = f.entity
        AND r.target_id = f.target_id AND r.project_id <> ${options.projectId})::integer AS held`.execute(db);
  return { paired: counts[0]?.paired ?? 0, heldByOthers: counts[0]?.held ?? 0 };
}

/** Of these target ids, those that are paired with a record of ours, whatever the project; by `<project>/<entity>:<source id>`. */
export async function pairedAmong(
  db: QueryExecutorProvider,
  targetStore: string,
  entity: Entity,
  targetIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ target_id: string; project_id: number; source_id: string }>`
    SELECT target_id, project_id, source_id FROM records
    WHERE target_store = ${targetStore} AND entity = ${entity} AND target_id = ANY (${targetIds}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.target_id, `${row.project_id}/${entity}:${row.source_id}`]));
}
