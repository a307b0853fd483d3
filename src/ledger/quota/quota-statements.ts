import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';

/** As declared by the connectors, which the ledger does not know; the worker brings the two together (P12). */
export interface QuotaRequest {
  readonly store: string;
  readonly resource: string;
  readonly resourceSlots: number;
  readonly timeoutMs: number;
}
export interface QuotaObservation {
  readonly limit?: number;
  readonly left?: number;
  readonly windowMs?: number;
  readonly resetsInMs?: number;
  readonly busyForMs?: number | null;
}

/** Who asks for a slot, and on which terms. */
export interface Asking {
  readonly request: QuotaRequest;
  readonly reservePercent: number;
  readonly concurrency: number;
  readonly keepMs: number;
  readonly waiter: string;
  readonly inLine: number;
}

/** What the ledger says to it: a slot, or what is waited for. */
export interface Answer {
  readonly slot_id: number | null;
  readonly wait_ms: number;
  readonly cause: string;
  /** Requests that may be sent on the slot, one after the other, within `keep_ms`. */
  readonly tokens: number;
  readonly keep_ms: number;
  /** Of the window that the tokens are drawn from; null: the store told none yet. */
  readonly request_limit: number | null;
}

/** A slot on its way back. */
export interface Returned {
  readonly id: number;
  readonly store: string;
  readonly unused: number;
  /** What the last reply said. */
  readonly seen: QuotaObservation;
  /** From the ledger's answer until the request of that reply was sent: what the ledger takes for that is never too late. */
  readonly sentMs: number;
  /** From our asking the ledger until that reply came: never too early. */
  readonly seenMs: number;
  /** Since that reply came. */
  readonly ageMs: number;
}

/** A store may ask for any time; after this long one request finds out whether it still means it. */
const LONGEST_BUSY_MS = 24 * 3_600_000;

export async function takeSlot(db: QueryExecutorProvider, asking: Asking): Promise<Answer> {
  return answered(db, sql`SELECT * FROM quota_acquire(${asking.request.store}, ${termsOf(asking)})`);
}

/** Gives a slot back and asks for the next in line, in one round trip. */
export async function handOver(db: QueryExecutorProvider, returned: Returned, next: Asking): Promise<Answer> {
  return answered(db, sql`SELECT * FROM quota_handover(${toldOf(returned)}, ${termsOf(next)})`);
}

export async function giveBack(db: QueryExecutorProvider, returned: Returned): Promise<void> {
  await sql`SELECT quota_release(${toldOf(returned)})`.execute(db);
}

export async function leaveLine(db: QueryExecutorProvider, store: string, waiter: string): Promise<void> {
  await sql`DELETE FROM quota_waits WHERE store = ${store} AND waiter = ${waiter}`.execute(db);
}

async function answered(db: QueryExecutorProvider, statement: RawBuilder<unknown>): Promise<Answer> {
  const { rows } = await (statement as RawBuilder<Answer>).execute(db);
  const answer = rows[0];
  if (answer === undefined) throw new Error('the quota function gave no answer');
  return answer;
}

/** What an operator set for the store goes before what the service is set to. */
function termsOf({ request, concurrency, reservePercent, keepMs, waiter, inLine }: Asking) {
  return sql`${request.resource}, ${request.resourceSlots}::integer, ${Math.ceil(request.timeoutMs)}::integer,
      coalesce((SELECT set_concurrency FROM quota_windows WHERE store = ${request.store}), ${concurrency}::integer),
      coalesce((SELECT set_reserve_percent FROM quota_windows WHERE store = ${request.store}), ${reservePercent}::integer),
      ${waiter}, ${inLine}::integer, ${keepMs}::integer`;
}

function toldOf({ id, store, unused, seen, sentMs, seenMs, ageMs }: Returned) {
  const { limit, left, windowMs, resetsInMs, busyForMs } = seen;
  return sql`${id}, ${store}, ${whole(limit)}::integer, ${whole(left)}::integer, ${whole(windowMs)}::integer,
      ${whole(resetsInMs)}::integer, ${busyForMs !== undefined}, ${whole(busyForMs)}::integer, ${unused}::integer,
      ${Math.floor(sentMs)}::integer, ${whole(seenMs)}::integer, ${Math.floor(ageMs)}::integer`;
}

/** What a store says of itself, as a whole number that the ledger can hold; null when it says nothing usable. */
function whole(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(value)
    ? null
    : Math.ceil(Math.min(Math.max(value, 0), LONGEST_BUSY_MS));
}
