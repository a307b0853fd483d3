import type { QuotaGovernor, QuotaPermit, QuotaRequest } from './quota.ts';

/**
 * A governor without windows or sharing between workers: at most `slots` requests of a store in flight in this process,
 * and `resourceSlots` of each resource. For tests and for stores without a quota of their own.
 */
export function openGovernor(slots = 4): QuotaGovernor {
  const inFlight = new Map<string, number>();
  const waiting: (() => void)[] = [];

  const count = (key: string): number => inFlight.get(key) ?? 0;
  const isFree = (request: QuotaRequest): boolean => {
    const [store, resource] = keysOf(request);
    return count(store) < slots && count(resource) < request.resourceSlots;
  };
  const take = (request: QuotaRequest): QuotaPermit => {
    const keys = keysOf(request);
    for (const key of keys) inFlight.set(key, count(key) + 1);
    let released = false;
    return {
      release: () => {
        if (released) return Promise.resolve();
        released = true;
        for (const key of keys) inFlight.set(key, count(key) - 1);
        for (const wake of waiting.splice(0)) wake();
        return Promise.resolve();
      },
    };
  };

  return {
    async acquire(request, signal) {
      signal.throwIfAborted();
      while (!isFree(request)) {
        await new Promise<void>((resolve, reject) => {
          const abort = (): void => reject(signal.reason as Error);
          signal.addEventListener('abort', abort, { once: true });
          waiting.push(() => {
            signal.removeEventListener('abort', abort);
            resolve();
          });
        });
      }
      return take(request);
    },
  };
}

function keysOf(request: QuotaRequest): [string, string] {
  return [request.store, `${request.store} ${request.resource}`];
}
