import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { openGovernor } from '../../../src/connectors/http/open-governor.ts';
import { createWooCommerceSource } from '../../../src/connectors/woocommerce/woocommerce-source.ts';
import { sandboxCredentials } from '../../../src/sandbox/woocommerce/options.ts';
import { createWooCommerceSandbox } from '../../../src/sandbox/woocommerce/server.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
const signal = new AbortController().signal;

async function shopOverTls(network: { allowPrivate: boolean; ca?: string }) {
  const sandbox = await createWooCommerceSandbox({ tls: { key: fixture('server.key'), cert: fixture('server.pem') } });
  onTestFinished(() => sandbox.close());
  return createWooCommerceSource({
    baseUrl: sandbox.url,
    consumerKey: sandboxCredentials.consumerKey,
    consumerSecret: sandboxCredentials.consumerSecret,
    network,
    governor: openGovernor(),
    timeoutMs: 5000,
    concurrency: 2,
    retry: { tries: 1 },
  });
}

test('over https the key pair goes as Basic, and a named authority is trusted', async () => {
  const source = await shopOverTls({ allowPrivate: true, ca: fixture('ca.pem') });
  expect(await source.count('category', signal)).toBe(1);
  expect((await source.check(signal)).url).toMatch(/^https:/);
});

test('a certificate that nobody vouches for is refused before anything is sent', async () => {
  const source = await shopOverTls({ allowPrivate: true });
  await expect(source.count('category', signal)).rejects.toMatchObject({ kind: 'unreachable' });
});
