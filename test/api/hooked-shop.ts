import { sandboxCredentials } from '../../src/sandbox/woocommerce/options.ts';
import { createWooCommerceSandbox, type WooCommerceSandbox } from '../../src/sandbox/woocommerce/server.ts';
import type { WooCommerceSandboxOptions } from '../../src/sandbox/woocommerce/options.ts';
import type { ApiUnderTest } from './api-under-test.ts';

/** A sandbox shop and a project of the API that has it as its source, over sockets. */
export interface HookedShop {
  readonly slug: string;
  readonly shop: WooCommerceSandbox;
  /** The API's own address. */
  readonly door: string;
  /** As the merchant, through the shop's own API. */
  send(method: string, path: string, body?: object): Promise<Record<string, unknown>>;
  /** Sends what waits; resolves with the statuses that the shop was answered. */
  cron(): Promise<readonly { readonly topic: string; readonly status: number }[]>;
}

export async function hookedShop(
  api: ApiUnderTest,
  slug: string,
  options: WooCommerceSandboxOptions = {},
): Promise<HookedShop> {
  const shop = await createWooCommerceSandbox(options);
  const address = api.app.addresses().find((one) => typeof one === 'object');
  const door =
    address === undefined ? await api.app.listen({ host: '127.0.0.1', port: 0 }) : `http://127.0.0.1:${address.port}`;
  const { consumerKey, consumerSecret } = sandboxCredentials;
  const made = await api.call('POST', '/v1/projects', {
    project: slug,
    source: { platform: 'woocommerce', url: shop.url, credentials: { consumerKey, consumerSecret } },
    target: { platform: 'bigcommerce', credentials: { storeHash: slug, accessToken: 't' } },
  });
  if (made.status !== 201) throw new Error(made.text);
  const basic = Buffer.from(`${sandboxCredentials.applicationUser}:${sandboxCredentials.applicationPassword}`);
  const send: HookedShop['send'] = async (method, path, body) => {
    const reply = await fetch(shop.url + path, {
      method,
      headers: { authorization: `Basic ${basic.toString('base64')}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as Record<string, unknown>;
  };
  return {
    slug,
    shop,
    door,
    send,
    cron: async () => (await send('POST', '/__admin/cron'))['delivered'] as { topic: string; status: number }[],
  };
}
