import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { DELIVERY_LIVES_MS, deliveryRetryMs } from '../../domain/alerts.ts';
import { appendDecision } from '../decisions.ts';
import type { LedgerTables } from '../tables.ts';

/** An alert that is to be sent, and its receiver (`openReceiver`). */
export interface Delivery {
  /** Stays the same however often it is sent. */
  readonly id: string;
  readonly projectId: number;
  readonly slug: string;
  readonly event: 'opened' | 'cleared';
  readonly body: string;
  /** This one included. */
  readonly attempts: number;
  readonly sealed: Buffer;
}

/** Takes what is due and has been for longest; who takes it has so long to say what came of it, then another may. */
export async function claimDelivery(db: QueryExecutorProvider, leaseMs: number): Promise<Delivery | null> {
  const { rows } = await sql<Delivery>`
    UPDATE alert_deliveries d SET attempts = attempts + 1, next_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    FROM projects p, alert_targets t
    WHERE p.id = d.project_id AND t.project_id = d.project_id AND d.id = (
      SELECT o.id FROM alert_deliveries o JOIN alert_targets USING (project_id)
      WHERE o.delivered_at IS NULL AND o.given_up_at IS NULL AND o.next_at <= clock_timestamp()
      ORDER BY o.next_at LIMIT 1 FOR UPDATE OF o SKIP LOCKED)
    RETURNING d.id, d.project_id AS "projectId", p.slug, d.event, d.body, d.attempts, t.sealed`.execute(db);
  return rows[0] ?? null;
}

/** Says what came of an attempt: null, it has arrived; else why not. Whoever lost the lease meanwhile says nothing. */
export async function settleDelivery(
  db: Kysely<LedgerTables>,
  { id, projectId, attempts, event }: Pick<Delivery, 'id' | 'projectId' | 'attempts' | 'event'>,
  error: string | null,
): Promise<'delivered' | 'later' | 'given up' | 'lost'> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ delivered: boolean; givenUp: boolean }>`
      UPDATE alert_deliveries SET last_error = ${error},
        delivered_at = CASE WHEN ${error}::text IS NULL THEN clock_timestamp() END,
        given_up_at = CASE WHEN ${error}::text IS NOT NULL AND clock_timestamp() - created_at > ${DELIVERY_LIVES_MS} * interval '1 millisecond'
          THEN clock_timestamp() END,
        next_at = clock_timestamp() + ${deliveryRetryMs(attempts)} * interval '1 millisecond'
      WHERE id = ${id} AND attempts = ${attempts} AND delivered_at IS NULL AND given_up_at IS NULL
      RETURNING delivered_at IS NOT NULL AS delivered, given_up_at IS NOT NULL AS "givenUp"`.execute(transaction);
    const [row] = rows;
    if (row === undefined) return 'lost';
    if (row.givenUp) {
      await appendDecision(transaction, projectId, 'rule', 'alert not delivered', { event, attempts, why: error });
      return 'given up';
    }
    return row.delivered ? 'delivered' : 'later';
  });
}

/** What the receiver has not got: still to be sent, and given up after a day. */
export async function undelivered(
  db: QueryExecutorProvider,
  projectId: number,
): Promise<{ readonly waiting: number; readonly givenUp: number; readonly lastError: string | null }> {
  const { rows } = await sql<{ waiting: number; givenUp: number; lastError: string | null }>`
    SELECT count(*) FILTER (WHERE given_up_at IS NULL)::integer AS waiting,
      count(*) FILTER (WHERE given_up_at IS NOT NULL)::integer AS "givenUp",
      (array_agg(last_error ORDER BY next_at DESC) FILTER (WHERE last_error IS NOT NULL))[1] AS "lastError"
    FROM alert_deliveries WHERE project_id = ${projectId} AND delivered_at IS NULL`.execute(db);
  return rows[0] ?? { waiting: 0, givenUp: 0, lastError: null };
}
