import type { MovedEntity } from '../domain/record.ts';
import { ALL_GUARDS } from '../domain/guards.ts';
import { nextReadNumber } from '../ledger/project-ledger.ts';
import { enqueue } from '../ledger/queue/enqueue.ts';
import { unknownAmong } from '../ledger/records/sweeps.ts';
import type { RunScope } from './run-scope.ts';

/** Listed, and never heard of: it is fetched by its id. Returns how many there were. */
export async function fetchUnknown(
  scope: RunScope,
  entity: MovedEntity,
  listed: readonly string[],
  reason: 'sweep' | 'poll',
): Promise<number> {
  const unknown = await unknownAmong(scope.db, scope.projectId, entity, listed);
  if (unknown.length === 0) return 0;
  const read = await nextReadNumber(scope.db);
  await enqueue(
    scope.db,
    { projectId: scope.projectId, runId: scope.runId, guards: ALL_GUARDS },
    unknown.map((sourceId) => ({ kind: 'fetch', ref: { entity, sourceId }, reason, after: read })),
  );
  return unknown.length;
}
