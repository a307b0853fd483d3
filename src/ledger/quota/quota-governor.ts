import { randomUUID } from 'node:crypto';
import { type QueryExecutorProvider, sql } from 'kysely';
import { SlotsHere } from './slots-here.ts';
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
  const naps = new Naps<Asking, Answer & { readonly store: string }>(async ({ slot_id: slot, store }) => {
    if (slot !== null) await giveBack(db, slot, store, {});
  });

  const here = new SlotsHere();

  async function waitForSlot(request: QuotaRequest, signal: AbortSignal, inLine: () => number): Promise<number> {
    const waiter = randomUUID();
    const ask = () => ({ request, reservePercent, concurrency, waiter, inLine: inLine() });
    try {
      let told: Answer | null = here.isFull(request.store) ? FULL : null;
      for (;;) {
        told ??= await takeSlot(db, ask());
        if (told.slot_id !== null) return told.slot_id;
        if (told.cause === FULL.cause) here.foundFull(request.store);
        // Who gives a slot back brings the answer along; without one we ask for ourselves.
        told = await naps.nap(request.store, napMs(told), signal, ask);
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
      const { store } = request;
      const slot = await lines.inTurn(`${store} ${request.resource}`, signal, (inLine) =>
        waitForSlot(request, signal, inLine),
      );
      here.took(store);
      return {
        release: async (observation: QuotaObservation) => {
          here.gaveBack(store);
          const next = naps.next(store);
          if (next === null) await giveBack(db, slot, store, observation);
          else await next.hand(async () => ({ ...(await handOver(db, slot, store, observation, next.ask)), store }));
          naps.wake(store);
        },
      };
    },
  };
}

/** What the ledger would say: we hold all slots there are, and the next that is given back is brought to us. */
const FULL: Answer = { slot_id: null, wait_ms: SLOT_LOOK_MS, cause: 'concurrency' };

interface Answer {
  readonly slot_id: number | null;
  readonly wait_ms: number;
  readonly cause: string;
}

/** Who asks for a slot, and on which terms. */
interface Asking {
  readonly request: QuotaRequest;
  readonly reservePercent: number;
  readonly concurrency: number;
  readonly waiter: string;
  readonly inLine: number;
}

async function takeSlot(db: QueryExecutorProvider, asking: Asking): Promise<Answer> {
  const { rows } = await sql<Answer>`
    SELECT * FROM quota_acquire(${asking.request.store}, ${termsOf(asking)})`.execute(db);
  const answer = rows[0];
  if (answer === undefined) throw new Error('the quota function gave no answer');
  return answer;
}

/** What an operator set for the store goes before what the service is set to. */
function termsOf({ request, concurrency, reservePercent, waiter, inLine }: Asking) {
  return sql`${request.resource}, ${request.resourceSlots}::integer, ${Math.ceil(request.timeoutMs)}::integer,
      coalesce((SELECT set_concurrency FROM quota_windows WHERE store = ${request.store}), ${concurrency}::integer),
      coalesce((SELECT set_reserve_percent FROM quota_windows WHERE store = ${request.store}), ${reservePercent}::integer),
      ${waiter}, ${inLine}::integer`;
}

/** Gives a slot back and asks for the next in line, in one round trip. */
async function handOver(
  db: QueryExecutorProvider,
  slot: number,
  store: string,
  observation: QuotaObservation,
  next: Asking,
): Promise<Answer> {
  const { rows } = await sql<Answer>`
    SELECT * FROM quota_handover(${slot}, ${store}, ${toldOf(observation)}, ${termsOf(next)})`.execute(db);
  const answer = rows[0];
  if (answer === undefined) throw new Error('the quota function gave no answer');
  return answer;
}

function toldOf({ limit, left, windowMs, resetsInMs, busyForMs }: QuotaObservation) {
  return sql`${whole(limit)}::integer, ${whole(left)}::integer, ${whole(windowMs)}::integer, ${whole(resetsInMs)}::integer,
      ${busyForMs !== undefined}, ${whole(busyForMs)}::integer`;
}

async function giveBack(
  db: QueryExecutorProvider,
  slot: number,
  store: string,
  observation: QuotaObservation,
): Promise<void> {
  await sql`SELECT quota_release(${slot}, ${store}, ${toldOf(observation)})`.execute(db);
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
