import { setTimeout as sleep } from 'node:timers/promises';
import { type QueryExecutorProvider, sql } from 'kysely';

/** As declared by the connectors, which the ledger does not know; the worker brings the two together (P12). */
interface QuotaRequest {
  readonly store: string;
  readonly resource: string;
  readonly resourceSlots: number;
  readonly timeoutMs: number;
}
interface QuotaObservation {
  readonly limit?: number;
  readonly left?: number;
  readonly windowMs?: number;
  readonly resetsInMs?: number;
  readonly busyForMs?: number | null;
}

export interface QuotaOptions {
  readonly db: QueryExecutorProvider;
  /** Share of every rate window that is left to the merchant. @defaultValue 10 */
  readonly reservePercent?: number;
  /** Requests in flight at once per store, over all workers. @defaultValue 4 */
  readonly concurrency?: number;
}

/** A slot may come free at any moment by another worker's release: never sleep longer than this without looking. */
const LONGEST_SLEEP_MS = 250;
const LONGEST_WINDOW_SLEEP_MS = 2_000;
const FIRST_BUSY_MS = 1_000;
const LONGEST_BUSY_MS = 60_000;

/**
 * Shares a store's quota among all workers through PostgreSQL: tokens of one rate window, slots as leases, a reserve for the
 * merchant. Without the ledger nothing is sent: a failing query fails the request.
 */
export function createQuotaGovernor({ db, reservePercent = 10, concurrency = 4 }: QuotaOptions) {
  const busyInARow = new Map<string, number>();
  return {
    async acquire(request: QuotaRequest, signal: AbortSignal) {
      const slot = await waitForSlot(db, request, { reservePercent, concurrency }, signal);
      return {
        release: async (observation: QuotaObservation) => {
          const busyMs = busyFor(busyInARow, request.store, observation);
          await sql`SELECT quota_release(${slot}, ${request.store}, ${observation.limit ?? null}::integer,
            ${observation.left ?? null}::integer, ${observation.windowMs ?? null}::integer,
            ${round(observation.resetsInMs)}::integer, ${round(busyMs)}::integer)`.execute(db);
        },
      };
    },
  };
}

async function waitForSlot(
  db: QueryExecutorProvider,
  request: QuotaRequest,
  limits: { readonly reservePercent: number; readonly concurrency: number },
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await sql<{ slot_id: number | null; wait_ms: number; cause: string }>`
      SELECT * FROM quota_acquire(${request.store}, ${request.resource}, ${request.resourceSlots}::integer,
        ${Math.ceil(request.timeoutMs)}::integer, ${limits.concurrency}::integer, ${limits.reservePercent}::integer)`.execute(
      db,
    );
    const row = rows[0];
    if (row === undefined) throw new Error('the quota function gave no answer');
    if (row.slot_id !== null) return row.slot_id;
    await sleep(sleepFor(row.wait_ms, row.cause), undefined, { signal });
  }
}

/** A slot can come free at any time; a window cannot. Jittered, so that workers do not come back together. */
function sleepFor(waitMs: number, cause: string): number {
  const slots = cause === 'concurrency' || cause === 'resource cap';
  const longest = slots ? Math.min(LONGEST_SLEEP_MS, 5 + Math.random() * 10) : LONGEST_WINDOW_SLEEP_MS;
  return Math.min(waitMs + Math.random() * 20, longest);
}

/** What the store said; when it did not say, doubling with jitter for as long as it stays busy. */
function busyFor(busyInARow: Map<string, number>, store: string, { busyForMs }: QuotaObservation): number | null {
  if (busyForMs === undefined) {
    busyInARow.delete(store);
    return null;
  }
  const times = (busyInARow.get(store) ?? 0) + 1;
  busyInARow.set(store, times);
  return busyForMs ?? Math.min(LONGEST_BUSY_MS, FIRST_BUSY_MS * 2 ** (times - 1)) * (0.75 + Math.random() / 2);
}

function round(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : Math.ceil(ms);
}
