import { type QueryExecutorProvider, sql } from 'kysely';
import { completeOptions, type ProjectOptions } from '../domain/project-options.ts';
import { changedRates, type RateChanges, type Rates } from '../domain/rates.ts';
import { jsonText } from './json-text.ts';
import { storeNames } from './project-stores.ts';
import { setStoreRates } from './store-rates.ts';

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

/** Sets rates in flight, or takes them back: the next request and the next claim go by them. Those that are not named stay. */
export async function setRates(db: QueryExecutorProvider, projectId: number, rates: RateChanges): Promise<Rates> {
  const kept = changedRates((await projectOptions(db, projectId)).rates, rates);
  await changeOptions(db, projectId, { rates: kept });
  const { source, target } = await storeNames(db, projectId);
  for (const store of [source, target].toSorted()) await setStoreRates(db, store, rates);
  return kept;
}
