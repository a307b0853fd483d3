import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity, RecordRef } from '../../domain/entity.ts';
import { refArrays } from '../queue/rows.ts';

/** A path under which a record was ever seen; `redirect`: whether one of ours leads away from it, and to this record, or may soon. */
export interface KnownAddress {
  readonly ref: RecordRef;
  readonly path: string;
  readonly redirect: 'none' | 'on its way' | 'to it' | 'elsewhere';
}

/** Every path under which these records were ever seen, with those of the read at hand (P11). */
export async function addressesOf(
  db: QueryExecutorProvider,
  projectId: number,
  seen: readonly { readonly ref: RecordRef; readonly paths: readonly string[] }[],
): Promise<readonly KnownAddress[]> {
  const { entities, sourceIds } = refArrays(seen.map(({ ref }) => ref));
  const now = seen.flatMap(({ ref, paths }) => paths.map((path) => ({ ref, path })));
  const present = refArrays(now.map(({ ref }) => ref));
  const { rows } = await sql<{ entity: Entity; source_id: string; path: string; redirect: KnownAddress['redirect'] }>`
    SELECT u.entity, u.source_id, u.path,
      CASE WHEN c.id IS NOT NULL THEN 'on its way' WHEN r.source_id IS NULL THEN 'none' WHEN f.source_id IS NULL THEN 'elsewhere' ELSE 'to it' END AS redirect
    FROM (
      SELECT entity, source_id, path FROM urls
      JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id) USING (entity, source_id)
      WHERE project_id = ${projectId}
      UNION
      SELECT * FROM unnest(${present.entities}::text[], ${present.sourceIds}::text[], ${now.map(({ path }) => path)}::text[])
    ) u (entity, source_id, path)
    LEFT JOIN records r ON r.project_id = ${projectId} AND r.entity = 'redirect' AND r.source_id = u.path AND r.state = 'live'
      AND r.target_id IS NOT NULL
    -- Somebody may be writing it by what was true a moment ago.
    LEFT JOIN changes c ON c.project_id = ${projectId} AND c.entity = 'redirect' AND c.source_id = u.path
    LEFT JOIN record_references f ON f.project_id = ${projectId} AND f.entity = 'redirect' AND f.source_id = u.path
      AND f.to_entity = u.entity AND f.to_source_id = u.source_id
    ORDER BY u.path`.execute(db);
  return rows.map(({ path, redirect, ...row }) => ({
    ref: { entity: row.entity, sourceId: row.source_id },
    path,
    redirect,
  }));
}

/** At the target, and not about to go: what leads to a record is moved before that one is deleted (P7). */
const stays = (record: string, projectId: number) => {
  const of = (column: string) => sql.ref(`${record}.${column}`);
  return sql`(${of('state')} = 'live' AND ${of('target_id')} IS NOT NULL AND NOT EXISTS (
    SELECT FROM changes x WHERE x.project_id = ${projectId} AND x.entity = ${of('entity')} AND x.source_id = ${of('source_id')}
      AND x.kind = 'delete'))`;
};

/** Who was seen at a path of the source: the one that is still there before those that are gone, then the latest. */
export interface Resident {
  readonly path: string;
  readonly ref: RecordRef;
  readonly isThere: boolean;
  /** A category of it that is at the target. */
  readonly category: string | null;
}

/** @param paths each with the form in which it would be reserved: one that a record has at the target leads nowhere else */
export async function residentsOf(
  db: QueryExecutorProvider,
  { projectId, targetStore }: { readonly projectId: number; readonly targetStore: string },
  paths: readonly { readonly path: string; readonly key: string }[],
): Promise<readonly Resident[]> {
  const { rows } = await sql<{
    path: string;
    entity: Entity;
    source_id: string;
    there: boolean;
    category: string | null;
  }>`
    SELECT DISTINCT ON (w.path) w.path, u.entity, u.source_id, ${stays('r', projectId)} AS there,
      (SELECT f.to_source_id FROM record_references f
        JOIN records c ON c.project_id = f.project_id AND c.entity = 'category' AND c.source_id = f.to_source_id
        WHERE f.project_id = ${projectId} AND f.entity = u.entity AND f.source_id = u.source_id AND f.to_entity = 'category'
          AND ${stays('c', projectId)}
        ORDER BY length(f.to_source_id), f.to_source_id LIMIT 1) AS category
    FROM unnest(${paths.map(({ path }) => path)}::text[], ${paths.map(({ key }) => key)}::text[]) AS w (path, key)
    JOIN urls u ON u.project_id = ${projectId} AND u.path = w.path
    JOIN records r ON r.project_id = ${projectId} AND r.entity = u.entity AND r.source_id = u.source_id
    WHERE NOT EXISTS (SELECT FROM key_reservations k WHERE k.target_store = ${targetStore} AND k.kind = 'path' AND k.key = w.key)
    ORDER BY w.path, there DESC, u.first_seen_at DESC, u.entity, u.source_id`.execute(db);
  return rows.map((row) => ({
    path: row.path,
    ref: { entity: row.entity, sourceId: row.source_id },
    isThere: row.there,
    category: row.category,
  }));
}
