const INT32 = 2_147_483_647;

/** A whole number within what the target keeps. */
export function int32(value: number): number {
  return Math.max(-INT32, Math.min(INT32, Math.trunc(Number.isFinite(value) ? value : 0)));
}

export const MAX_STOCK = INT32;
