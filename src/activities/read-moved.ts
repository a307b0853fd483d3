import type { ReadPage } from '../connectors/source.ts';
import type { MovedEntity } from '../domain/record.ts';
import type { ReadInterval } from '../domain/source-version.ts';
import { nextReadNumber } from '../ledger/read-clock.ts';
import { numberedRead } from './apply/numbered-read.ts';
import type { RunScope } from './run-scope.ts';

/** Records of entities that are moved, and the interval in which they were seen. */
export interface MovedPage extends ReadPage {
  readonly read: ReadInterval;
}

/** Reads records by id, and leaves out those of entities that are not moved. */
export async function readMoved(scope: RunScope, entity: MovedEntity, ids: readonly string[]): Promise<MovedPage> {
  const { found, read } = await numberedRead({ readNumber: () => nextReadNumber(scope.db) }, () =>
    scope.source.readByIds(entity, ids, scope.signal),
  );
  const { records, ...rest } = found;
  return { ...rest, records: records.filter((record) => scope.entities.includes(record.entity)), read };
}
