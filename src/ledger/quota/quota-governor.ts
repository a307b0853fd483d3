import { randomUUID } from 'node:crypto';
import type { QueryExecutorProvider } from 'kysely';
import { HeldSlot } from './held-slot.ts';
import { KeptSlots } from './kept-slots.ts';
import { giveBack, handOver, leaveLine, takeSlot } from './quota-statements.ts';
import type { Answer, Asking, QuotaObservation, QuotaRequest } from './quota-statements.ts';
import { SlotsHere } from './slots-here.ts';
import { Naps, WaitingLines } from './waiting-line.ts';

export interface QuotaOptions {
  readonly db: QueryExecutorProvider;
  /** Share of every rate window that is left to the merchant. @defaultValue 10 */
  readonly reservePercent?: number;
  /** Requests in flight at once per store, over all workers. @defaultValue 4 */
  readonly concurrency?: number;
  /**
   * How long requests of this process may follow each other on a slot before the ledger is asked again, milliseconds; 0: it
   * is asked for each. What another worker learnt or waits for, and new rates, are heeded after this time. @defaultValue 500
   */
  readonly keepMs?: number;
}

/** Another worker may give a slot back at any moment: who waits for one looks this often. */
const SLOT_LOOK_MS = 30;
/** A window's end is known, but the limit can change before it. */
const WINDOW_LOOK_MS = 2_000;

/**
 * Shares a store's quota among all workers through PostgreSQL: tokens of one rate window, slots as leases, a reserve for the
 * merchant. Without the ledger nothing is sent: a failing query fails the request. What is waited for is in `quota_waits`.
 */
export function createQuotaGovernor({ db, reservePercent = 10, concurrency = 4, keepMs = 500 }: QuotaOptions) {
  const lines = new WaitingLines();
  const here = new SlotsHere();
  const naps = new Naps<Asking, HeldSlot | Answer>(async (late) => {
    if (late instanceof HeldSlot) await pass(late);
  });
  const kept = new KeptSlots((slot) => pass(slot).catch(() => undefined));

  /** Asks the ledger; what it gives is ours from now on. */
  async function answered(asking: Asking, ask: () => Promise<Answer>): Promise<HeldSlot | Answer> {
    const askedAt = performance.now();
    const held = here.count(asking.request.store);
    const answer = await ask();
    const { slot_id } = answer;
    if (slot_id === null) {
      if (answer.cause === FULL.cause) here.foundFull(asking.request.store, held);
      return answer;
    }
    const slot = new HeldSlot(asking.request, { ...answer, slot_id }, askedAt);
    here.took(slot);
    return slot;
  }

  /** Back to the ledger, and from there to who has waited longest, in one round trip. */
  async function pass(slot: HeldSlot): Promise<void> {
    const { store } = slot;
    here.gaveBack(slot);
    const next = naps.next(store);
    if (next === null) await giveBack(db, slot.returned());
    else await next.hand(() => answered(next.ask, () => handOver(db, slot.returned(), next.ask)));
    naps.wake(store);
  }

  async function release(slot: HeldSlot, observation: QuotaObservation): Promise<void> {
    const { store, resource } = slot;
    slot.take(observation);
    if (observation.busyForMs !== undefined) {
      here.spend(store);
      await kept.leaveAll(store);
    }
    if (slot.staysMs === 0) return pass(slot);
    const next = naps.next(store, (ask) => ask.request.resource === resource);
    if (next === null) kept.keep(slot);
    else await next.hand(() => Promise.resolve(slot));
  }

  /**
   * A slot of another resource that nothing is sent on is exchanged.
   * @param trusts that all slots are out, as the ledger said a moment ago, and that the next is brought to us
   */
  function look(asking: Asking, trusts: boolean): Promise<HeldSlot | Answer> {
    const { store } = asking.request;
    if (!here.isFull(store)) return answered(asking, () => takeSlot(db, asking));
    const spare = kept.takeAny(store);
    if (spare === null) return trusts ? Promise.resolve(FULL) : answered(asking, () => takeSlot(db, asking));
    here.gaveBack(spare);
    return answered(asking, () => handOver(db, spare.returned(), asking));
  }

  async function waitForSlot(request: QuotaRequest, signal: AbortSignal, inLine: () => number): Promise<HeldSlot> {
    const { store, resource } = request;
    const waiter = randomUUID();
    const ask = () => ({ request, reservePercent, concurrency, keepMs, waiter, inLine: inLine() });
    // Who leaves the line lets the others pass at once; without this they would do so a second later.
    const leave = () => leaveLine(db, store, waiter).catch(() => undefined);
    let isNoted = false;
    try {
      let told = kept.take(store, resource) ?? (await look(ask(), true));
      while (!(told instanceof HeldSlot)) {
        isNoted ||= told !== FULL;
        // Who gives a slot back brings the answer along; without one we look for ourselves.
        told =
          kept.take(store, resource) ??
          (await naps.nap(store, napMs(told), signal, ask)) ??
          kept.take(store, resource) ??
          (await look(ask(), false));
      }
      if (isNoted) void leave();
      return told;
    } catch (error) {
      await leave();
      throw error;
    }
  }

  return {
    async acquire(request: QuotaRequest, signal: AbortSignal) {
      const slot = await lines.inTurn(`${request.store} ${request.resource}`, signal, (inLine) =>
        waitForSlot(request, signal, inLine),
      );
      slot.use();
      return { release: (observation: QuotaObservation) => release(slot, observation) };
    },
  };
}

/** What the ledger would say: we hold all slots there are, and the next that is given back is brought to us. */
const FULL: Answer = {
  slot_id: null,
  wait_ms: SLOT_LOOK_MS,
  cause: 'concurrency',
  tokens: 0,
  keep_ms: 0,
  request_limit: null,
};

/** Jittered, so that workers do not come back together. */
function napMs({ wait_ms: waitMs, cause }: Answer): number {
  const forSlot = cause === 'concurrency' || cause === 'resource cap';
  const longest = forSlot ? SLOT_LOOK_MS * (0.5 + Math.random()) : WINDOW_LOOK_MS;
  return Math.min(waitMs + Math.random() * 20, longest);
}
