import { type QueryExecutorProvider, sql } from 'kysely';
import type { Instant } from '../domain/record.ts';
import { behind, type RowKey } from './keyset.ts';

export interface DeadLetter {
  readonly entity: string;
  readonly sourceId: string;
  readonly reason: string;
  readonly remedy: string;
  readonly since: Instant;
}

/** In order of entity and id; `after` is the entity and the id of the last one seen. */
export async function listDeadLetters(
  db: QueryExecutorProvider,
  projectId: number,
  page: { readonly after: RowKey; readonly limit: number },
): Promise<readonly DeadLetter[]> {
  const { rows } = await sql<DeadLetter>`
    SELECT entity, source_id AS "sourceId", reason, remedy, since FROM dead_letters
    WHERE project_id = ${projectId} AND ${behind(['entity', 'source_id'], page.after)}
    ORDER BY entity, source_id LIMIT ${page.limit}`.execute(db);
  return rows;
}
