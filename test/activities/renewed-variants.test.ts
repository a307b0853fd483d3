import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CanonicalProduct } from '../../src/domain/product.ts';
import { attribute, pricing, product, variant } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

async function bring(canonical: CanonicalProduct): Promise<void> {
  await bench.read('product', '7', canonical);
  await bench.drain();
}

const sized = (name: string) =>
  product({
    kind: 'variable',
    attributes: [attribute(name, ['S', 'M'])],
    variants: ['S', 'M'].map((size, at) =>
      variant(`70${at}`, { [name]: size }, { sku: `TEA-${size}`, description: `in ${size}` }),
    ),
  });
/** Source ids that the variants at the target are marked with. */
const marks = () => {
  const { metafields } = bench.store.sandbox.store;
  return bench.store
    .product()
    .variants.flatMap(({ id }) => metafields.of({ resource: 'variants', resource_id: id }))
    .filter(({ key }) => key === 'source_id')
    .map(({ value }) => value.split(':')[1] ?? '')
    .toSorted();
};

describe('variants that are made anew', () => {
  it('have their metafields written again', async () => {
    await bench.renew('marked');
    await bring(sized('Size'));
    expect(marks()).toEqual(['700', '701']);
    await bring(sized('Cup size'));
    expect(marks()).toEqual(['700', '701']);
    await bring(sized('Cup size'));
    expect(marks()).toEqual(['700', '701']);
  });

  it.each(['now', 'never'] as const)(
    'are known by what they are now, when the reply is lost (applied: %s)',
    async (applied) => {
      await bench.renew(`marked-${applied}`);
      await bring(sized('Size'));
      const fault = { kind: 'drop', applied } as const;
      bench.store.sandbox.controls.faults.add([{ method: 'PUT', route: '/catalog/variants$', times: 1, fault }]);
      await bring(sized('Cup size'));
      expect(marks()).toEqual(['700', '701']);
      // What is written to them next reaches them.
      await bring({
        ...sized('Cup size'),
        variants: sized('Cup size').variants.map((one) => ({ ...one, pricing: pricing('9') })),
      });
      expect(bench.store.product().variants.map(({ price }) => price)).toEqual([9, 9]);
      expect(await bench.apply()).toEqual({});
    },
  );

  it('are set right when the source takes the change back before what was lost is known', async () => {
    await bench.renew('marked-back');
    await bring(sized('Size'));
    const fault = { kind: 'drop', applied: 'now' } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'PUT', route: '/catalog/variants$', times: 1, fault }]);
    await bench.read('product', '7', sized('Cup size'));
    await bench.apply();
    await bring(sized('Size'));
    expect(bench.store.product().options.map(({ display_name: name }) => name)).toEqual(['Size']);
    expect(marks()).toEqual(['700', '701']);
  });
});
