import { StoreFailure } from '../../http/failures.ts';
import type { Network } from '../../http/network-guard.ts';
import { openGovernor } from '../../http/open-governor.ts';
import { createStoreClient } from '../../http/store-client.ts';
import type { CallOptions } from '../../target.ts';

export interface ImageFile {
  readonly bytes: Buffer;
  readonly name: string;
  readonly type: string;
}
export type LoadImage = (url: string, call: CallOptions) => Promise<ImageFile>;

/** What the target takes as a file (bigcommerce-api §1.5). */
const MAX_BYTES = 8 * 1024 * 1024;

/** Fetches the bytes of a picture under the network guard; never with credentials. */
export function imageLoader(network: Network, timeoutMs: number): LoadImage {
  return async (url, call) => {
    const address = new URL(url);
    const client = createStoreClient({
      baseUrl: address.origin,
      store: `images:${address.host}`,
      governor: openGovernor(2),
      sign: (request) => request,
      timeoutMs,
      concurrency: 2,
      network,
    });
    try {
      const { data, headers } = await client.request<Buffer>({
        method: 'GET',
        path: `${address.pathname}${address.search}`,
        route: 'image',
        write: false,
        expect: 'bytes',
        signal: call.signal,
      });
      const type = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
      if (!type.startsWith('image/')) throw new StoreFailure('rejected', 'the address gives no picture');
      if (data.length > MAX_BYTES) throw new StoreFailure('rejected', 'the picture is larger than 8 MB');
      return { bytes: data, name: fileName(address, type), type };
    } catch (error) {
      // Whatever keeps the picture from us, the product is fine without it for now.
      if (error instanceof StoreFailure) throw new StoreFailure('rejected', error.message, { status: error.status });
      throw error;
    } finally {
      client.close();
    }
  };
}

function fileName(address: URL, type: string): string {
  const last = address.pathname.split('/').pop() ?? '';
  const plain = last.replace(/[^\w.-]/g, '').slice(-80);
  return /\.\w{2,5}$/.test(plain) ? plain : `image.${type.slice('image/'.length).replace(/\W.*/, '')}`;
}
