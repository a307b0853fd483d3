import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckOptions, checkStores } from '../../src/sandbox/checker/check-stores.ts';
import { bigCommerceCredentials } from '../../src/sandbox/bigcommerce/options.ts';
import { sandboxCredentials } from '../../src/sandbox/woocommerce/options.ts';
import { everythingInTemporal } from './histories.ts';
import { compareStores } from './compare-stores.ts';
import { DEFECTS, type RawTarget } from './planted-defects.ts';
import { LiveStack } from './live-stack.ts';

describe('a full migration between two stores', () => {
  let stack: LiveStack;
  beforeAll(async () => {
    stack = await LiveStack.start(60, 7);
  });
  afterAll(() => stack.stop());

  it('carries the whole catalogue, each record once', async () => {
    await stack.createProject('first');
    const status = await stack.fullRun('first');
    expect(status.run?.state).toBe('completed');
    expect(status.phase).toBe('syncing');
    expect(await compareStores(stack)).toEqual({});
    const products = status.run?.entities.find((entity) => entity.entity === 'product');
    expect(products?.created).toBe(products?.planned);
  });

  it('leaves no secret and nothing of any record in the histories of its workflows', async () => {
    const kept = await everythingInTemporal(stack, 'first');
    // The text is there to be searched: what workflows do say is found.
    expect(kept).toContain('applyChanges');
    const { products, customers } = await stack.admin<{
      products: { name: string; sku: string }[];
      customers: { email: string; billing: { phone: string; address_1: string } }[];
    }>('source', 'GET', 'state');
    const people = customers.flatMap(({ email, billing }) => [email, billing.phone, billing.address_1]);
    const secrets = [
      ...Object.values(sandboxCredentials),
      bigCommerceCredentials.accessToken,
      ...products.flatMap(({ name, sku }) => [name, sku]),
      ...people,
    ];
    // A product that is called by one plain word may be called like an event.
    const telling = secrets.filter((text) => text.length > 5 && /[\s\d@]/.test(text));
    expect(telling.length).toBeGreaterThan(60);
    expect(telling.filter((text) => kept.includes(text))).toEqual([]);
  });

  it.each(DEFECTS)('would be found out by $what', async ({ kind, field, plant }) => {
    const source = await stack.admin<unknown>('source', 'GET', 'state');
    const target = await stack.admin<RawTarget>('target', 'GET', 'state');
    plant(target);
    const report = checkStores({ source, target });
    expect(report.ok).toBe(false);
    expect(report[kind].map((finding) => finding.field)).toContainEqual(expect.stringContaining(field));
  });

  it('writes nothing in a second full run', async () => {
    await stack.admin('target', 'DELETE', 'requests');
    const status = await stack.fullRun('first');
    expect(status.run?.state).toBe('completed');
    expect(await stack.targetWrites()).toEqual({});
  });

  it('refuses a run while one is active, with the phase and what is allowed', async () => {
    await stack.startRun('first');
    await expect(stack.api.startRun('first', { kind: 'full' })).rejects.toMatchObject({
      problem: { status: 409, phase: 'copying', allowed: expect.arrayContaining(['pause', 'cancel']) as unknown },
    });
    await stack.until('first', 'the run has ended', (status) => status.run?.state === 'completed');
  });

  it('pauses, counts on, resumes and cancels', async () => {
    await stack.api.command('first', 'pause', 'lunch');
    await stack.until('first', 'paused', (status) => status.paused);
    await expect(stack.api.startRun('first', { kind: 'full' })).rejects.toMatchObject({ problem: { status: 409 } });
    await stack.api.command('first', 'resume');
    await stack.until('first', 'resumed', (status) => !status.paused);
    await stack.startRun('first');
    await stack.api.command('first', 'cancel');
    const status = await stack.until(
      'first',
      'the run has ended',
      ({ run }) => run !== null && run.state !== 'running',
    );
    expect(['cancelled', 'completed']).toContain(status.run?.state);
  });

  it('refuses a second project for the same records, and doubles nothing when a new one takes the target over', async () => {
    await expect(stack.createProject('second')).rejects.toMatchObject({ problem: { code: 'entities-overlap' } });
    await stack.deleteProject('first');
    await stack.createProject('third');
    const status = await stack.fullRun('third');
    expect(status.run?.state).toBe('completed');
    expect(await compareStores(stack)).toEqual({});
  });

  it("leaves a merchant's own product with the same SKU alone and asks a person", async () => {
    await stack.deleteProject('third');
    await stack.admin('target', 'POST', 'reset', {});
    interface Goods {
      id: number;
      sku: string;
      type: string;
      status: string;
    }
    const { products, variations } = await stack.admin<{ products: Goods[]; variations: Goods[] }>(
      'source',
      'GET',
      'state',
    );
    const skus = [...products, ...variations].map(({ sku }) => sku.toLowerCase());
    const rival = products.find(
      ({ sku, type, status }) =>
        type === 'simple' && status === 'publish' && skus.filter((other) => other === sku.toLowerCase()).length === 1,
    );
    const isRival: CheckOptions['expectedMissing'] = (entity, id) => entity === 'product' && id === rival?.id;
    await stack.admin('target', 'POST', 'merchant', {
      product: { name: 'Merchant own', sku: rival?.sku, price: 1.23 },
    });
    await stack.createProject('fourth');
    const status = await stack.fullRun('fourth');
    expect(status.run?.state).toBe('completed');
    expect(status.run?.entities.find((entity) => entity.entity === 'product')?.held).toBeGreaterThanOrEqual(1);
    const { products: there } = await stack.admin<{ products: { name: string; sku: string; price: number }[] }>(
      'target',
      'GET',
      'state',
    );
    expect(await compareStores(stack, { allowForeign: true, expectedMissing: isRival })).toEqual({});
    expect(there.filter((product) => product.name === 'Merchant own')).toMatchObject([
      { sku: rival?.sku, price: 1.23 },
    ]);
  });
});
