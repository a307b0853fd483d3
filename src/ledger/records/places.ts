import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { wantRead } from '../../domain/change.ts';
import { ALL_GUARDS } from '../../domain/guards.ts';
import type { Place, StorePage } from '../../domain/redirect.ts';
import { jsonText } from '../json-text.ts';
import { enqueueWithin } from '../queue/enqueue.ts';
import type { LedgerTables } from '../tables.ts';

/**
 * Notes addresses that are nobody's record, and has those that are new or lead elsewhere now looked at as redirects: both in one
 * transaction, so that a second attempt finds what is left. Addresses only ever grow (P11).
 */
export async function notePlaces(
  db: Kysely<LedgerTables>,
  { projectId, runId }: { readonly projectId: number; readonly runId: number | null },
  places: readonly Place[],
): Promise<number> {
  if (places.length === 0) return 0;
  const distinct = [...new Map(places.map((place) => [place.path, place])).values()];
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ path: string }>`
      INSERT INTO places AS p (project_id, path, page)
      SELECT ${projectId}, w.path, w."to" FROM jsonb_to_recordset(${jsonText(distinct)}::jsonb) AS w (path text, "to" jsonb)
      ON CONFLICT (project_id, path) DO UPDATE SET page = excluded.page WHERE p.page IS DISTINCT FROM excluded.page
      RETURNING path`.execute(transaction);
    await enqueueWithin(
      transaction,
      { projectId, runId, guards: ALL_GUARDS },
      rows.map(({ path }) => wantRead({ entity: 'redirect', sourceId: path }, 'copy')),
    );
    return rows.length;
  });
}

/** The pages that stand for these addresses; none where a record has the address at the target, which leads nowhere else. */
export async function placesAt(
  db: QueryExecutorProvider,
  { projectId, targetStore }: { readonly projectId: number; readonly targetStore: string },
  paths: readonly { readonly path: string; readonly key: string }[],
): Promise<readonly Place[]> {
  const { rows } = await sql<{ path: string; page: StorePage }>`
    SELECT w.path, p.page FROM unnest(${paths.map(({ path }) => path)}::text[], ${paths.map(({ key }) => key)}::text[]) AS w (path, key)
    JOIN places p ON p.project_id = ${projectId} AND p.path = w.path
    WHERE NOT EXISTS (SELECT FROM key_reservations k WHERE k.target_store = ${targetStore} AND k.kind = 'path' AND k.key = w.key)`.execute(
    db,
  );
  return rows.map(({ path, page }) => ({ path, to: page }));
}
