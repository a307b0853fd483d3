import { stableJson } from '../../../canonical/stable-json.ts';
import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';

/** The fields whose desired value is not what we meant last (P8): only these are sent. Everything when nothing was meant. */
export function changedFields(desired: JsonObject, last: Json | null): JsonObject {
  if (!isObject(last)) return desired;
  return Object.fromEntries(
    Object.entries(desired).filter(([name, value]) => stableJson(value) !== stableJson(last[name] ?? null)),
  );
}

/** For a create, where a field left out is empty anyway. */
export function withoutBlanks(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isBlank(value)));
}

function isBlank(value: Json): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

export function sameJson(a: unknown, b: unknown): boolean {
  return stableJson(a) === stableJson(b);
}
