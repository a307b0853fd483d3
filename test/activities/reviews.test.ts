import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CanonicalReview } from '../../src/domain/review.ts';
import type { Reference } from '../../src/domain/record.ts';
import { product } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const review = (more: Partial<CanonicalReview> = {}): CanonicalReview => ({
  product: '7',
  text: '<p>Keeps warm. Looks good.</p>',
  rating: 5,
  author: 'Ann',
  email: 'ann@example.test',
  status: 'approved',
  createdAt: '2025-03-04T05:06:07.000Z',
  ...more,
});
const references: readonly Reference[] = [{ entity: 'product', sourceId: '7', kind: 'hard', field: 'product' }];
const read = (id: string, more: Partial<CanonicalReview> = {}) =>
  bench.read('review', id, review(more), { references });
const there = () =>
  [...bench.store.sandbox.store.reviews.values()].toSorted((a, b) => a.date_reviewed.localeCompare(b.date_reviewed));
const tea = () => bench.read('product', '7', product({ name: 'Green tea', sku: 'TEA-1' }));
const writes = () => bench.store.requests().filter((request) => !request.startsWith('GET'));

it('wait for their product, are made once, and follow the source', async () => {
  await bench.renew('reviews');
  await read('1');
  await read('2', { createdAt: '2025-03-05T05:06:07.000Z', status: 'pending' });
  await tea();
  await bench.drain();
  expect(there()).toMatchObject([
    {
      title: 'Keeps warm',
      text: 'Keeps warm. Looks good.',
      status: 'approved',
      date_reviewed: '2025-03-04T05:06:07+00:00',
    },
    { status: 'pending' },
  ]);
  bench.store.requests();
  await read('1');
  await bench.drain();
  expect(writes()).toEqual([]);
  await read('2', { createdAt: '2025-03-05T05:06:07.000Z' });
  await bench.drain();
  expect(there().map(({ status }) => status)).toEqual(['approved', 'approved']);
});

it.each(['now', 'never'] as const)('are there once when the reply is lost (applied: %s)', async (applied) => {
  await bench.renew(`reviews-lost-${applied}`);
  await tea();
  await bench.drain();
  const fault = { kind: 'drop', applied } as const;
  bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '/reviews$', times: 1, fault }]);
  await read('1');
  await bench.drain();
  expect(there()).toHaveLength(1);
  expect(await bench.apply()).toEqual({});
});

it('two of one person on one day about one thing are two, where the shop has two', async () => {
  await bench.renew('reviews-twins');
  await tea();
  await read('1');
  await read('2');
  await bench.drain();
  expect(there()).toHaveLength(2);
});

it('that the target holds from an earlier project are taken over, not doubled, and never deleted', async () => {
  await bench.renew('reviews-first');
  await tea();
  await read('1');
  await bench.drain();
  await bench.anotherProject('reviews-second');
  await tea();
  await read('1');
  await bench.drain();
  expect(there()).toHaveLength(1);
  await bench.gone('review', ['1']);
  await bench.drain();
  expect(there()).toHaveLength(1);
});

it('of a product that is nowhere are left out, and that is reported; spam is left out', async () => {
  await bench.renew('reviews-alone');
  await bench.read('review', '1', review({ product: '70' }), {
    references: [{ entity: 'product', sourceId: '70', kind: 'hard', field: 'product' }],
  });
  await bench.read('review', '2', review({ status: 'other' }));
  await bench.drain();
  expect(there()).toEqual([]);
  const reports = await bench.db.selectFrom('report_items').select('key').where('entity', '=', 'review').execute();
  expect(reports).toEqual([{ key: 'review-without-product' }]);
});

it('go when they are gone', async () => {
  await bench.renew('reviews-gone');
  await tea();
  await read('1');
  await bench.drain();
  await bench.gone('review', ['1']);
  await bench.drain();
  expect(there()).toEqual([]);
});
