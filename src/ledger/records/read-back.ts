import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';
import type { Json } from '../../domain/json.ts';
import type { Instant } from '../../domain/record.ts';
import type { ChildPair } from '../../domain/target-state.ts';

/** A record at the target as it was meant, part by part. */
export interface MeantRecord {
  readonly sourceId: string;
  readonly targetId: string;
  /** The source's stamp says that it was edited since the run began. */
  readonly recent: boolean;
  readonly parts: readonly MeantPart[];
  readonly children: readonly ChildPair[];
}
export interface MeantPart {
  readonly part: string;
  readonly desired: Json;
  readonly base: Json;
  /** What could not be written and was said so: nothing to compare. */
  readonly state: 'applied' | 'open';
}

const PARTS = sql`coalesce((SELECT jsonb_agg(jsonb_build_object('part', p.part, 'desired', p.desired, 'base', p.base, 'state', p.state) ORDER BY p.part)
  FROM parts p WHERE p.project_id = r.project_id AND p.entity = r.entity AND p.source_id = r.source_id), '[]'::jsonb)`;

const CHILDREN = sql`coalesce((SELECT jsonb_agg(jsonb_build_object('kind', c.kind, 'sourceId', c.child_source_id, 'targetId', c.target_id))
  FROM children c WHERE c.project_id = r.project_id AND c.entity = r.entity AND c.source_id = r.source_id), '[]'::jsonb)`;

/** Records of an entity that this run settled since a time: the recently edited first, then a sample over all of them. */
export async function recordsToReadBack(
  db: QueryExecutorProvider,
  run: { readonly projectId: number; readonly runId: number; readonly startedAt: Instant },
  of: { readonly entity: Entity; readonly since: Instant; readonly most: number },
): Promise<readonly MeantRecord[]> {
  const { rows } = await sql<MeantRecord>`
    SELECT r.source_id AS "sourceId", r.target_id AS "targetId", coalesce(r.modified_at >= ${run.startedAt}, false) AS recent,
      ${PARTS} AS parts, ${CHILDREN} AS children
    FROM records r
    WHERE r.project_id = ${run.projectId} AND r.run_id = ${run.runId} AND r.entity = ${of.entity} AND r.state = 'live'
      AND r.target_id IS NOT NULL AND r.applied_at >= ${of.since}
      AND NOT EXISTS (SELECT FROM changes c
        WHERE c.project_id = r.project_id AND c.entity = r.entity AND c.source_id = r.source_id AND c.state <> 'waiting')
    ORDER BY recent DESC, md5(r.source_id) LIMIT ${of.most}`.execute(db);
  return rows;
}

/** Those of these records that are at the target. */
export async function meantRecords(
  db: QueryExecutorProvider,
  projectId: number,
  entity: Entity,
  sourceIds: readonly string[],
): Promise<readonly MeantRecord[]> {
  const { rows } = await sql<MeantRecord>`
    SELECT r.source_id AS "sourceId", r.target_id AS "targetId", false AS recent, ${PARTS} AS parts, ${CHILDREN} AS children
    FROM records r
    WHERE r.project_id = ${projectId} AND r.entity = ${entity} AND r.source_id = ANY (${sourceIds}::text[])
      AND r.state = 'live' AND r.target_id IS NOT NULL
    ORDER BY r.source_id`.execute(db);
  return rows;
}
