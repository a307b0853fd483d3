import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../domain/entity.ts';
import type { Instant } from '../domain/record.ts';

/** A slice as an operator sees it. Counts of records. */
export interface SliceView {
  readonly id: number;
  readonly entity: Entity;
  readonly ordinal: number;
  readonly pass: number;
  /** `copied`: read, and nothing of it waits in the queue any more. */
  readonly state: 'planned' | 'reading' | 'read' | 'copied';
  /** Orders and coupons: compared first, re-run with care. */
  readonly moneyBearing: boolean;
  readonly records: number;
  readonly read: number;
  readonly atTarget: number;
  readonly inQueue: number;
  readonly failed: number;
  readonly firstId: string;
  readonly lastId: string;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
}

/** In the order in which they are copied; `after` is the id of the last one seen, 0 for the first page. */
export async function listSlices(
  db: QueryExecutorProvider,
  { projectId, runId }: { readonly projectId: number; readonly runId: number },
  page: { readonly after: number; readonly limit: number; readonly entity: Entity | null },
): Promise<readonly SliceView[]> {
  const { rows } = await sql<SliceView>`
    SELECT s.id, s.entity, s.ordinal, s.pass, s.money_bearing AS "moneyBearing", cardinality(s.source_ids) AS records,
      s.read_count AS read, s.source_ids[1] AS "firstId", s.source_ids[cardinality(s.source_ids)] AS "lastId",
      s.started_at AS "startedAt", s.ended_at AS "endedAt", q.count AS "inQueue", t.count AS "atTarget", d.count AS failed,
      CASE WHEN s.state = 'read' AND q.count = 0 THEN 'copied' ELSE s.state END AS state
    FROM slices s
    CROSS JOIN LATERAL (SELECT count(*)::integer AS count FROM changes c
      WHERE c.project_id = ${projectId} AND c.entity = s.entity AND c.source_id = ANY (s.source_ids)) q
    CROSS JOIN LATERAL (SELECT count(*)::integer AS count FROM records r
      WHERE r.project_id = ${projectId} AND r.entity = s.entity AND r.source_id = ANY (s.source_ids) AND r.target_id IS NOT NULL) t
    CROSS JOIN LATERAL (SELECT count(*)::integer AS count FROM dead_letters d
      WHERE d.project_id = ${projectId} AND d.entity = s.entity AND d.source_id = ANY (s.source_ids)) d
    WHERE s.run_id = ${runId} AND s.state <> 'listed' AND s.id > ${page.after} AND (${page.entity}::text IS NULL OR s.entity = ${page.entity})
    ORDER BY s.id LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** The records of a slice; null when the project has no such slice. */
export async function sliceOf(
  db: QueryExecutorProvider,
  projectId: number,
  sliceId: number,
): Promise<{ readonly runId: number; readonly entity: Entity; readonly sourceIds: readonly string[] } | null> {
  const { rows } = await sql<{ runId: number; entity: Entity; sourceIds: string[] }>`
    SELECT s.run_id AS "runId", s.entity, s.source_ids AS "sourceIds" FROM slices s JOIN runs r ON r.id = s.run_id
    WHERE s.id = ${sliceId} AND r.project_id = ${projectId}`.execute(db);
  return rows[0] ?? null;
}
