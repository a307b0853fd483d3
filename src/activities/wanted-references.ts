import { type Arrival, wantRead } from '../domain/change.ts';
import { type Entity, refKey } from '../domain/entity.ts';
import { groupBy } from '../domain/group-by.ts';
import type { MovedEntity, SourceRecord } from '../domain/record.ts';
import { unknownAmong } from '../ledger/records/sweeps.ts';
import type { RunScope } from './run-scope.ts';

/**
 * What these records cannot do without and nobody has heard of yet: wanted as soon as they are read, a page at a time, where the
 * pass does not bring everything. The writer would find out too (P9), but one record after the other, each when its turn comes.
 */
export async function wantedReferences(scope: RunScope, records: readonly SourceRecord[]): Promise<readonly Arrival[]> {
  const needed = records.flatMap(({ references }) => references.filter(({ kind }) => kind === 'hard'));
  const here = new Set(records.map(refKey));
  const wanted: Arrival[] = [];
  for (const [entity, refs] of groupBy(needed, (to): Entity => to.entity)) {
    if (!isReadById(scope, entity)) continue;
    const ids = [...new Set(refs.map(({ sourceId }) => sourceId))].filter(
      (sourceId) => !here.has(refKey({ entity, sourceId })),
    );
    const unknown = await unknownAmong(scope.db, scope.projectId, entity, ids);
    wanted.push(...unknown.map((sourceId) => wantRead({ entity, sourceId }, 'reference')));
  }
  return wanted;
}

function isReadById({ entities, source }: RunScope, entity: Entity): entity is MovedEntity {
  return entities.includes(entity) && source.entities.some((row) => row.entity === entity);
}
