import type { ChildPair } from '../../../domain/target-state.ts';

/** Source id → target id of one kind of children; the last word on each counts, '' is removed. */
export function childIds(children: readonly ChildPair[], kind: string): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const child of children) {
    if (child.kind !== kind) continue;
    if (child.targetId === '') ids.delete(child.sourceId);
    else ids.set(child.sourceId, child.targetId);
  }
  return ids;
}

export function pair(kind: string, sourceId: string, targetId: string | number): ChildPair {
  return { kind, sourceId, targetId: String(targetId) };
}

export function unpair(kind: string, sourceId: string): ChildPair {
  return { kind, sourceId, targetId: '' };
}
