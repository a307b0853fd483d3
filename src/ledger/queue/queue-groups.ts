import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';

/** Changes in the queue that are alike. */
export interface QueueGroup {
  readonly entity: Entity;
  readonly state: string;
  /** What they wait for; null: for nothing that was named. */
  readonly reason: string | null;
  readonly count: number;
  /** Age of the oldest, seconds. */
  readonly oldest: number;
}

/** The whole queue in one scan, for all that is shown of it: a page that is looked at every second must not cost more. */
export async function queueGroups(db: QueryExecutorProvider, projectId: number): Promise<readonly QueueGroup[]> {
  const { rows } = await sql<QueueGroup>`
    SELECT entity, state, state_reason AS reason, count(*)::integer AS count,
      extract(epoch FROM clock_timestamp() - min(first_seen_at))::float8 AS oldest
    FROM changes WHERE project_id = ${projectId} GROUP BY entity, state, state_reason`.execute(db);
  return rows;
}

/** Changes in these groups together. */
export function changesIn(groups: readonly QueueGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/** Age of the oldest change in these groups, seconds; null: there is none. */
export function oldestIn(groups: readonly QueueGroup[]): number | null {
  return groups.length === 0 ? null : Math.max(...groups.map(({ oldest }) => oldest));
}
