import { readFileSync } from 'node:fs';

interface Exchange {
  readonly name: string;
  readonly response: { readonly body: Record<string, unknown> };
}

/** The answer of a real shop to one of the recorded requests, by the name of the exchange. */
export function recordedBody(name: string): Record<string, unknown> {
  const file = new URL('../../fixtures/woocommerce/recordings.json', import.meta.url);
  const { exchanges } = JSON.parse(readFileSync(file, 'utf8')) as { exchanges: Exchange[] };
  const found = exchanges.find((exchange) => exchange.name === name);
  if (found === undefined) throw new Error(`no exchange "${name}" was recorded`);
  return found.response.body;
}
