import { chunks } from '../domain/chunks.ts';
import { stableJson } from '../canonical/stable-json.ts';
import type { ApartField, ApartReach, ApartRecord, TargetEntity } from '../connectors/target.ts';
import type { Entity } from '../domain/entity.ts';
import { isObject, type Json } from '../domain/json.ts';
import { type OwnedPlace, ownsPart, withoutOwned } from '../domain/ownership.ts';
import type { PresentState } from '../domain/target-state.ts';
import type { MeantPart, MeantRecord } from '../ledger/records/read-back.ts';

/** One field as it was meant and as the target holds it. */
export interface ComparedField {
  /** `core.name`; a part that is no object is one field. */
  readonly field: string;
  readonly meant: Json;
  readonly found: Json;
  readonly same: boolean;
}

/** `edited`: as it is, somebody else made it after our last write; `gone`: the target has no such record any more. */
export interface ComparedRecord {
  readonly entity: Entity;
  readonly sourceId: string;
  readonly targetId: string;
  readonly recent: boolean;
  readonly verdict: 'same' | 'different' | 'edited' | 'gone';
  readonly fields: readonly ComparedField[];
}

/** What of a record belongs to the target, by its source id. */
export type OwnedOf = (sourceId: string) => readonly OwnedPlace[];

/** Records in one request of a read-back; the target's own lists take as many. */
const AT_ONCE = 250;

/**
 * Reads records from the target and compares them, field by field, with what was meant (design §5).
 * @param ownedOf which places of a record belong to the target: they are not compared
 * @param reach into parts that have a list of their own for each record: as far as requests are granted for it
 */
export async function readBack(
  target: TargetEntity,
  records: readonly MeantRecord[],
  reach: ApartReach,
  signal: AbortSignal,
  ownedOf: OwnedOf = () => [],
): Promise<readonly ComparedRecord[]> {
  const compared: ComparedRecord[] = [];
  for (const some of chunks(records, AT_ONCE)) {
    const states = await target.read(
      some.map(({ targetId }) => targetId),
      { signal },
    );
    const present = new Map(states.map((state) => [state.targetId, state]));
    compared.push(
      ...some.map((record) => compare(target, record, present.get(record.targetId), ownedOf(record.sourceId))),
    );
  }
  const there = new Set(compared.filter(({ verdict }) => verdict !== 'gone').map(({ targetId }) => targetId));
  const asked = records.filter(({ targetId }) => there.has(targetId)).map(apart);
  const found = (await target.readApart?.(asked, reach, { signal })) ?? new Map<string, readonly ApartField[]>();
  return compared.map((record) => withApart(record, found.get(record.targetId) ?? []));
}

function apart({ targetId, parts, children }: MeantRecord): ApartRecord {
  const written = parts.filter(({ state }) => state === 'applied');
  return { targetId, desired: Object.fromEntries(written.map(({ part, desired }) => [part, desired])), children };
}

/** Nobody but us may write these parts: what is not as it was meant was never so, or was lost. */
function withApart(record: ComparedRecord, fields: readonly ApartField[]): ComparedRecord {
  const more = fields.map((field) => ({ ...field, same: field.meant === field.found }));
  const verdict = more.some(({ same }) => !same) ? 'different' : record.verdict;
  return { ...record, verdict, fields: [...record.fields, ...more] };
}

/** A part with what the target holds of it. */
interface FoundPart {
  readonly part: MeantPart;
  readonly found: Json;
  readonly same: boolean;
}

function compare(
  target: TargetEntity,
  record: MeantRecord,
  present: PresentState | undefined,
  owned: readonly OwnedPlace[],
): ComparedRecord {
  const { sourceId, targetId, recent } = record;
  const named = { entity: target.entity, sourceId, targetId, recent };
  if (present === undefined) return { ...named, verdict: 'gone', fields: [] };
  const parts = record.parts
    .filter(({ part, state }) => state === 'applied' && part in present.parts)
    .filter(({ part }) => !ownsPart(owned, part))
    .map((whole): FoundPart => {
      const less = (value: Json) => withoutOwned(owned, whole.part, value);
      const part = { ...whole, desired: less(whole.desired), base: less(whole.base) };
      const found = less(present.parts[part.part] ?? null);
      return { part, found, same: agrees(target, part, found) };
    });
  const fields = parts.flatMap((part) => fieldsOf(target, part));
  const differing = parts.filter(({ same }) => !same);
  if (differing.length === 0) return { ...named, verdict: 'same', fields };
  return { ...named, verdict: differing.some(asWritten) ? 'different' : 'edited', fields };
}

/** It was as it is when we wrote it: then it was never as it was meant, else somebody changed it since. */
function asWritten({ part, found }: FoundPart): boolean {
  return stableJson(part.base) === stableJson(found);
}

function agrees(target: TargetEntity, { part, desired }: MeantPart, found: Json): boolean {
  // A part that was emptied on purpose holds nothing that could be compared.
  return desired === null || stableJson(desired) === stableJson(found) || target.agrees(part, desired, found);
}

/** Each field by the target's own rule, all others taken as they were found: rounding and markup count as when it is written. */
function fieldsOf(target: TargetEntity, { part, found, same: wholeAgrees }: FoundPart): readonly ComparedField[] {
  if (!isObject(part.desired) || !isObject(found))
    return [{ field: part.part, meant: part.desired, found, same: wholeAgrees }];
  return Object.entries(part.desired)
    .filter(([name]) => name in found)
    .map(([name, meant]) => {
      const same = wholeAgrees || agrees(target, { ...part, desired: { ...found, [name]: meant } }, found);
      return { field: `${part.part}.${name}`, meant, found: found[name] ?? null, same };
    });
}
