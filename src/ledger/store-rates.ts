import { type QueryExecutorProvider, sql } from 'kysely';
import type { RateChanges } from '../domain/rates.ts';
import { storesOf } from './project-stores.ts';

/** For one store alone: requests in flight, and the merchant's reserve. A person's word on the former ends a rest. */
export async function setStoreRates(
  db: QueryExecutorProvider,
  store: string,
  { concurrency, reservePercent }: RateChanges,
): Promise<void> {
  await sql`
    INSERT INTO quota_windows (store, set_concurrency, set_reserve_percent, set_at)
    VALUES (${store}, ${concurrency ?? null}::integer, ${reservePercent ?? null}::integer, clock_timestamp())
    ON CONFLICT (store) DO UPDATE SET set_at = clock_timestamp(),
      set_concurrency = CASE WHEN ${concurrency !== undefined} THEN excluded.set_concurrency ELSE quota_windows.set_concurrency END,
      resting = quota_windows.resting AND ${concurrency === undefined},
      rested_from = CASE WHEN ${concurrency === undefined} THEN quota_windows.rested_from END,
      set_reserve_percent = CASE WHEN ${reservePercent !== undefined} THEN excluded.set_reserve_percent
        ELSE quota_windows.set_reserve_percent END`.execute(db);
}

/** Requests that may be in flight at once at a store. */
export interface StoreConcurrency {
  /** As somebody set it, or a rest left it; null: as the service is set. */
  readonly concurrency: number | null;
  readonly setMsAgo: number | null;
  readonly resting: boolean;
  /** Of a store that rests: as it was set before; null: nobody had. */
  readonly restedFrom: number | null;
}

export async function storeConcurrency(db: QueryExecutorProvider, store: string): Promise<StoreConcurrency> {
  const { rows } = await sql<StoreConcurrency>`
    SELECT set_concurrency AS concurrency, (extract(epoch FROM clock_timestamp() - set_at) * 1000)::float8 AS "setMsAgo",
      resting, rested_from AS "restedFrom"
    FROM quota_windows WHERE store = ${store}`.execute(db);
  return rows[0] ?? { concurrency: null, setMsAgo: null, resting: false, restedFrom: null };
}

/** Of several workers that see a store slow down at once, one lowers it: true for that one. */
export async function lowerForRest(
  db: QueryExecutorProvider,
  store: string,
  { seen, to }: { readonly seen: StoreConcurrency; readonly to: number },
): Promise<boolean> {
  await sql`INSERT INTO quota_windows (store) VALUES (${store}) ON CONFLICT DO NOTHING`.execute(db);
  const { rows } = await sql`
    UPDATE quota_windows SET set_concurrency = ${to}::integer, set_at = clock_timestamp(), resting = true,
      rested_from = CASE WHEN resting THEN rested_from ELSE set_concurrency END
    WHERE store = ${store} AND resting = ${seen.resting} AND set_concurrency IS NOT DISTINCT FROM ${seen.concurrency}::integer
    RETURNING store`.execute(db);
  return rows.length > 0;
}

/** The way back, likewise: to so many, or, with null, to what was set before the rest, which is over with that. */
export async function raiseAfterRest(
  db: QueryExecutorProvider,
  store: string,
  { seen, to }: { readonly seen: StoreConcurrency; readonly to: number | null },
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE quota_windows SET set_at = clock_timestamp(), resting = ${to !== null},
      set_concurrency = CASE WHEN ${to === null} THEN rested_from ELSE ${to}::integer END,
      rested_from = CASE WHEN ${to !== null} THEN rested_from END
    WHERE store = ${store} AND resting AND set_concurrency IS NOT DISTINCT FROM ${seen.concurrency}::integer
    RETURNING store`.execute(db);
  return rows.length > 0;
}

/**
 * Ends the rest of the stores of a run that is over, where no other run works them: nobody is left who would see them recover.
 * Returns the stores.
 */
export async function endRest(
  db: QueryExecutorProvider,
  { id, projectId }: { readonly id: number; readonly projectId: number },
): Promise<readonly string[]> {
  const { rows } = await sql<{ store: string }>`
    UPDATE quota_windows w SET set_concurrency = rested_from, rested_from = NULL, resting = false, set_at = clock_timestamp()
    FROM (${storesOf(projectId)}) s
    WHERE w.store = s.store AND w.resting AND NOT EXISTS (
      SELECT FROM runs r JOIN projects p ON p.id = r.project_id
      LEFT JOIN connections c ON c.project_id = p.id AND c.side = 'source'
      WHERE r.state = 'running' AND r.id <> ${id} AND (p.target_store = w.store OR c.platform || ':' || p.source_key = w.store))
    RETURNING w.store`.execute(db);
  return rows.map(({ store }) => store);
}
