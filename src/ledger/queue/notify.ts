import { type QueryExecutorProvider, sql } from 'kysely';

/** On which PostgreSQL tells of changes of a project, named by its id (design §4). */
export const CHANGES_CHANNEL = 'storeferry_changes';

/** Wakes who waits for changes of the project; inside a transaction, once that is committed. */
export async function notifyChanges(db: QueryExecutorProvider, projectId: number): Promise<void> {
  await sql`SELECT pg_notify(${CHANGES_CHANNEL}, ${String(projectId)})`.execute(db);
}
