import { type QueryExecutorProvider, sql } from 'kysely';
import { type Entity, entityRank } from '../domain/entity.ts';
import { groupBy } from '../domain/group-by.ts';
import { changesIn, oldestIn, type QueueGroup } from './queue/queue-groups.ts';

/** How far an entity is behind (design §1). Ages in seconds. */
export interface EntityLag {
  readonly entity: Entity;
  /** Changes waiting. */
  readonly changes: number;
  /** Age of the oldest of them; null: none waits. */
  readonly oldestChangeSeconds: number | null;
  /** Since the source was last asked for what changed; null: never, or it cannot say. */
  readonly captureSeconds: number | null;
  /** Since all of the entity was last held against the ledger; null: never. */
  readonly sweepSeconds: number | null;
}

const AGES = sql`extract(epoch FROM clock_timestamp() - w.captured_at)::float8 AS "captureSeconds",
  extract(epoch FROM clock_timestamp() - w.swept_at)::float8 AS "sweepSeconds"`;

/**
 * The entities that capture was started for, or that have changes waiting; in copy order.
 *
 * @param queue all of the project's queue (`queueGroups`)
 */
export async function entityLags(
  db: QueryExecutorProvider,
  projectId: number,
  queue: readonly QueueGroup[],
): Promise<readonly EntityLag[]> {
  const { rows } = await sql<Pick<EntityLag, 'entity' | 'captureSeconds' | 'sweepSeconds'>>`
    SELECT w.entity, ${AGES} FROM watermarks w WHERE w.project_id = ${projectId}`.execute(db);
  const ages = new Map(rows.map((row) => [row.entity, row]));
  const queued = groupBy(queue, ({ entity }) => entity);
  return [...new Set([...ages.keys(), ...queued.keys()])]
    .sort((a, b) => entityRank(a) - entityRank(b))
    .map((entity) => {
      const groups = queued.get(entity) ?? [];
      return {
        entity,
        changes: changesIn(groups),
        oldestChangeSeconds: oldestIn(groups),
        captureSeconds: ages.get(entity)?.captureSeconds ?? null,
        sweepSeconds: ages.get(entity)?.sweepSeconds ?? null,
      };
    });
}

/** Of the entities that were captured, or swept, the one that was longest ago; null: none was. Seconds. */
export function longestAgo(lags: readonly EntityLag[], of: 'captureSeconds' | 'sweepSeconds'): number | null {
  const ages = lags.flatMap((lag) => lag[of] ?? []);
  return ages.length === 0 ? null : Math.max(...ages);
}

/** Of all projects that are not deleted, named by their slugs. */
export async function allEntityLags(
  db: QueryExecutorProvider,
): Promise<readonly (EntityLag & { readonly project: string })[]> {
  const { rows } = await sql<EntityLag & { readonly project: string }>`
    SELECT p.slug AS project, coalesce(c.entity, w.entity) AS entity, coalesce(c.changes, 0)::integer AS changes,
      extract(epoch FROM clock_timestamp() - c.oldest)::float8 AS "oldestChangeSeconds", ${AGES}
    FROM (SELECT project_id, entity, count(*) AS changes, min(first_seen_at) AS oldest FROM changes
      GROUP BY project_id, entity) c
    FULL JOIN watermarks w ON w.project_id = c.project_id AND w.entity = c.entity
    JOIN projects p ON p.id = coalesce(c.project_id, w.project_id)
    WHERE p.deleted_at IS NULL ORDER BY p.slug, 2`.execute(db);
  return rows;
}
