import { type QueryExecutorProvider, sql } from 'kysely';
import { completeOptions, type ProjectOptions } from '../domain/project-options.ts';
import type { Rates } from '../domain/rates.ts';
import { jsonText } from './json-text.ts';
import { storeNames } from './project-stores.ts';

/** Null: there is no such project. */
export async function projectOptions(db: QueryExecutorProvider, projectId: number): Promise<ProjectOptions> {
  const { rows } = await sql<{ options: Partial<ProjectOptions> }>`
    SELECT options FROM projects WHERE id = ${projectId}`.execute(db);
  return completeOptions(rows[0]?.options ?? null);
}

/** Puts other options in force; those that are not named stay. */
export async function changeOptions(
  db: QueryExecutorProvider,
  projectId: number,
  changed: Partial<ProjectOptions>,
): Promise<ProjectOptions> {
  const { rows } = await sql<{ options: Partial<ProjectOptions> }>`
    UPDATE projects SET options = options || ${jsonText(changed)}::jsonb, updated_at = clock_timestamp()
    WHERE id = ${projectId} RETURNING options`.execute(db);
  return completeOptions(rows[0]?.options ?? null);
}

/** Sets rates in flight: the next request and the next claim go by them. Those that are not named stay. */
export async function setRates(db: QueryExecutorProvider, projectId: number, rates: Rates): Promise<Rates> {
  const kept = { ...(await projectOptions(db, projectId)).rates, ...rates };
  await changeOptions(db, projectId, { rates: kept });
  const { source, target } = await storeNames(db, projectId);
  for (const store of [source, target].toSorted()) await setStoreRates(db, store, rates);
  return kept;
}

/** For one store alone: requests in flight, and the merchant's reserve. */
export async function setStoreRates(
  db: QueryExecutorProvider,
  store: string,
  { concurrency, reservePercent }: Rates,
): Promise<void> {
  await sql`
    INSERT INTO quota_windows (store, set_concurrency, set_reserve_percent, set_at)
    VALUES (${store}, ${concurrency ?? null}::integer, ${reservePercent ?? null}::integer, clock_timestamp())
    ON CONFLICT (store) DO UPDATE SET set_at = clock_timestamp(),
      set_concurrency = coalesce(excluded.set_concurrency, quota_windows.set_concurrency),
      set_reserve_percent = coalesce(excluded.set_reserve_percent, quota_windows.set_reserve_percent)`.execute(db);
}

/** Requests that may be in flight at once at a store, as somebody set them and how long ago; null: nobody did. */
export async function storeConcurrency(
  db: QueryExecutorProvider,
  store: string,
): Promise<{ readonly concurrency: number | null; readonly setMsAgo: number | null }> {
  const { rows } = await sql<{ concurrency: number | null; setMsAgo: number | null }>`
    SELECT set_concurrency AS concurrency, (extract(epoch FROM clock_timestamp() - set_at) * 1000)::float8 AS "setMsAgo"
    FROM quota_windows WHERE store = ${store}`.execute(db);
  return rows[0] ?? { concurrency: null, setMsAgo: null };
}
