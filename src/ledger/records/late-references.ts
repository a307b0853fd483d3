import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';
import type { EnqueueOptions } from '../queue/enqueue.ts';
import { lookAgain } from '../queue/look-again.ts';

/**
 * Has records looked at again that were mapped without what they refer to, and that came to the target while they were written
 * (P9). Who comes later calls its referrers itself: under the lock of waits, one of the two sees the other.
 */
export async function callLate(
  transaction: QueryExecutorProvider,
  options: EnqueueOptions,
  settlements: readonly Settlement[],
): Promise<void> {
  const unmet = settlements.flatMap(({ claim, progress }) =>
    (progress?.unmet ?? []).map((to) => ({
      entity: claim.ref.entity,
      source_id: claim.ref.sourceId,
      to_entity: to.entity,
      to_source_id: to.sourceId,
    })),
  );
  if (unmet.length === 0) return;
  const { rows } = await sql<{ entity: RecordRef['entity']; source_id: string }>`
    SELECT DISTINCT w.entity, w.source_id
    FROM jsonb_to_recordset(${jsonText(unmet)}::jsonb) AS w (entity text, source_id text, to_entity text, to_source_id text)
    JOIN records r ON r.project_id = ${options.projectId} AND r.entity = w.to_entity AND r.source_id = w.to_source_id
    WHERE r.state = 'live' AND r.target_id IS NOT NULL AND r.read_end > 0
    ORDER BY w.entity, w.source_id`.execute(transaction);
  await lookAgain(transaction, options, rows, 'reference');
}
