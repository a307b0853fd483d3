import { afterEach, describe, expect, it, vi } from 'vitest';
import type { CheckOptions } from '../../src/sandbox/checker/check-stores.ts';
import { compareStores } from './compare-stores.ts';
import { LiveStack, SHORT_TIMES } from './live-stack.ts';

const WRITES = { method: 'POST,PUT', route: '/v3/' };

const isBrand: CheckOptions['expectedMissing'] = (entity) => entity === 'brand';

describe('a full migration while things go wrong', () => {
  let stack: LiveStack;
  afterEach(() => stack.stop());

  it('loses and doubles nothing when replies to creates are lost, some applied late', async () => {
    stack = await LiveStack.start(40, 11, 1, 15_000);
    await stack.admin('target', 'POST', 'faults', { ...WRITES, rate: 0.05, fault: { kind: 'drop', applied: 'now' } });
    await stack.admin('target', 'POST', 'faults', {
      ...WRITES,
      rate: 0.03,
      fault: { kind: 'drop', applied: 'later', lateMs: 1_500 },
    });
    await stack.admin('target', 'POST', 'faults', { ...WRITES, rate: 0.03, fault: { kind: 'drop', applied: 'never' } });
    await stack.createProject('lossy');
    const status = await stack.fullRun('lossy');
    expect(status.run?.state).toBe('completed');
    expect(await compareStores(stack)).toEqual({});
  });

  it('gets through a store that answers 429, 500 and 503 to a fifth of all requests', async () => {
    stack = await LiveStack.start(20, 12, 1, 15_000);
    for (const code of [429, 500, 503]) {
      await stack.admin('target', 'POST', 'faults', {
        route: '/v3/',
        rate: 0.07,
        fault: { kind: 'status', code, when: 'before' },
      });
    }
    await stack.createProject('rough');
    const status = await stack.fullRun('rough');
    expect(status.run?.state).toBe('completed');
    expect(await compareStores(stack)).toEqual({});
  });

  it('is safe with two workers, one of them stopped for longer than its lease', async () => {
    stack = await LiveStack.start(60, 14, 2);
    await stack.admin('target', 'POST', 'faults', {
      route: '/v3/',
      rate: 1,
      fault: { kind: 'slow', ms: 40, when: 'before' },
    });
    await stack.createProject('asleep');
    const { run } = await stack.startRun('asleep');
    await stack.until('asleep', 'products are being created', (status) => {
      const products = status.run?.entities.find((entity) => entity.entity === 'product');
      return (products?.created ?? 0) > 5;
    });
    stack.signal('worker-1', 'SIGSTOP');
    // Longer than its lease, which only time can bring about; then it wakes up with old claims in its hands.
    const stoppedAt = Date.now();
    await vi.waitUntil(() => Date.now() - stoppedAt > SHORT_TIMES.leaseMs + 1_000, { timeout: 30_000 });
    stack.signal('worker-1', 'SIGCONT');
    const woken = await stack.until(
      'asleep',
      'the run has ended',
      (now) => now.run?.run === run && now.run.state !== 'running' && now.phase !== 'copying',
    );
    expect(woken.run?.state).toBe('completed');
    expect(await compareStores(stack)).toEqual({});
    await stack.admin('target', 'DELETE', 'requests');
    const status = await stack.fullRun('asleep');
    expect(status.run?.state).toBe('completed');
    expect(await stack.targetWrites()).toEqual({});
    expect(await compareStores(stack)).toEqual({});
  });

  it('brings over what the living shop did during the copy: edits, new products and the trash', async () => {
    stack = await LiveStack.start(60, 16);
    const slow = { kind: 'slow', ms: 60, when: 'before' } as const;
    await stack.admin('target', 'POST', 'faults', { route: '/v3/', rate: 1, fault: slow });
    await stack.createProject('alive');
    const { run } = await stack.startRun('alive');
    await stack.until('alive', 'products are being created', (status) => {
      const products = status.run?.entities.find((entity) => entity.entity === 'product');
      return (products?.created ?? 0) > 30;
    });
    const { products } = await stack.admin<{ products: { id: number; type: string; status: string; name: string }[] }>(
      'source',
      'GET',
      'state',
    );
    const plain = products.filter(({ type, status, name }) => type === 'simple' && status === 'publish' && name !== '');
    const [edited, trashed] = plain;
    await stack.atSource('PUT', `/products/${edited?.id}`, { regular_price: '77.77' });
    await stack.atSource('DELETE', `/products/${trashed?.id}`);
    await stack.atSource('POST', '/products', { name: 'Born during the copy', regular_price: '5', sku: 'BORN' });
    const status = await stack.until(
      'alive',
      'the run has ended',
      (now) => now.run?.run === run && now.run.state !== 'running',
    );
    expect(status.run?.state).toBe('completed');
    expect(await compareStores(stack)).toEqual({});
    const { products: there } = await stack.admin<{ products: { sku: string; price: number }[] }>(
      'target',
      'GET',
      'state',
    );
    expect(there.filter(({ sku }) => sku === 'BORN')).toHaveLength(1);
    expect(there.filter(({ price }) => price === 77.77)).toHaveLength(1);
  });

  it('puts a record that always gets 422 among the dead letters, and stops nothing', async () => {
    stack = await LiveStack.start(20, 15);
    await stack.admin('target', 'POST', 'faults', {
      method: 'POST',
      route: '/v3/catalog/brands',
      rate: 1,
      fault: {
        kind: 'status',
        code: 422,
        when: 'before',
        body: { status: 422, title: 'Refused for the test', errors: {} },
      },
    });
    await stack.createProject('refused');
    const status = await stack.fullRun('refused');
    expect(status.run?.state).toBe('completed');
    const brands = status.run?.entities.find((entity) => entity.entity === 'brand');
    expect(brands?.failed).toBe(brands?.planned);
    const { failures } = await stack.api.failures('refused');
    expect(failures[0]).toMatchObject({
      entity: 'brand',
      reason: expect.stringContaining('Refused for the test') as unknown,
    });
    expect(await compareStores(stack, { expectedMissing: isBrand })).toEqual({});
  });
});
