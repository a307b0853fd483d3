import { readFileSync } from 'node:fs';

interface Exchange {
  readonly name: string;
  readonly response: { readonly status: number; readonly headers: Record<string, string>; readonly body: unknown };
}

const recordings = JSON.parse(
  readFileSync(new URL('../../fixtures/woocommerce/recordings.json', import.meta.url), 'utf8'),
) as { readonly exchanges: readonly Exchange[] };

/** The body that a real WooCommerce 10.5 gave in this exchange; a fresh copy for each caller. */
export function recordedBody(name: string): Record<string, unknown> {
  const found = recordings.exchanges.find((exchange) => exchange.name === name);
  if (found === undefined) throw new Error(`no recorded exchange "${name}"`);
  return structuredClone(found.response.body) as Record<string, unknown>;
}
