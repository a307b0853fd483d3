import { isObject, type Json } from './json.ts';
import type { Mapping } from './mapping.ts';

export interface MappingChange {
  /** `orderStatuses.on-hold`. */
  readonly path: string;
  /** null: it was not decided, or is not any more. */
  readonly before: Json;
  readonly after: Json;
}

/** Which choices two mappings make differently, by path. */
export function mappingDiff(before: Mapping, after: Mapping): readonly MappingChange[] {
  return jsonDiff(before as unknown as Json, after as unknown as Json).filter(({ path }) => path !== 'version');
}

/** What two JSON values say differently, by path; lists are compared as a whole. */
export function jsonDiff(before: Json, after: Json): readonly MappingChange[] {
  return differences(before, after, '');
}

function differences(before: Json, after: Json, path: string): MappingChange[] {
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted((a, b) => (a < b ? -1 : 1));
    return names.flatMap((name) =>
      differences(before[name] ?? null, after[name] ?? null, path === '' ? name : `${path}.${name}`),
    );
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}
