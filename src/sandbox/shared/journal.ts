/** One request as the store saw it. `status` is null while the reply is open, 0 when no reply was ever sent. */
export interface JournalEntry {
  at: string;
  method: string;
  path: string;
  route: string;
  /** Names of the parameters in the query, sorted. */
  query?: string;
  status: number | null;
  fault?: string;
  tookMs?: number;
}

/** Remembers the latest requests and counts all of them by route. Query strings are left out, but for their names: they carry credentials. */
export interface RequestJournal {
  open(entry: JournalEntry): void;
  entries(): readonly JournalEntry[];
  /** `METHOD route`, `METHOD route status` and `METHOD route?names` counts since the last reset. */
  counts(): {
    total: number;
    byRoute: Record<string, number>;
    byStatus: Record<string, number>;
    byQuery: Record<string, number>;
  };
  settle(entry: JournalEntry, status: number, tookMs: number): void;
  reset(): void;
}

export function createJournal(keep = 5_000): RequestJournal {
  let rows: JournalEntry[] = [];
  let total = 0;
  let byRoute: Record<string, number> = {};
  let byStatus: Record<string, number> = {};
  let byQuery: Record<string, number> = {};
  return {
    open: (entry) => {
      rows.push(entry);
      // Cut in halves, so that the cost of trimming is spread over many requests.
      if (rows.length > keep * 2) rows = rows.slice(-keep);
      total += 1;
      const key = `${entry.method} ${entry.route}`;
      byRoute[key] = (byRoute[key] ?? 0) + 1;
      const asked = `${key}?${entry.query ?? ''}`;
      byQuery[asked] = (byQuery[asked] ?? 0) + 1;
    },
    settle: (entry, status, tookMs) => {
      if (entry.status !== null) return;
      entry.status = status;
      entry.tookMs = tookMs;
      const key = `${entry.method} ${entry.route} ${status}`;
      byStatus[key] = (byStatus[key] ?? 0) + 1;
    },
    entries: () => rows.slice(-keep),
    counts: () => ({ total, byRoute: { ...byRoute }, byStatus: { ...byStatus }, byQuery: { ...byQuery } }),
    reset: () => {
      rows = [];
      total = 0;
      byRoute = {};
      byStatus = {};
      byQuery = {};
    },
  };
}
