import { type QueryExecutorProvider, sql } from 'kysely';
import { INSIDE, type RecordRef } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';
import { refArrays, refOf } from '../queue/rows.ts';

interface Options {
  readonly projectId: number;
}

/**
 * What stands inside a record at the target goes with it: whoever was paired with something in there is not at the target any
 * more, in the transaction that says that the holder is not. One that seemed to have been deleted there by somebody else is no
 * conflict then, whether its commit comes before this one or after it.
 */
export async function forgetInside(
  transaction: QueryExecutorProvider,
  options: Options,
  settlements: readonly Settlement[],
): Promise<void> {
  const emptied = settlements.flatMap(({ claim, progress }) => {
    const former = progress?.formerTargetId ?? null;
    if (former === null) return [];
    return INSIDE.filter(({ holder }) => holder === claim.ref.entity).map(({ entity }) => ({ entity, former }));
  });
  if (emptied.length > 0) await tryAgain(transaction, options, await forget(transaction, options, emptied));
}

/** After the rows were put where they belong: those held for what is forgotten by now are looked at again. */
export async function freeForgotten(
  transaction: QueryExecutorProvider,
  options: Options,
  settlements: readonly Settlement[],
): Promise<void> {
  const held = settlements.filter(
    ({ claim, disposition }) =>
      disposition.to === 'held' &&
      disposition.reason === 'target_deleted' &&
      INSIDE.some(({ entity }) => entity === claim.ref.entity),
  );
  if (held.length === 0) return;
  const { entities, sourceIds } = refArrays(held.map(({ claim }) => claim.ref));
  // Waits for a commit that is about to forget it; whoever comes after us finds the row held.
  const { rows } = await sql<{ entity: RecordRef['entity']; source_id: string; target_id: string | null }>`
    SELECT r.entity, r.source_id, r.target_id FROM records r
    JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id) USING (entity, source_id)
    WHERE r.project_id = ${options.projectId} FOR SHARE OF r`.execute(transaction);
  const forgotten = rows.filter((row) => row.target_id === null);
  await tryAgain(transaction, options, forgotten.map(refOf));
}

async function forget(
  transaction: QueryExecutorProvider,
  { projectId }: Options,
  emptied: readonly object[],
): Promise<readonly RecordRef[]> {
  const { rows } = await sql<{ entity: RecordRef['entity']; source_id: string }>`
    WITH gone AS (
      UPDATE records r SET state = 'skipped', target_id = NULL, foreign_state = NULL, unchecked = false
      FROM jsonb_to_recordset(${jsonText(emptied)}::jsonb) AS w (entity text, former text)
      WHERE r.project_id = ${projectId} AND r.entity = w.entity AND starts_with(r.target_id, w.former || '/')
      RETURNING r.entity, r.source_id
    ), parts AS (
      DELETE FROM parts p USING gone g
      WHERE p.project_id = ${projectId} AND p.entity = g.entity AND p.source_id = g.source_id
    ), keys AS (
      DELETE FROM key_reservations k USING gone g
      WHERE k.project_id = ${projectId} AND k.entity = g.entity AND k.source_id = g.source_id
    )
    SELECT entity, source_id FROM gone`.execute(transaction);
  return rows.map(refOf);
}

async function tryAgain(
  transaction: QueryExecutorProvider,
  { projectId }: Options,
  refs: readonly RecordRef[],
): Promise<void> {
  if (refs.length === 0) return;
  const { entities, sourceIds } = refArrays(refs);
  await sql`
    UPDATE changes c SET state = 'ready', state_reason = NULL, evidence = NULL, held_at = NULL, held_generation = NULL
    FROM unnest(${entities}::text[], ${sourceIds}::text[]) AS g (entity, source_id)
    WHERE c.project_id = ${projectId} AND c.entity = g.entity AND c.source_id = g.source_id
      AND c.state = 'held' AND c.state_reason = 'target_deleted'`.execute(transaction);
}
