import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import type { EnqueueOptions } from '../queue/enqueue.ts';
import { lookAgain } from '../queue/look-again.ts';
import { refArrays } from '../queue/rows.ts';

/** Address at the source in the form in which addresses are compared, and what the record that lives there is called by now. */
export interface MovedAddress {
  readonly key: string;
  readonly address: string;
}

/** A link that does not lead to its own address yet, and what was written instead; null: it stands as it is at the source. */
export interface OpenLink {
  readonly key: string;
  readonly address: string | null;
}

/** Records that were seen under an address and are at the target, with the path that is reserved for them there. */
const residents = sql`
  urls u
  JOIN records r ON r.project_id = u.project_id AND r.entity = u.entity AND r.source_id = u.source_id
    AND r.state = 'live' AND r.target_id IS NOT NULL
  JOIN key_reservations k ON k.project_id = u.project_id AND k.entity = u.entity AND k.source_id = u.source_id
    AND k.slot = 'path' AND NOT k.releasing`;

/** Of these addresses, those that lead to a record at the target; the latest where several lived there. */
export async function movedTo(
  db: QueryExecutorProvider,
  projectId: number,
  keys: readonly string[],
): Promise<readonly MovedAddress[]> {
  const { rows } = await sql<MovedAddress>`
    SELECT DISTINCT ON (u.key) u.key, k.value AS address FROM ${residents}
    WHERE u.project_id = ${projectId} AND u.key = ANY (${keys}::text[])
    ORDER BY u.key, u.first_seen_at DESC, u.entity, u.source_id`.execute(db);
  return rows;
}

/**
 * Has those records looked at again whose links lead elsewhere by what was settled, or that were settled themselves while
 * somebody moved in: both sides are held against each other in the transaction that writes either.
 */
export async function callLinkers(
  transaction: QueryExecutorProvider,
  options: EnqueueOptions,
  settlements: readonly Settlement[],
): Promise<void> {
  const keys = settlements.flatMap(({ progress }) => (progress?.urls ?? []).map(({ key }) => key));
  const linking = settlements.filter(({ progress }) => (progress?.openLinks ?? []).length > 0);
  if (keys.length === 0 && linking.length === 0) return;
  const { entities, sourceIds } = refArrays(linking.map(({ claim }) => claim.ref));
  const { rows } = await sql<{ entity: RecordRef['entity']; source_id: string }>`
    WITH met AS (
      DELETE FROM open_links o
      WHERE o.project_id = ${options.projectId}
        AND (o.key = ANY (${keys}::text[])
          OR (o.entity, o.source_id) IN (SELECT * FROM unnest(${entities}::text[], ${sourceIds}::text[])))
        AND (SELECT k.value FROM ${residents} WHERE u.project_id = o.project_id AND u.key = o.key
          ORDER BY u.first_seen_at DESC, u.entity, u.source_id LIMIT 1) <> coalesce(o.address, '')
      RETURNING o.entity, o.source_id
    )
    SELECT DISTINCT entity, source_id FROM met ORDER BY entity, source_id`.execute(transaction);
  await lookAgain(transaction, options, rows, 'reference');
}
