import { StoreFailure } from './failures.ts';
import type { Network } from './network-guard.ts';
import { openGovernor } from './open-governor.ts';
import { createStoreClient } from './store-client.ts';

/** Whether an address of the public web answers with a file; asked for without its bytes, never with credentials. */
export type IsReachable = (url: string, signal: AbortSignal) => Promise<boolean>;

/** Under the same guard as every request of ours: what may not be asked for counts as out of reach. */
export function reachability(network: Network, timeoutMs: number): IsReachable {
  return async (url, signal) => {
    if (!URL.canParse(url)) return false;
    const address = new URL(url);
    const client = createStoreClient({
      baseUrl: address.origin,
      store: `images:${address.host}`,
      governor: openGovernor(2),
      sign: (request) => request,
      timeoutMs,
      concurrency: 2,
      network,
      retry: { tries: 2 },
    });
    try {
      const path = `${address.pathname}${address.search}`;
      await client.request({ method: 'HEAD', path, route: 'image', write: false, expect: 'empty', signal });
      return true;
    } catch (error) {
      if (!(error instanceof StoreFailure)) throw error;
      // Some servers answer only to those who take the whole file.
      return error.status === 405 || error.status === 501;
    } finally {
      client.close();
    }
  };
}
