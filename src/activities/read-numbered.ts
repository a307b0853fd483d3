import type { ReadPage } from '../connectors/source.ts';
import type { MovedEntity } from '../domain/record.ts';
import type { ReadInterval } from '../domain/source-version.ts';
import { nextReadNumber } from '../ledger/read-clock.ts';
import type { RunScope } from './run-scope.ts';

/** Records of entities that are moved, and the interval in which they were seen. */
export interface NumberedRead extends ReadPage {
  readonly read: ReadInterval;
}

/** Reads records by id between two numbers of the read clock, by which later reads are told from earlier ones (P3). */
export async function readNumbered(
  scope: RunScope,
  entity: MovedEntity,
  ids: readonly string[],
): Promise<NumberedRead> {
  const start = await nextReadNumber(scope.db);
  const { records, ...rest } = await scope.source.readByIds(entity, ids, scope.signal);
  const read = { start, end: await nextReadNumber(scope.db) };
  return { ...rest, records: records.filter((record) => scope.entities.includes(record.entity)), read };
}
