import type { PartSpec } from '../../target.ts';

/** A part that no create brings along and no delete names by itself. */
export function laterPart(part: string, updateBatch: number): PartSpec {
  return { part, createBatch: 1, updateBatch, deleteBatch: 1, bundles: [] };
}

/** A later part that takes a request for each of its children. */
export function stepwisePart(part: string, updateBatch: number): PartSpec {
  return { ...laterPart(part, updateBatch), stepwise: true };
}

export function unknownPart(entity: string, part: string): Error {
  return new Error(`${entity} has no part "${part}" at BigCommerce`);
}

/** Records whose metafields are written together: enough to fill requests of ten metafields nearly always. */
export const FILLING = 30;
