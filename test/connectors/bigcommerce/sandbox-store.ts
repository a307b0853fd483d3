import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBigCommerceTarget } from '../../../src/connectors/bigcommerce/bigcommerce-target.ts';
import { openGovernor } from '../../../src/connectors/http/open-governor.ts';
import { createBigCommerceSandbox } from '../../../src/sandbox/bigcommerce/server.ts';
import type { BigCommerceSandboxOptions } from '../../../src/sandbox/bigcommerce/options.ts';
import type { ProductRow } from '../../../src/sandbox/bigcommerce/store/rows.ts';
import { TargetDriver } from '../../contract/target-driver.ts';

/** A sandbox store, a target on it, and a shop that serves pictures. */
export interface SandboxStore {
  readonly driver: TargetDriver;
  /** Empties the store and forgets what was written to it. */
  renew(): Promise<void>;
  readonly sandbox: Awaited<ReturnType<typeof createBigCommerceSandbox>>;
  /** `/ok/<name>.png` is a picture, everything under `/gone/` is not there. */
  readonly pictures: string;
  /** The only product. */
  product(): ProductRow;
  /** `POST /v3/catalog/products`, ... since the last call. */
  requests(): string[];
  /** The merchant works by hand, as in the control panel. */
  merchant(what: object): Promise<void>;
  fail(route: string, fault: object, times?: number): void;
  close(): Promise<void>;
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export async function openStore(options: BigCommerceSandboxOptions = {}): Promise<SandboxStore> {
  const sandbox = await createBigCommerceSandbox({ inventoryDelayMs: 1, ...options });
  const shop = createServer((request, reply) => {
    const found = request.url?.startsWith('/ok/') === true;
    reply.writeHead(found ? 200 : 404, { 'content-type': found ? 'image/png' : 'text/html' }).end(found ? PIXEL : 'no');
  });
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const target = createBigCommerceTarget({
    baseUrl: sandbox.url,
    storeHash: 'sandbox',
    accessToken: 'sandbox-access-token',
    network: { allowPrivate: true },
    governor: openGovernor(),
    timeoutMs: 5_000,
    concurrency: 4,
    retry: { baseMs: 1, tries: 3, maxWaitMs: 100 },
  });
  const { journal, faults } = sandbox.controls;
  let driver = new TargetDriver(target);
  return {
    get driver() {
      return driver;
    },
    async renew() {
      await fetch(`${sandbox.url}/__admin/reset`, { method: 'POST' });
      driver = new TargetDriver(target);
    },
    sandbox,
    pictures: `http://127.0.0.1:${(shop.address() as AddressInfo).port}`,
    product() {
      const [row, ...others] = sandbox.store.products.values();
      if (row === undefined || others.length > 0) throw new Error(`expected one product, not ${others.length + 1}`);
      return row;
    },
    requests() {
      const made = journal.entries().map(({ method, path }) => `${method} ${path.replace(/\d+/g, ':n')}`);
      journal.reset();
      return made;
    },
    async merchant(what) {
      const headers = { 'content-type': 'application/json' };
      await fetch(`${sandbox.url}/__admin/merchant`, { method: 'POST', headers, body: JSON.stringify(what) });
    },
    fail: (route, fault, times = 1) => void faults.add([{ route, times, fault } as never]),
    async close() {
      shop.closeAllConnections();
      await new Promise((resolve) => shop.close(resolve));
      await sandbox.close();
    },
  };
}
