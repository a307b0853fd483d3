import type { QueryExecutorProvider } from 'kysely';
import { type ChangeReason, wantRead } from '../../domain/change.ts';
import type { Entity } from '../../domain/entity.ts';
import { nextReadNumber } from '../read-clock.ts';
import { type EnqueueOptions, enqueueWithin } from './enqueue.ts';
import { refOf } from './rows.ts';

/**
 * Has records looked at again for what has become of others: by a read that begins after now, so that one of before, which may
 * still be on its way to the queue, does not pass for it (P4).
 */
export async function lookAgain(
  transaction: QueryExecutorProvider,
  options: EnqueueOptions,
  rows: readonly { readonly entity: Entity; readonly source_id: string }[],
  reason: ChangeReason,
): Promise<void> {
  if (rows.length === 0) return;
  const after = await nextReadNumber(transaction);
  await enqueueWithin(
    transaction,
    options,
    rows.map((row) => wantRead(refOf(row), reason, after)),
  );
}
