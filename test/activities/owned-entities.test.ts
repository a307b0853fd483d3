import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TargetOwns } from '../../src/domain/ownership.ts';
import type { Canonical, MovedEntity } from '../../src/domain/record.ts';
import { page, post } from '../connectors/bigcommerce/content-forms.ts';
import { category, product } from '../connectors/bigcommerce/forms.ts';
import { note, order } from '../connectors/bigcommerce/orders/order-form.ts';
import { customer } from '../connectors/bigcommerce/people-forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';
import { conflictDesk } from './conflict-desk.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());
const { conflicts } = conflictDesk(() => bench);

type Rows = ReadonlyMap<unknown, object>;
interface Owned<E extends MovedEntity = MovedEntity> {
  readonly entity: E;
  readonly owns: TargetOwns;
  readonly rows: () => Rows;
  readonly before: Canonical<E>;
  /** The source changes what belongs to the target, and something else. */
  readonly after: Canonical<E>;
  /** What the merchant makes of it by hand, and what is there in the end. */
  readonly byHand: object;
  readonly flows: object;
}
const owned = <E extends MovedEntity>(one: Owned<E>) => one;
const store = () => bench.store.sandbox.store;
const OWN = { path: null };

const CASES = [
  owned({
    entity: 'category',
    owns: { category: ['description', 'visibility'] },
    rows: () => store().categories,
    before: category({ ...OWN, name: 'Tea', description: '<p>Old</p>' }),
    after: category({ ...OWN, name: 'Teas', description: '<p>New</p>' }),
    byHand: { description: '<p>By hand.</p>', is_visible: false },
    flows: { name: 'Teas' },
  }),
  owned({
    entity: 'customer',
    owns: { customer: ['first_name', 'phone'] },
    rows: () => store().customers,
    before: customer({ email: 'ann@example.test', firstName: 'Ann', lastName: 'Old' }),
    after: customer({ email: 'ann@example.test', firstName: 'Anna', lastName: 'New' }),
    byHand: { first_name: 'By hand', phone: '555' },
    flows: { last_name: 'New' },
  }),
  owned({
    entity: 'order',
    owns: { order: ['status'] },
    rows: () => store().orders,
    before: order({ status: 'processing' }),
    after: order({ status: 'completed', notes: [note('5')] }),
    byHand: { status_id: 2 },
    flows: {},
  }),
  owned({
    entity: 'blog_post',
    owns: { blog_post: ['body'] },
    rows: () => store().blogPosts,
    before: post(),
    after: post({ title: 'On black tea', content: '<p>New</p>' }),
    byHand: { body: '<p>By hand.</p>' },
    flows: { title: 'On black tea', is_published: true },
  }),
  owned({
    entity: 'page',
    owns: { page: ['body', 'visibility'] },
    rows: () => store().pages,
    before: page(),
    after: page({ title: 'Other', content: '<p>New</p>' }),
    byHand: { body: '<p>By hand.</p>', is_visible: false },
    flows: { name: 'Other' },
  }),
] as const;

it.each(CASES.map((one) => [one.entity, one as unknown as Owned] as const))(
  'keeps what is the target’s of a %s, and lets the rest follow the source',
  async (entity, { owns, rows, before, after, byHand, flows }) => {
    await bench.renew(`owned-${entity.replace('_', '-')}`, { targetOwns: owns });
    await bench.read(entity, '1', before);
    await bench.drain();
    const [row] = rows().values();
    if (row === undefined) throw new Error(`the ${entity} is not there`);
    Object.assign(row, byHand, 'date_modified' in row ? { date_modified: new Date().toISOString() } : {});
    for (const reason of ['poll', 'resync'] as const) {
      await bench.read(entity, '1', after, { reason });
      await bench.drain();
      expect([...rows().values()]).toMatchObject([{ ...byHand, ...flows }]);
      expect(await conflicts()).toEqual([]);
    }
  },
);

const review = (more: object) => ({
  product: '7',
  text: '<p>Keeps warm.</p>',
  rating: 5,
  author: 'Ann',
  email: 'ann@example.test',
  status: 'approved' as const,
  createdAt: '2025-03-04T05:06:07.000Z',
  ...more,
});

it('keeps what is the target’s of a review', async () => {
  await bench.renew('owned-review', { targetOwns: { review: ['status', 'rating'] } });
  const references = [{ entity: 'product', sourceId: '7', kind: 'hard', field: 'product' }] as const;
  await bench.read('product', '7', product());
  await bench.read('review', '1', review({}), { references });
  await bench.drain();
  const [row] = store().reviews.values();
  Object.assign(row ?? {}, { status: 'disapproved', rating: 1 });
  await bench.read('review', '1', review({ author: 'Anna', rating: 4, status: 'pending' }), { references });
  await bench.drain();
  expect([...store().reviews.values()]).toMatchObject([{ name: 'Anna', status: 'disapproved', rating: 1 }]);
});
