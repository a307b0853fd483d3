import { stableJson } from '../canonical/stable-json.ts';
import type { TargetEntity } from '../connectors/target.ts';
import type { Entity } from '../domain/entity.ts';
import type { Json, JsonObject } from '../domain/json.ts';
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

/** Records in one request of a read-back; the target's own lists take as many. */
const AT_ONCE = 250;

/** Reads records from the target and compares them, field by field, with what was meant (design §5). */
export async function readBack(
  target: TargetEntity,
  records: readonly MeantRecord[],
  signal: AbortSignal,
): Promise<readonly ComparedRecord[]> {
  const compared: ComparedRecord[] = [];
  for (let from = 0; from < records.length; from += AT_ONCE) {
    const some = records.slice(from, from + AT_ONCE);
    const states = await target.read(
      some.map(({ targetId }) => targetId),
      { signal },
    );
    const present = new Map(states.map((state) => [state.targetId, state]));
    compared.push(...some.map((record) => compare(target, record, present.get(record.targetId))));
  }
  return compared;
}

function compare(target: TargetEntity, record: MeantRecord, present: PresentState | undefined): ComparedRecord {
  const { sourceId, targetId, recent } = record;
  const named = { entity: target.entity, sourceId, targetId, recent };
  if (present === undefined) return { ...named, verdict: 'gone', fields: [] };
  const parts = record.parts.filter(({ part, state }) => state === 'applied' && part in present.parts);
  const fields = parts.flatMap((part) => fieldsOf(target, part, present.parts[part.part] ?? null));
  const differing = parts.filter((part) => !agrees(target, part, present.parts[part.part] ?? null));
  if (differing.length === 0) return { ...named, verdict: 'same', fields };
  // It was as it is when we wrote it: then it was never as it was meant, else somebody changed it since.
  const asWritten = (part: MeantPart) => stableJson(part.base) === stableJson(present.parts[part.part] ?? null);
  return { ...named, verdict: differing.some(asWritten) ? 'different' : 'edited', fields };
}

function agrees(target: TargetEntity, { part, desired }: MeantPart, found: Json): boolean {
  // A part that was emptied on purpose holds nothing that could be compared.
  return desired === null || stableJson(desired) === stableJson(found) || target.agrees(part, desired, found);
}

/** Each field by the target's own rule, all others taken as they were found: rounding and markup count as when it is written. */
function fieldsOf(target: TargetEntity, part: MeantPart, found: Json): readonly ComparedField[] {
  const wholeAgrees = agrees(target, part, found);
  if (!isObject(part.desired) || !isObject(found))
    return [{ field: part.part, meant: part.desired, found, same: wholeAgrees }];
  const present = found;
  return Object.entries(part.desired)
    .filter(([name]) => name in present)
    .map(([name, meant]) => {
      const same = wholeAgrees || agrees(target, { ...part, desired: { ...present, [name]: meant } }, present);
      return { field: `${part.part}.${name}`, meant, found: present[name] ?? null, same };
    });
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
