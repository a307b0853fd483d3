import { type QueryExecutorProvider, sql } from 'kysely';
import type { Instant } from '../domain/record.ts';

export interface Decision {
  readonly id: number;
  readonly at: Instant;
  readonly decidedBy: string;
  readonly what: string;
  readonly detail: unknown;
}

/** Who or what decided something, and what. `by` is a key's or a rule's name, never a person's data. */
export async function appendDecision(
  db: QueryExecutorProvider,
  projectId: number,
  by: string,
  what: string,
  detail: object = {},
): Promise<void> {
  await sql`
    INSERT INTO decisions (project_id, decided_by, what, detail)
    VALUES (${projectId}, ${by}, ${what}, ${JSON.stringify(detail)}::jsonb)`.execute(db);
}

/** Newest first; `before` is the id of the last one seen. */
export async function listDecisions(
  db: QueryExecutorProvider,
  projectId: number,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly Decision[]> {
  const { rows } = await sql<Decision>`
    SELECT id, at, decided_by AS "decidedBy", what, detail FROM decisions
    WHERE project_id = ${projectId} AND (${page.before}::bigint IS NULL OR id < ${page.before}::bigint)
    ORDER BY id DESC LIMIT ${page.limit}`.execute(db);
  return rows;
}
