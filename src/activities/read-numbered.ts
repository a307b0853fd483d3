import type { ReadPage } from '../connectors/source.ts';
import type { MovedEntity } from '../domain/record.ts';
import type { ReadInterval } from '../domain/source-version.ts';
import { nextReadNumber } from '../ledger/read-clock.ts';
import { numberedRead } from './apply/numbered-read.ts';
import type { RunScope } from './run-scope.ts';

/** Records of entities that are moved, and the interval in which they were seen. */
export interface NumberedPage extends ReadPage {
  readonly read: ReadInterval;
}

/** Reads records by id, those of entities that are moved. */
export async function readNumbered(
  scope: RunScope,
  entity: MovedEntity,
  ids: readonly string[],
): Promise<NumberedPage> {
  const { found, read } = await numberedRead(
    () => nextReadNumber(scope.db),
    () => scope.source.readByIds(entity, ids, scope.signal),
  );
  const { records, ...rest } = found;
  return { ...rest, records: records.filter((record) => scope.entities.includes(record.entity)), read };
}
