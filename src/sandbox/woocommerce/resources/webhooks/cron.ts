import type { Shop } from '../../store/shop.ts';
import type { WaitingDelivery } from '../../store/webhook-rows.ts';
import type { Delivered, PayloadOf } from './delivery.ts';
import { deliver } from './delivery.ts';
import { dueNow, takeOut } from './queue.ts';

/** What needs traffic or a clock in a real shop: waiting webhooks are sent (source-apis §1.8). */
export interface Cron {
  /** One run: sends what is due, one after another, and resolves when all of it was answered. Runs never overlap. */
  run(): Promise<Delivered[]>;
  /** Runs by itself that often from now on; 0 never. A run that takes longer leaves out the next ones. */
  every(ms: number): void;
  /** No further run, and the present one waits for no answer any more. */
  close(): void;
}

export function createCron(shop: Shop, payloadOf: PayloadOf, changed: () => void): Cron {
  const closing = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  const send = async (): Promise<Delivered[]> => {
    const sent: Delivered[] = [];
    const seen = new Set<WaitingDelivery>();
    for (const waiting of dueNow(shop)) {
      // A shop that stops in the middle loses what is on its way; the rest waits for its next start.
      if (closing.signal.aborted) break;
      // What is gone without having been sent went with a shop that was emptied meanwhile.
      if (!takeOut(shop, waiting) && !seen.has(waiting)) continue;
      seen.add(waiting);
      const one = await deliver(shop, waiting, payloadOf, closing.signal);
      if (one) sent.push(one);
    }
    if (sent.length > 0) changed();
    return sent;
  };
  const run = async (): Promise<Delivered[]> => {
    running += 1;
    const mine = last.then(send);
    // The next run waits for this one, however it ends.
    last = mine.catch(() => undefined);
    try {
      return await mine;
    } finally {
      running -= 1;
    }
  };
  return {
    run,
    every: (ms) => {
      clearInterval(timer);
      if (ms > 0) timer = setInterval(() => void (running === 0 && run()), ms).unref();
    },
    close: () => {
      clearInterval(timer);
      closing.abort();
    },
  };
}
