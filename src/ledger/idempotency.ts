import { type QueryExecutorProvider, sql } from 'kysely';

/** How long an answer is kept, and how long a request may be under way before a repeat takes over. */
const KEPT_HOURS = 24;
const ABANDONED_SECONDS = 60;

export type Beginning =
  | { readonly state: 'new' }
  | { readonly state: 'replay'; readonly status: number; readonly answer: unknown }
  | { readonly state: 'in-progress' }
  | { readonly state: 'other-request' };

/** Begins a request under its key: answered before, under way, used for another request, or new (P14). */
export async function beginIdempotent(
  db: QueryExecutorProvider,
  request: { readonly key: string; readonly route: string; readonly requestHash: string },
): Promise<Beginning> {
  const { rows: begun } = await sql<{ key: string }>`
    INSERT INTO idempotency_keys AS i (key, route, request_hash) VALUES (${request.key}, ${request.route}, ${request.requestHash})
    ON CONFLICT (key) DO UPDATE SET made_at = clock_timestamp(), status = NULL, answer = NULL, request_hash = excluded.request_hash
      WHERE i.made_at < clock_timestamp() - ${KEPT_HOURS} * interval '1 hour'
        OR (i.status IS NULL AND i.request_hash = excluded.request_hash
          AND i.made_at < clock_timestamp() - ${ABANDONED_SECONDS} * interval '1 second')
    RETURNING key`.execute(db);
  if (begun.length > 0) return { state: 'new' };
  const { rows } = await sql<{ request_hash: string; status: number | null; answer: unknown }>`
    SELECT request_hash, status, answer FROM idempotency_keys WHERE key = ${request.key}`.execute(db);
  const kept = rows[0];
  if (kept === undefined) return { state: 'in-progress' };
  if (kept.request_hash !== request.requestHash) return { state: 'other-request' };
  return kept.status === null
    ? { state: 'in-progress' }
    : { state: 'replay', status: kept.status, answer: kept.answer };
}

/** Keeps the answer; a status of 500 and above is not kept, so that the request can be made again. */
export async function finishIdempotent(
  db: QueryExecutorProvider,
  key: string,
  status: number,
  answer: unknown,
): Promise<void> {
  if (status >= 500) {
    await sql`DELETE FROM idempotency_keys WHERE key = ${key}`.execute(db);
    return;
  }
  await sql`
    UPDATE idempotency_keys SET status = ${status}, answer = ${JSON.stringify(answer ?? null)}::jsonb WHERE key = ${key}`.execute(
    db,
  );
}
