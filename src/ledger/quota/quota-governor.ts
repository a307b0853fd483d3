import { randomUUID } from 'node:crypto';
import { type QueryExecutorProvider, sql } from 'kysely';
import { Naps, WaitingLines } from './waiting-line.ts';

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

/** Another worker may give a slot back at any moment: who waits for one looks this often. */
const SLOT_LOOK_MS = 30;
/** A window's end is known, but the limit can change before it. */
const WINDOW_LOOK_MS = 2_000;
/** A store may ask for any time; after this long one request finds out whether it still means it. */
const LONGEST_BUSY_MS = 24 * 3_600_000;

/**
 * Shares a store's quota among all workers through PostgreSQL: tokens of one rate window, slots as leases, a reserve for the
 * merchant. Without the ledger nothing is sent: a failing query fails the request. What is waited for is in `quota_waits`.
 */
export function createQuotaGovernor({ db, reservePercent = 10, concurrency = 4 }: QuotaOptions) {
  const lines = new WaitingLines();
  const naps = new Naps();

  async function waitForSlot(request: QuotaRequest, signal: AbortSignal, inLine: () => number): Promise<number> {
    const waiter = randomUUID();
    try {
      for (;;) {
        const answer = await takeSlot(db, request, { reservePercent, concurrency, waiter, inLine: inLine() });
        if (answer.slot_id !== null) return answer.slot_id;
        await naps.nap(request.store, napMs(answer), signal);
      }
    } catch (error) {
      // Who gives up lets the others pass at once; without this they would do so a second later.
      await sql`DELETE FROM quota_waits WHERE store = ${request.store} AND waiter = ${waiter}`
        .execute(db)
        .catch(() => undefined);
      throw error;
    }
  }

  return {
    async acquire(request: QuotaRequest, signal: AbortSignal) {
      const slot = await lines.inTurn(`${request.store} ${request.resource}`, signal, (inLine) =>
        waitForSlot(request, signal, inLine),
      );
      return {
        release: async (observation: QuotaObservation) => {
          await giveBack(db, slot, request.store, observation);
          naps.wake(request.store);
        },
      };
    },
  };
}

interface Answer {
  readonly slot_id: number | null;
  readonly wait_ms: number;
  readonly cause: string;
}

async function takeSlot(
  db: QueryExecutorProvider,
  request: QuotaRequest,
  by: {
    readonly reservePercent: number;
    readonly concurrency: number;
    readonly waiter: string;
    readonly inLine: number;
  },
): Promise<Answer> {
  const { rows } = await sql<Answer>`
    SELECT * FROM quota_acquire(${request.store}, ${request.resource}, ${request.resourceSlots}::integer,
      ${Math.ceil(request.timeoutMs)}::integer,
      -- What an operator set for the store goes before what the service is set to.
      coalesce((SELECT set_concurrency FROM quota_windows WHERE store = ${request.store}), ${by.concurrency}::integer),
      coalesce((SELECT set_reserve_percent FROM quota_windows WHERE store = ${request.store}), ${by.reservePercent}::integer),
      ${by.waiter}, ${by.inLine}::integer)`.execute(db);
  const answer = rows[0];
  if (answer === undefined) throw new Error('the quota function gave no answer');
  return answer;
}

async function giveBack(
  db: QueryExecutorProvider,
  slot: number,
  store: string,
  { limit, left, windowMs, resetsInMs, busyForMs }: QuotaObservation,
): Promise<void> {
  await sql`
    SELECT quota_release(${slot}, ${store}, ${whole(limit)}::integer, ${whole(left)}::integer, ${whole(windowMs)}::integer,
      ${whole(resetsInMs)}::integer, ${busyForMs !== undefined}, ${whole(busyForMs)}::integer)`.execute(db);
}

/** Jittered, so that workers do not come back together. */
function napMs({ wait_ms: waitMs, cause }: Answer): number {
  const forSlot = cause === 'concurrency' || cause === 'resource cap';
  const longest = forSlot ? SLOT_LOOK_MS * (0.5 + Math.random()) : WINDOW_LOOK_MS;
  return Math.min(waitMs + Math.random() * 20, longest);
}

/** What a store says of itself, as a whole number that the ledger can hold; null when it says nothing usable. */
function whole(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value)
    ? null
    : Math.ceil(Math.min(Math.max(value, 0), LONGEST_BUSY_MS));
}
