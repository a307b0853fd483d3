import { wantRead } from '../domain/change.ts';
import { ALL_GUARDS } from '../domain/guards.ts';
import type { MovedEntity } from '../domain/record.ts';
import { nextReadNumber } from '../ledger/read-clock.ts';
import { enqueue } from '../ledger/queue/enqueue.ts';
import { unknownAmong } from '../ledger/records/sweeps.ts';
import type { RunScope } from './run-scope.ts';

/** Has records read by their ids, by reads that begin from now on. */
export async function queueFetches(
  scope: RunScope,
  entity: MovedEntity,
  sourceIds: readonly string[],
  reason: 'sweep' | 'poll',
): Promise<void> {
  if (sourceIds.length === 0) return;
  const after = await nextReadNumber(scope.db);
  await enqueue(
    scope.db,
    { projectId: scope.projectId, runId: scope.runId, guards: ALL_GUARDS },
    sourceIds.map((sourceId) => wantRead({ entity, sourceId }, reason, after)),
  );
}

/** Listed, and never heard of: it is fetched. Returns how many there were. */
export async function fetchUnknown(
  scope: RunScope,
  entity: MovedEntity,
  listed: readonly string[],
  reason: 'sweep' | 'poll',
): Promise<number> {
  const unknown = await unknownAmong(scope.db, scope.projectId, entity, listed);
  await queueFetches(scope, entity, unknown, reason);
  return unknown.length;
}
