import { afterEach, describe, expect, it, vi } from 'vitest';
import { LiveStack, SHORT_TIMES } from '../e2e/live-stack.ts';
import {
  lifeSeed,
  liveFor,
  recent,
  recentUntilQuiet,
  PLAYED_AGAIN,
  WELL,
  whileShopLives,
  expectEqual,
} from '../e2e/lived-on.ts';

const SEED = lifeSeed(90_417);
/** A life in which no account takes the address of another before its orders are carried: those stay orders of a guest. */
const SEED_OF_KILLS = lifeSeed(41_702);
const PROJECT = 'shop';

let stack: LiveStack;
afterEach(() => stack.stop());

async function copied(products: number, seed: number, leaseMs = SHORT_TIMES.leaseMs): Promise<void> {
  stack = await LiveStack.start(products, seed, 1, leaseMs);
  await stack.createProject(PROJECT);
  expect((await stack.fullRun(PROJECT)).run).toMatchObject({ state: 'completed', endedReason: null });
}

/** The shop stands still: recent runs until nothing is left to write, and the checker finds both stores equal. */
async function endsEqual(said: string): Promise<void> {
  const written = await recentUntilQuiet(stack, PROJECT);
  console.log(`${said}; recent runs of the still shop wrote ${written.join(', ')}`);
  await expectEqual(stack, PROJECT);
}

describe(`recent runs of a shop that lives on at 20 changes a second (LIFE_SEED=${SEED})`, PLAYED_AGAIN, () => {
  it('lose nothing when each process in turn is killed with SIGKILL', async () => {
    await copied(60, 38);
    // So that a run lasts long enough to be hit, and what is hit is in the middle of a write.
    const slow = { kind: 'slow', ms: 40, when: 'after' } as const;
    await stack.admin('target', 'POST', 'faults', { route: '^/v[23]/', method: 'POST,PUT', rate: 1, fault: slow });
    for (const [round, part] of ['api', 'temporal', 'postgres', 'worker-1'].entries()) {
      // Something is there to be brought over, and more comes while the part is down.
      await liveFor(stack, 30, SEED_OF_KILLS + round);
      const life = liveFor(stack, 60);
      const { run } = await stack.api.startRun(PROJECT, { kind: 'recent' });
      await stack.until(PROJECT, `${run} writes`, (now) => now.run?.run === run && now.run.step === 'copy');
      stack.kill(part);
      const { run: last } = await stack.until(
        PROJECT,
        `${run} has ended after ${part} was killed`,
        (now) => now.run?.run === run && now.run.state !== 'running',
      );
      expect([part, last?.state, last?.endedReason]).toEqual([part, 'completed', null]);
      await life;
    }
    await stack.admin('target', 'DELETE', 'faults');
    await endsEqual(`360 changes, four processes killed`);
  });

  it('are helped by webhooks that come late, doubled, out of order, or never', async () => {
    await copied(60, 33);
    await stack.api.registerHooks(PROJECT, `http://127.0.0.1:${stack.folder.ports.api}`);
    const odds = { cronEveryMs: 300, lateMs: { from: 0, to: 1_500 }, lostRate: 0.05, doubledRate: 0.1, shuffled: true };
    await stack.admin('source', 'POST', 'webhooks', { seed: SEED, ...odds });
    // A run that is fed by hints goes on for as long as they come: each life has an end.
    for (let round = 0; round < 2; round++) {
      const lived = liveFor(stack, 100, SEED + round);
      expect((await recent(stack, PROJECT)).ended).toEqual(WELL);
      await lived;
    }
    const { counts } = await vi.waitUntil(async () => {
      const now = await stack.admin<{ counts: { delivered: number; failed: number }; waiting: unknown[] }>(
        'source',
        'GET',
        'webhooks',
      );
      return now.waiting.length === 0 ? now : null;
    }, 20_000);
    const { hooks } = (await stack.api.hooks(PROJECT)) as { hooks: { state: string; verified: number }[] };
    const verified = hooks.reduce((sum, hook) => sum + hook.verified, 0);
    expect(counts.failed).toBe(0);
    expect(verified).toBeGreaterThan(50);
    expect(new Set(hooks.map(({ state }) => state))).toEqual(new Set(['active']));
    await endsEqual(`200 changes, ${counts.delivered} deliveries of which ${verified} were verified`);
  });

  it('lose and double nothing when 5 % of the replies are lost, some of them applied late', async () => {
    await copied(60, 34, 15_000);
    const writes = { method: 'POST,PUT,DELETE', route: '^/v[23]/' };
    const drops = [
      { rate: 0.03, fault: { kind: 'drop', applied: 'now' } },
      { rate: 0.01, fault: { kind: 'drop', applied: 'later', lateMs: 1_500 } },
      { rate: 0.01, fault: { kind: 'drop', applied: 'never' } },
    ];
    await stack.admin(
      'target',
      'POST',
      'faults',
      drops.map((drop) => ({ ...writes, ...drop })),
    );
    const lived = await whileShopLives(stack, SEED, async () => {
      for (let round = 0; round < 3; round++) expect((await recent(stack, PROJECT)).ended).toEqual(WELL);
    });
    expect((await recent(stack, PROJECT, true)).ended).toEqual(WELL);
    const { rules } = await stack.admin<{ rules: { fired: number }[] }>('target', 'GET', 'faults');
    const lost = rules.map(({ fired }) => fired);
    expect(lost[0]).toBeGreaterThan(0);
    await stack.admin('target', 'DELETE', 'faults');
    await endsEqual(`${lived} changes, replies lost (applied, late, never): ${lost.join(', ')}`);
  });

  it('are not misled by a source whose clock is 90 seconds ahead, and then stepped back', async () => {
    stack = await LiveStack.start(60, 35);
    await stack.admin('source', 'POST', 'clock', { skewMs: 90_000 });
    await stack.createProject(PROJECT);
    expect((await stack.fullRun(PROJECT)).run).toMatchObject({ state: 'completed', endedReason: null });
    const lived = await whileShopLives(stack, SEED, async () => {
      expect((await recent(stack, PROJECT)).ended).toEqual(WELL);
      await liveFor(stack, 20);
      const { run } = await stack.api.startRun(PROJECT, { kind: 'recent' });
      await stack.until(PROJECT, `${run} writes`, (now) => now.run?.run === run && now.run.step === 'copy');
      await stack.admin('source', 'POST', 'clock', { stepMs: -90_000 });
      const { run: last } = await stack.until(
        PROJECT,
        `${run} has ended`,
        (now) => now.run?.run === run && now.run.state !== 'running',
      );
      expect([last?.state, last?.endedReason]).toEqual(['completed', null]);
      expect((await recent(stack, PROJECT)).ended).toEqual(WELL);
    });
    await endsEqual(`${lived} changes around a step of 90 s back`);
  });

  it('take nothing away when products seem to be gone in masses, nor when the source answers empty', async () => {
    await copied(80, 36);
    const there = async () => {
      const state = await stack.admin<Record<string, unknown>>('target', 'GET', 'state');
      const { products = [], variants = [], customers = [], orders = [] } = state as Record<string, unknown[]>;
      return [products.length, variants.length, customers.length, orders.length];
    };
    const before = await there();
    // As after a backup that was put back without them: each product says of itself that it is gone.
    const products = { method: 'GET', rate: 1 } as const;
    const gone = { code: 'woocommerce_rest_product_invalid_id', message: 'Invalid ID.', data: { status: 404 } };
    const none = { 'x-wp-total': '0', 'x-wp-totalpages': '0' };
    await stack.admin('source', 'POST', 'faults', [
      {
        ...products,
        route: String.raw`^/wp-json/wc/v3/products/\d+$`,
        fault: { kind: 'status', code: 404, body: gone },
      },
      {
        ...products,
        route: '^/wp-json/wc/v3/products$',
        fault: { kind: 'status', code: 200, headers: none, body: [] },
      },
    ]);
    const masses = await recent(stack, PROJECT, true);
    expect(masses.ended).toEqual(WELL);
    expect(await there()).toEqual(before);
    const gate = async () => (await stack.api.gates(PROJECT)).gates.find(isOfProducts);
    expect(await gate()).toMatchObject({ state: 'open' });
    expect((await stack.api.status(PROJECT)).attention).toBe('gate mass-delete-product waits for approval');
    await stack.admin('source', 'DELETE', 'faults');
    expect((await recent(stack, PROJECT, true)).ended).toEqual(WELL);
    expect(await there()).toEqual(before);
    expect(await gate()).toMatchObject({ state: 'expired' });
    await stack.until(PROJECT, 'nobody is called any more', ({ attention }) => attention === null);

    await stack.admin('source', 'POST', 'scare', { on: true });
    const { run } = await stack.api.startRun(PROJECT, { kind: 'recent', sweep: true });
    // Products without their variations are no products: too many of them stop the run for a person.
    const stopped = await stack.until(PROJECT, `${run} stops`, ({ paused }) => paused);
    expect(stopped.attention).toMatch(/^error-rate: /);
    expect(await there()).toEqual(before);
    await stack.admin('source', 'POST', 'scare', { on: false });
    await stack.api.command(PROJECT, 'resume');
    const { run: last } = await stack.until(
      PROJECT,
      `${run} has ended`,
      (now) => now.run?.run === run && now.run.state !== 'running',
    );
    expect([last?.state, last?.endedReason]).toEqual(['completed', null]);
    const life = liveFor(stack, 60, SEED);
    expect((await recent(stack, PROJECT)).ended).toEqual(WELL);
    await life;
    await endsEqual(`60 changes after the scares; the run that held the deletes wrote ${masses.written}`);
  });
});

function isOfProducts(gate: object): boolean {
  return 'gate' in gate && gate.gate === 'mass-delete-product';
}
