import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../domain/entity.ts';
import { WEBHOOK } from './hints.ts';
import { CHANGES_CHANNEL } from './queue/notify.ts';

/**
 * What became of a delivery. `received`: a hint of its own; `repeated`: the same body for the same record waits already;
 * `ignored`: it names nothing that is moved; `rejected`: not signed with the project's secret.
 */
export type DeliveryOutcome = 'received' | 'repeated' | 'ignored' | 'rejected';

/** Counts what is no reason to read. @param topic one of those that are wanted, or '' */
export async function countDelivery(
  db: QueryExecutorProvider,
  projectId: number,
  topic: string,
  outcome: DeliveryOutcome,
): Promise<void> {
  await sql`
    INSERT INTO hook_deliveries AS d (project_id, topic, outcome, count, last_at)
    VALUES (${projectId}, ${topic}, ${outcome}, 1, clock_timestamp())
    ON CONFLICT (project_id, topic, outcome) DO UPDATE SET count = d.count + 1, last_at = excluded.last_at`.execute(db);
}

/**
 * Puts a verified delivery down as a hint and counts it, in one statement. A body that came before is the same look only while
 * nobody has taken that hint: one that is being taken in this moment is passed over, for the read that it leads to may have
 * begun before this delivery's change. Delivery ids are no help: deliveries of one second share theirs (source-apis §1.8).
 */
export async function receiveDelivery(
  db: QueryExecutorProvider,
  projectId: number,
  { topic, ref, bodyHash }: { readonly topic: string; readonly ref: RecordRef; readonly bodyHash: string },
): Promise<'received' | 'repeated'> {
  const { rows } = await sql<{ outcome: 'received' | 'repeated' }>`
    WITH known AS (
      SELECT id FROM hints
      WHERE project_id = ${projectId} AND entity = ${ref.entity} AND source_id = ${ref.sourceId} AND body_hash = ${bodyHash}
      LIMIT 1 FOR SHARE SKIP LOCKED
    ), put AS (
      INSERT INTO hints (project_id, origin, entity, source_id, body_hash)
      SELECT ${projectId}, ${WEBHOOK}, ${ref.entity}, ${ref.sourceId}, ${bodyHash} WHERE NOT EXISTS (SELECT FROM known)
      RETURNING pg_notify(${CHANGES_CHANNEL}, ${String(projectId)})
    )
    INSERT INTO hook_deliveries AS d (project_id, topic, outcome, count, last_at)
    SELECT ${projectId}, ${topic}, CASE WHEN EXISTS (SELECT FROM put) THEN 'received' ELSE 'repeated' END, 1, clock_timestamp()
    ON CONFLICT (project_id, topic, outcome) DO UPDATE SET count = d.count + 1, last_at = excluded.last_at
    RETURNING outcome`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('a delivery was not put down');
  return row.outcome;
}

interface DeliveryCount {
  readonly project: string;
  readonly outcome: DeliveryOutcome;
  readonly count: number;
}

/** Over all topics and all time, of projects that are not deleted. */
export async function deliveryCounts(db: QueryExecutorProvider): Promise<readonly DeliveryCount[]> {
  const { rows } = await sql<DeliveryCount>`
    SELECT p.slug AS project, d.outcome, sum(d.count)::float8 AS count
    FROM hook_deliveries d JOIN projects p ON p.id = d.project_id
    WHERE p.deleted_at IS NULL GROUP BY p.slug, d.outcome ORDER BY p.slug, d.outcome`.execute(db);
  return rows;
}

/** Hooks at the source as they were seen last. */
export async function hookStates(
  db: QueryExecutorProvider,
): Promise<readonly { readonly project: string; readonly state: string; readonly count: number }[]> {
  const { rows } = await sql<{ project: string; state: string; count: number }>`
    SELECT p.slug AS project, h.state, count(*)::integer AS count
    FROM source_hooks h JOIN projects p ON p.id = h.project_id
    WHERE p.deleted_at IS NULL GROUP BY p.slug, h.state ORDER BY p.slug, h.state`.execute(db);
  return rows;
}
