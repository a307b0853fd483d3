import { pairByMarker, pairedAmong } from '../ledger/existing-records.ts';
import { forgetForeign, reserveForeign, reservePaired } from '../ledger/identity/reservations.ts';
import type { ExistingRecord } from '../connectors/target.ts';
import type { MovedEntity } from '../domain/record.ts';
import { inLanes } from './apply/lanes.ts';
import { RunStopped } from './failures.ts';
import type { RunScope } from './run-scope.ts';

/**
 * Reads a target that is not empty before the first write, at most one request per 250 records: those with our marker are
 * paired again, all others keep their unique keys for themselves (P6).
 * @throws RunStopped when another project holds records of this one's
 */
export async function matchTarget(scope: RunScope): Promise<{ existing: number }> {
  let existing = 0;
  // The target gives no key to two records: the lists of its entities need not wait for each other.
  await inLanes(scope.entities, scope.settings.concurrency, async (entity) => {
    const target = scope.target.entity(entity);
    if (target.derivedFrom !== null) return;
    await forgetForeign(scope.db, scope.targetStore, entity);
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page = await target.scanExisting(cursor, { signal: scope.signal });
      await takeIn(scope, entity, page.records);
      existing += page.records.length;
      scope.heartbeat(`matched ${existing} records of the target`);
      cursor = page.next;
    }
  });
  return { existing };
}

async function takeIn(scope: RunScope, entity: MovedEntity, records: readonly ExistingRecord[]): Promise<void> {
  const { heldByOthers } = await pairByMarker(
    scope.db,
    { projectId: scope.projectId, targetStore: scope.targetStore, sourceKey: scope.source.storeKey },
    records,
  );
  if (heldByOthers > 0) {
    throw new RunStopped(
      `${heldByOthers} ${entity} records of this target came from the same source through another project; two projects may share a target store only when their entities do not overlap: use that project, or delete it first`,
    );
  }
  const paired = await pairedAmong(
    scope.db,
    scope.targetStore,
    entity,
    records.map((record) => record.targetId),
  );
  const isPaired = (record: ExistingRecord) => paired.has(record.targetId);
  const keysOf = (some: readonly ExistingRecord[]) =>
    some.flatMap((record) => record.keys.map((key) => ({ entity, targetId: record.targetId, ...key })));
  const [ours, foreign] = [records.filter(isPaired), records.filter((record) => !isPaired(record))];
  await reservePaired(scope.db, scope.projectId, scope.targetStore, keysOf(ours));
  await reserveForeign(scope.db, scope.targetStore, keysOf(foreign));
}
