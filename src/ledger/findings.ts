import { type QueryExecutorProvider, sql } from 'kysely';
import { behind, type RowKey } from './keyset.ts';

/** How many records a key of the rulebook concerns, and which for example. */
export interface KeyCount {
  readonly key: string;
  readonly entity: string;
  readonly records: number;
  /** Five source ids at most. */
  readonly samples: readonly string[];
}

/** One record that a key concerns. */
export interface FindingRow {
  readonly entity: string;
  readonly sourceId: string;
  readonly field: string;
  readonly detail: object;
}

type Kind = 'adjustments' | 'report_items';

const DETAIL = {
  adjustments: sql`jsonb_build_object('before', before, 'after', after, 'why', why)`,
  report_items: sql`jsonb_build_object('sample', sample)`,
};

/** By key and entity, the most frequent first. */
export async function countByKey(
  db: QueryExecutorProvider,
  projectId: number,
  kind: Kind,
): Promise<readonly KeyCount[]> {
  const { rows } = await sql<KeyCount>`
    SELECT key, entity, count(DISTINCT source_id)::integer AS records,
      (array_agg(DISTINCT source_id))[1:5] AS samples
    FROM ${sql.table(kind)} WHERE project_id = ${projectId}
    GROUP BY key, entity ORDER BY records DESC, key, entity`.execute(db);
  return rows;
}

/** In order of entity, id and field; `after` is these of the last one seen. */
export async function listByKey(
  db: QueryExecutorProvider,
  projectId: number,
  kind: Kind,
  page: { readonly key: string; readonly after: RowKey; readonly limit: number },
): Promise<readonly FindingRow[]> {
  const { rows } = await sql<FindingRow>`
    SELECT entity, source_id AS "sourceId", field, ${DETAIL[kind]} AS detail
    FROM ${sql.table(kind)}
    WHERE project_id = ${projectId} AND key = ${page.key} AND ${behind(['entity', 'source_id', 'field'], page.after)}
    ORDER BY entity, source_id, field LIMIT ${page.limit}`.execute(db);
  return rows;
}
