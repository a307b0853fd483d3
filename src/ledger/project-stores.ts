import { type QueryExecutorProvider, sql } from 'kysely';
import type { Side } from './connections.ts';

/** How the stores of a project are named by the governor (P12). */
export interface StoreNames {
  readonly source: string;
  readonly target: string;
}

/** The two as rows of `side` and `store`; a project without a connection to its source has one. */
export const storesOf = (projectId: number) => sql<{ side: Side; store: string }>`
  SELECT 'target' AS side, target_store AS store FROM projects WHERE id = ${projectId}
  UNION ALL SELECT 'source', c.platform || ':' || p.source_key FROM projects p
    JOIN connections c ON c.project_id = p.id AND c.side = 'source' WHERE p.id = ${projectId}`;

/** Of `quota_waits`: a line that nobody looks at any more is of a process that is gone. */
export const STILL_WAITS = sql`seen_at > clock_timestamp() - interval '5 seconds'`;

/** @throws when the project has no source */
export async function storeNames(db: QueryExecutorProvider, projectId: number): Promise<StoreNames> {
  const { rows } = await storesOf(projectId).execute(db);
  const named = new Map(rows.map(({ side, store }) => [side, store]));
  const source = named.get('source');
  const target = named.get('target');
  if (source === undefined || target === undefined) throw new Error(`project ${projectId} has no source`);
  return { source, target };
}
