import type { QueryExecutorProvider } from 'kysely';
import type { TargetEntity } from '../connectors/target.ts';
import { refKey } from '../domain/entity.ts';
import type { Mapping } from '../domain/mapping.ts';
import { announcedOf } from '../ledger/announcements.ts';
import { placesOf } from './apply/ownership.ts';
import type { OwnedOf } from './read-back.ts';

/** What of each of these records belongs to the target, as a comparison with what was meant asks for it. */
export async function ownedAmong(
  db: QueryExecutorProvider,
  { projectId, mapping }: { readonly projectId: number; readonly mapping: Mapping },
  target: TargetEntity,
  records: readonly { readonly sourceId: string }[],
): Promise<OwnedOf> {
  const { entity } = target;
  const refs = records.map(({ sourceId }) => ({ entity, sourceId }));
  const announced = await announcedOf(db, projectId, refs);
  return (sourceId) => placesOf(mapping, target, announced.get(refKey({ entity, sourceId })));
}
