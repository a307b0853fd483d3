import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pricing, product } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const skus = () =>
  Object.fromEntries([...bench.store.sandbox.store.products.values()].map(({ name, sku }) => [name, sku]));
const named = (id: string, sku: string, price = '5') =>
  product({ name: `Tea ${id}`, sku, path: null, pricing: pricing(price) });

describe('two products that swap their SKUs', () => {
  it.each(['together', 'one by one', 'with an edit in between'] as const)(
    'end with each other\u2019s (%s)',
    async (how) => {
      await bench.renew(`swap-${how.replaceAll(' ', '-')}`);
      await bench.read('product', '7', named('7', 'A-1'));
      await bench.read('product', '8', named('8', 'B-1'));
      await bench.drain();
      await bench.read('product', '7', named('7', 'B-1'));
      if (how === 'one by one') await bench.drain();
      await bench.read('product', '8', named('8', 'A-1'));
      if (how === 'with an edit in between') {
        await bench.apply();
        await bench.read('product', '7', named('7', 'B-1', '6'));
        await bench.read('product', '8', named('8', 'A-1', '6'));
      }
      await bench.drain();
      expect(skus()).toEqual({ 'Tea 7': 'B-1', 'Tea 8': 'A-1' });
      expect(await bench.apply()).toEqual({});
    },
  );

  it('or one that takes what another gives up later: gets it then', async () => {
    await bench.renew('swap-later');
    await bench.read('product', '7', named('7', 'A-1'));
    await bench.read('product', '8', named('8', 'A-1'));
    await bench.drain();
    expect(skus()).toEqual({ 'Tea 7': 'A-1', 'Tea 8': 'A-1-8' });
    await bench.gone('product', ['7']);
    await bench.drain();
    expect(skus()).toEqual({ 'Tea 8': 'A-1' });
  });
});
