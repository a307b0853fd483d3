import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import type { EnqueueOptions } from '../queue/enqueue.ts';
import { lookAgain } from '../queue/look-again.ts';
import { refArrays } from '../queue/rows.ts';
import { lockKeys } from './reservations.ts';

export interface FreedKeyOptions extends EnqueueOptions {
  readonly targetStore: string;
}

/**
 * Keys that these records no longer want are free once what dropped them is committed, those that they kept are at the target
 * now (P6). Whoever took another key because one of the freed was taken is looked at again: so two records that swap their
 * keys end with their own, whatever else arrives for them in between.
 */
export async function freeKeys(
  transaction: QueryExecutorProvider,
  options: FreedKeyOptions,
  settlements: readonly Settlement[],
): Promise<void> {
  const arrived = settlements.filter(({ progress }) => progress?.releasesKeys === true);
  if (arrived.length === 0) return;
  const live = heldBy(options, arrived, (state) => state === 'live');
  const gone = heldBy(options, arrived, (state) => state !== 'live');
  const { rows } = await sql<{ frees: boolean }>`
    WITH freeing AS (
      SELECT EXISTS (SELECT FROM key_reservations k WHERE ${live} AND k.releasing)
        OR EXISTS (SELECT FROM key_reservations k WHERE ${gone}) AS frees
    ), kept AS (
      -- Not before the lock where one is needed: who holds it may be waiting for these rows.
      UPDATE key_reservations k SET settled = true WHERE ${live} AND NOT k.settled AND NOT (SELECT frees FROM freeing)
    )
    SELECT frees FROM freeing`.execute(transaction);
  if (rows[0]?.frees !== true) return;
  // From here to the commit nobody takes a second-best key for want of one of these: he finds it free, or we find him.
  await lockKeys(transaction, options.targetStore);
  const freed = await sql<FreedKey>`
    DELETE FROM key_reservations k WHERE ${live} AND k.releasing OR ${gone} RETURNING kind, scope, key`.execute(
    transaction,
  );
  await callWanters(transaction, options, freed.rows);
  await sql`UPDATE key_reservations k SET settled = true WHERE ${live} AND NOT k.settled`.execute(transaction);
}

interface FreedKey {
  readonly kind: string;
  readonly scope: string;
  readonly key: string;
}

/** Condition on table alias `k`: held by one of those records whose state is asked for. */
function heldBy(
  { projectId }: FreedKeyOptions,
  settlements: readonly Settlement[],
  isMeant: (state: string | undefined) => boolean,
): RawBuilder<boolean> {
  const meant = settlements.filter(({ progress }) => isMeant(progress?.state));
  const { entities, sourceIds } = refArrays(meant.map(({ claim }) => claim.ref));
  return sql<boolean>`(k.project_id = ${projectId}
    AND (k.entity, k.source_id) IN (SELECT * FROM unnest(${entities}::text[], ${sourceIds}::text[])))`;
}

/** A record whose change waits in the queue looks for itself; one that is being worked on has looked already. */
async function callWanters(
  transaction: QueryExecutorProvider,
  options: FreedKeyOptions,
  freed: readonly FreedKey[],
): Promise<void> {
  const { rows } = await sql<{ entity: Entity; source_id: string }>`
    SELECT DISTINCT k.entity, k.source_id
    FROM unnest(
      ${freed.map(({ kind }) => kind)}::text[], ${freed.map(({ scope }) => scope)}::text[],
      ${freed.map(({ key }) => key)}::text[]) AS f (kind, scope, key)
    JOIN key_reservations k ON k.target_store = ${options.targetStore} AND k.kind = f.kind AND k.scope = f.scope
      AND k.wanted = f.key AND k.key <> k.wanted AND k.project_id = ${options.projectId}
    LEFT JOIN changes c ON c.project_id = k.project_id AND c.entity = k.entity AND c.source_id = k.source_id
    WHERE c.id IS NULL OR c.state = 'leased'
    ORDER BY k.entity, k.source_id`.execute(transaction);
  await lookAgain(transaction, options, rows, 'freed-key');
}
