import { type QueryExecutorProvider, sql } from 'kysely';
import type { Claim } from '../apply-ledger.ts';

export interface RenewOptions {
  readonly projectId: number;
  readonly leaseMs: number;
}

/**
 * Gives claims that are still held a whole lease from now on, all of them or none: a lease that has ended, a row that another
 * has claimed and a project that is paused get no more time (P5). Returns whether they were renewed.
 */
export async function renewLeases(
  db: QueryExecutorProvider,
  { projectId, leaseMs }: RenewOptions,
  claims: readonly Claim[],
): Promise<boolean> {
  const [ids, epochs] = [claims.map(({ id }) => id), claims.map(({ epoch }) => epoch)];
  const { rows } = await sql<{ id: number }>`
    WITH held AS MATERIALIZED (
      SELECT c.id FROM changes c
      JOIN unnest(${ids}::bigint[], ${epochs}::integer[]) AS w (id, epoch) USING (id, epoch)
      WHERE c.project_id = ${projectId} AND c.state = 'leased' AND c.lease_until > clock_timestamp()
        AND NOT EXISTS (SELECT FROM projects p WHERE p.id = ${projectId} AND p.paused_at IS NOT NULL)
      ORDER BY c.id
      FOR UPDATE OF c
    )
    UPDATE changes c SET lease_until = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    FROM held WHERE c.id = held.id AND (SELECT count(*) FROM held) = ${claims.length}
    RETURNING c.id`.execute(db);
  return rows.length > 0;
}
