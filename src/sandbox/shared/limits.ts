/** Knobs that every sandbox has. All are milliseconds; tests read them to compute their own bounds. */
export interface SandboxLimits {
  /** Added to every reply of the store. Default 0. */
  latencyMs: number;
  /** Lists and searches do not show rows younger than this. Default 0. */
  listLagMs: number;
  /** No write whose reply was dropped is applied later than this after its request. Default 2,000. */
  lateCommitLimitMs: number;
}

export function createLimits(given: Partial<SandboxLimits> = {}): SandboxLimits {
  return {
    latencyMs: given.latencyMs ?? 0,
    listLagMs: given.listLagMs ?? 0,
    lateCommitLimitMs: given.lateCommitLimitMs ?? 2_000,
  };
}

/**
 * Whether a list or search shows this row yet. `visibleSinceMs` is when the row was created (or last indexed) by the
 * store's clock. Reads by id do not ask: they are served from the row itself, not from an index.
 */
export function visible(row: { visibleSinceMs: number }, nowMs: number, listLagMs: number): boolean {
  return listLagMs <= 0 || row.visibleSinceMs + listLagMs <= nowMs;
}
