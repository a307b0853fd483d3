import { type Kysely, sql } from 'kysely';
import { wantRead } from '../domain/change.ts';
import { ALL_GUARDS } from '../domain/guards.ts';
import type { RecordRef } from '../domain/entity.ts';
import type { Instant } from '../domain/record.ts';
import { jsonText } from './json-text.ts';
import { nextReadNumber } from './read-clock.ts';
import { enqueueWithin } from './queue/enqueue.ts';
import { notifyChanges } from './queue/notify.ts';
import { refOf } from './queue/rows.ts';
import type { LedgerTables } from './tables.ts';

/** Origin of hints that the source's own deliveries left (`hook-deliveries.ts`). */
export const WEBHOOK = 'webhook';
/** Hints that one transaction takes. */
const AT_ONCE = 500;

/**
 * "These records may have changed": put down and answered at once, whether a run is under way or not. A reason to read, never
 * data; the same hint twice is one look, or two (P14).
 * @param origin who says so: a key's name, a webhook
 */
export async function receiveHints(
  db: Kysely<LedgerTables>,
  projectId: number,
  origin: string,
  refs: readonly RecordRef[],
): Promise<void> {
  if (refs.length === 0) return;
  const rows = refs.map((ref) => ({ entity: ref.entity, source_id: ref.sourceId }));
  await sql`
    INSERT INTO hints (project_id, origin, entity, source_id)
    SELECT ${projectId}, ${origin}, w.* FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (entity text, source_id text)`.execute(
    db,
  );
  await notifyChanges(db, projectId);
}

/**
 * Makes the hints of the inbox reasons to read: each record is fetched by a read that begins after its hint came, also where an
 * earlier fetch is under way (P4). The hint goes in the transaction that queues the fetch. Returns how many were taken.
 * @param webhooksUntil what webhooks told after that is left to the next run: one that took in all that comes would not end while
 *   the shop lives
 */
export async function takeHints(
  db: Kysely<LedgerTables>,
  {
    projectId,
    runId,
    webhooksUntil = null,
  }: { readonly projectId: number; readonly runId: number | null; readonly webhooksUntil?: Instant | null },
): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ entity: RecordRef['entity']; source_id: string; origin: string }>`
      DELETE FROM hints h
      USING (
        SELECT id FROM hints
        WHERE project_id = ${projectId}
          AND (${webhooksUntil}::timestamptz IS NULL OR origin <> ${WEBHOOK} OR received_at <= ${webhooksUntil}::timestamptz)
        ORDER BY id LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
      ) o
      WHERE h.id = o.id RETURNING h.entity, h.source_id, h.origin`.execute(transaction);
    if (rows.length === 0) return 0;
    const after = await nextReadNumber(transaction);
    await enqueueWithin(
      transaction,
      { projectId, runId, guards: ALL_GUARDS },
      // Somebody who wants a failure tried again wants the target looked at too (P3).
      rows.map((row) => wantRead(refOf(row), row.origin === 'retry' ? 'retry' : 'hint', after)),
    );
    return rows.length;
  });
}
