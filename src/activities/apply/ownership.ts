import type { TargetEntity } from '../../connectors/target.ts';
import { type Mapping, ownedWords } from '../../domain/mapping.ts';
import { type OwnedPlace, ownedPlaces, ownsPart, withOwned, withoutOwned } from '../../domain/ownership.ts';
import type { LedgerPart, LedgerRecord } from '../../ledger/apply-ledger.ts';
import { desiredHash } from './map-records.ts';
import type { Work } from './work.ts';

/** What of a record belongs to the target: by the mapping, and by the words that were announced of it. */
export function placesOf(
  mapping: Mapping,
  { entity, ownable }: Pick<TargetEntity, 'entity' | 'ownable'>,
  announced: readonly string[] = [],
): readonly OwnedPlace[] {
  return ownedPlaces(ownable, [...ownedWords(mapping, entity), ...announced]);
}

/**
 * Takes the fields that belong to the target out of what is meant of records that are there (P8): they are not compared, not
 * sent, and make no difference. A record that is being made is written with all of it.
 */
export function leaveToTarget(entity: TargetEntity, works: readonly Work[]): void {
  for (const work of works) {
    const { mapped, record, owned } = work;
    if (mapped === null || record === null || owned.length === 0 || !hasArrived(entity, work, record)) continue;
    work.whole = mapped;
    work.former = record.parts;
    work.mapped = {
      ...mapped,
      parts: mapped.parts
        .filter(({ part }) => !ownsPart(owned, part))
        .map(({ part, desired }) => ({
          part,
          desired: withoutOwned(owned, part, desired, record.parts.get(part)?.desired ?? null),
        })),
    };
    const parts = [...record.parts].map(([name, part]): [string, LedgerPart] => [name, less(owned, part)]);
    work.record = { ...record, parts: new Map(parts) };
  }
}

/**
 * Parts as they are stored: what belongs to the target is kept as it was meant and found when it was last ours, so that once
 * it is ours again, what somebody made of it meanwhile is an edit like any other (P8).
 */
export function partsToKeep({ learnt, owned, former }: Work): readonly LedgerPart[] {
  return [...learnt.parts.values()].map((part) => {
    const was = former.get(part.part);
    if (was === undefined) return part;
    const desired = withOwned(owned, part.part, part.desired, was.desired);
    const base = withOwned(owned, part.part, part.base, was.base);
    return { ...part, desired, base, desiredHash: part.desiredHash === '' ? '' : desiredHash(desired) };
  });
}

/** What we last meant, as it is held against what we mean now. The base stays whole: what was seen is not forgotten. */
function less(owned: readonly OwnedPlace[], part: LedgerPart): LedgerPart {
  const desired = withoutOwned(owned, part.part, part.desired);
  if (desired === part.desired) return part;
  return { ...part, desired, desiredHash: part.desiredHash === '' ? '' : desiredHash(desired) };
}

/**
 * Whether it has been written once as a whole, or was there before us. A level whose place is another one now (its variant was
 * made anew) is not there yet.
 */
function hasArrived(entity: TargetEntity, work: Work, record: LedgerRecord): boolean {
  if (record.targetId === null) return false;
  const core = work.mapped?.parts.find(({ part }) => part === entity.parts[0]?.part)?.desired;
  if (entity.derivedId !== undefined && core != null && entity.derivedId(core) !== record.targetId) return false;
  return record.version.read.end > 0 || record.adopted || record.parts.size === 0;
}
