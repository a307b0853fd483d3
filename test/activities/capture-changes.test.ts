import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { captureChanges } from '../../src/activities/capture-changes.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import { openGovernor } from '../../src/connectors/http/open-governor.ts';
import { createWooCommerceSource } from '../../src/connectors/woocommerce/woocommerce-source.ts';
import { ALL_GUARDS } from '../../src/domain/guards.ts';
import type { RunKind } from '../../src/domain/phases.ts';
import type { MovedEntity } from '../../src/domain/record.ts';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { startCapture } from '../../src/ledger/watermarks.ts';
import { sandboxCredentials } from '../../src/sandbox/woocommerce/options.ts';
import { seedShop } from '../../src/sandbox/woocommerce/seed/shop.ts';
import { createWooCommerceSandbox, type WooCommerceSandbox } from '../../src/sandbox/woocommerce/server.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';
import { claimAll, type QueueUnderTest, settle } from '../ledger/queue-under-test.ts';

let ledger: LedgerUnderTest;
let shop: WooCommerceSandbox;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());
beforeEach(async () => {
  shop = await createWooCommerceSandbox();
  seedShop(shop.store, 5, { products: 20, customers: 12, orders: 40 });
});
afterEach(() => shop.close());

/** Polls of one entity of the sandbox shop, on the real ledger. */
async function follow(slug: string, entity: MovedEntity, kind: RunKind = 'recent') {
  const { id: projectId, targetStore } = await makeProject(ledger, slug);
  const run = await openRun(ledger.db, { projectId, kind, mappingVersion: 1, mappingFingerprint: 'f' });
  const runId = run?.id ?? 0;
  const source = createWooCommerceSource({
    ...sandboxCredentials,
    baseUrl: shop.url,
    network: { allowPrivate: true },
    governor: openGovernor(),
    timeoutMs: 5_000,
    concurrency: 4,
  });
  const scope = {
    db: ledger.db,
    projectId,
    runId,
    targetStore,
    run: { kind },
    entities: [entity],
    source,
    settings: { concurrency: 2 },
    sourceProfile: { clockSkewMs: 0 },
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  } as unknown as RunScope;
  const queue = {
    projectId,
    targetStore,
    ledger: createProjectLedger(ledger.db, { projectId, targetStore, runId, leaseMs: 60_000 }, ALL_GUARDS),
  } as QueueUnderTest;
  await startCapture(ledger.db, projectId, entity, new Date(Date.now() - 3_600_000).toISOString());
  return {
    capture: () => captureChanges(scope),
    /** What waits in the queue, which is then carried to the target. */
    carried: async (): Promise<string[]> => {
      const claims = await claimAll(queue, 'w', 100, entity);
      const fetched = claims.filter(({ change }) => change.kind === 'fetch');
      await queue.ledger.commit(
        claims.map((claim) => settle(claim, { to: 'done' }, fetched.includes(claim) ? null : `9${claim.id}`)),
      );
      return claims.map(({ ref, change }) => `${change.kind} ${ref.sourceId}`).toSorted();
    },
    /** What waits in the queue. */
    queued: async (): Promise<string[]> => {
      const { rows } = await sql<{ kind: string; source_id: string }>`
        SELECT kind, source_id FROM changes WHERE project_id = ${projectId} ORDER BY source_id::integer`.execute(
        ledger.db,
      );
      return rows.map((row) => `${row.kind} ${row.source_id}`);
    },
  };
}

const requests = () => {
  const { journal } = shop.controls;
  const asked = journal.entries().map(({ method, route }) => `${method} ${route}`);
  journal.reset();
  return asked;
};
const someOrders = () => [...shop.store.orders.values()].filter(({ status }) => status === 'completed').slice(0, 3);
const stamp = (secondsAgo: number) => Math.floor((Date.now() - secondsAgo * 1_000) / 1_000) * 1_000;

it('asks once for what belongs to an order, and again only when the order bears another stamp', async () => {
  const { capture, carried } = await follow('held', 'order');
  for (const order of someOrders()) order.modifiedGmt = stamp(20);
  const ids = someOrders().map(({ id }) => `upsert ${id}`);
  await capture();
  expect(await carried()).toEqual(ids.toSorted());
  requests();
  await capture();
  expect(await carried()).toEqual([]);
  expect(requests().filter((request) => request.includes('/notes'))).toEqual([]);
  const [edited] = someOrders();
  if (edited !== undefined) edited.modifiedGmt = stamp(3);
  await capture();
  expect(await carried()).toEqual([`upsert ${edited?.id}`]);
});

it('looks again at a stamp of the last seconds: another edit may bear the same', async () => {
  const { capture, carried } = await follow('fresh', 'order');
  for (const order of someOrders()) order.modifiedGmt = stamp(1);
  const ids = someOrders().map(({ id }) => `upsert ${id}`);
  await capture();
  expect(await carried()).toEqual(ids.toSorted());
  await capture();
  expect(await carried()).toEqual(ids.toSorted());
});

it('sees a new record of an entity without stamps by its id, with one request where there is none', async () => {
  const { capture, queued } = await follow('newest', 'review');
  await capture();
  const all = [...shop.store.reviews.values()].filter(({ status }) => status !== 'spam' && status !== 'trash');
  const ids = all.map(({ id }) => `fetch ${id}`);
  expect(await queued()).toEqual(ids);
  requests();
  await capture();
  expect(await queued()).toEqual(ids);
  expect(requests()).toHaveLength(1);
  const [like] = all;
  if (like === undefined) throw new Error('the shop has reviews');
  shop.store.reviews.set(99_999, { ...like, id: 99_999 });
  await capture();
  expect(await queued()).toEqual([...ids, 'fetch 99999']);
});

it('leaves records without stamps to the slices while everything is copied', async () => {
  const { capture, carried } = await follow('copying', 'review', 'full');
  await capture();
  expect(await carried()).toEqual([]);
});
