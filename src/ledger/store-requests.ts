import { type QueryExecutorProvider, sql } from 'kysely';
import type { Side } from './connections.ts';
import { jsonText } from './json-text.ts';
import { storesOf } from './project-stores.ts';

/** Requests to one of a project's stores, by what they came to: `ok`, or the kind of failure. */
export interface RequestCount {
  readonly side: Side;
  readonly outcome: string;
  readonly count: number;
}

/** Adds what a process has counted to what all of them have. */
export async function addRequests(
  db: QueryExecutorProvider,
  projectId: number,
  counts: readonly RequestCount[],
): Promise<void> {
  // In one order for all processes, so that none waits for a row that waits for it.
  await sql`
    INSERT INTO store_requests (store, outcome, count)
    SELECT s.store, c.outcome, sum(c.count)::bigint
    FROM jsonb_to_recordset(${jsonText(counts)}::jsonb) AS c (side text, outcome text, count bigint)
    JOIN (${storesOf(projectId)}) s ON s.side = c.side
    GROUP BY s.store, c.outcome ORDER BY s.store, c.outcome
    ON CONFLICT (store, outcome) DO UPDATE SET count = store_requests.count + excluded.count`.execute(db);
}

export async function storeRequests(
  db: QueryExecutorProvider,
): Promise<readonly { readonly store: string; readonly outcome: string; readonly count: number }[]> {
  const { rows } = await sql<{ store: string; outcome: string; count: number }>`
    SELECT store, outcome, count FROM store_requests ORDER BY store, outcome`.execute(db);
  return rows;
}
