import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CanonicalProduct } from '../../src/domain/product.ts';
import type { Reference } from '../../src/domain/record.ts';
import type { CanonicalReview } from '../../src/domain/review.ts';
import { page } from '../connectors/bigcommerce/content-forms.ts';
import { product } from '../connectors/bigcommerce/forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';
import type { ApplyLedger, RecordProgress } from '../../src/ledger/apply-ledger.ts';
import { settle, writtenAs } from '../ledger/queue-under-test.ts';
import { conflictDesk } from './conflict-desk.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const { conflicts, onlyConflict, resolve } = conflictDesk(() => bench);
const store = () => bench.store.sandbox.store;
const named = (name: string) => [...store().products.values()].find((row) => row.name === name);
const claimOf = async (ledger: ApplyLedger) => {
  const batch = await ledger.claim('another worker', { review: 1 });
  if (batch === null || batch === 'paused') throw new Error('nothing to claim');
  return batch;
};
const reviews = () => [...store().reviews.values()].map(({ product_id: at, text }) => ({ at, text }));

const tea = (more: Partial<CanonicalProduct> = {}, reason: 'copy' | 'poll' = 'copy') =>
  bench.read('product', '7', product({ path: null, ...more }), { reason });
const review = (text: string) => {
  const canonical: CanonicalReview = {
    product: '7',
    text,
    rating: 5,
    author: 'Ann',
    email: 'ann@example.test',
    status: 'approved',
    createdAt: '2025-03-04T05:06:07.000Z',
  };
  const references: readonly Reference[] = [{ entity: 'product', sourceId: '7', kind: 'hard', field: 'product_id' }];
  return bench.read('review', '1', canonical, { references });
};

async function teaWithReview(slug: string): Promise<void> {
  await bench.renew(slug);
  await tea();
  await review('Fine');
  await bench.drain();
  expect(reviews()).toEqual([{ at: named('Green tea')?.id, text: 'Fine' }]);
}

const group = (children: readonly string[]) =>
  bench.read(
    'product',
    '20',
    product({ name: 'Set', sku: 'SET', path: null, kind: 'grouped', groupedChildren: children }),
    {
      references: children.map((sourceId) => ({
        entity: 'product',
        sourceId,
        kind: 'soft',
        field: 'groupedChildren',
      })),
    },
  );
const listed = () => named('Set')?.description ?? '';
const part = (sourceId: string, name: string, path = `/product/${sourceId}/`) =>
  bench.read('product', sourceId, product({ name, sku: `PART-${sourceId}`, path }), { urls: [path] });
const related = () => named('Set')?.related_products;

async function lastRead(sourceId: string): Promise<number> {
  const rows = bench.db.selectFrom('records').select('read_start').where('project_id', '=', bench.queue.projectId);
  return (await rows.where('source_id', '=', sourceId).executeTakeFirstOrThrow()).read_start;
}

const sit = (id: string, parent: string | null) =>
  bench.read('page', id, page({ title: `Page ${id}`, path: `/p${id}/`, parent }), {
    references: parent === null ? [] : [{ entity: 'page', sourceId: parent, kind: 'hard', field: 'parent' }],
  });

async function set(slug: string): Promise<void> {
  await bench.renew(slug);
  await part('21', 'Cup');
  await part('22', 'Pot');
  await group(['21', '22']);
  await bench.drain();
  expect(listed()).toContain('<li><a href="/product/21/">Cup</a></li><li><a href="/product/22/">Pot</a></li>');
}

describe('what stands inside another goes with it', () => {
  it('and comes back with it: a product that is restored has its reviews again', async () => {
    await teaWithReview('inside-back');
    await bench.gone('product', ['7']);
    await bench.drain();
    expect(store().products.size).toBe(0);
    await tea();
    await bench.drain();
    expect(reviews()).toEqual([{ at: named('Green tea')?.id, text: 'Fine' }]);
    bench.store.requests();
    await review('Fine');
    await bench.drain();
    expect(bench.store.requests().filter((request) => !request.startsWith('GET'))).toEqual([]);
  });

  it('is no conflict of its own: it is made again in the product that is made anew', async () => {
    await teaWithReview('inside-anew');
    await bench.store.merchant({ delete: named('Green tea')?.id });
    await review('Fine, still');
    expect(await bench.apply()).toEqual({ 1: 'held' });
    await tea({ name: 'Sencha' });
    expect(await bench.apply()).toEqual({ 1: 'held', 7: 'held' });
    const about = (await conflicts()).find(({ entity }) => entity === 'product');
    if (about === undefined) throw new Error('no conflict about the product');
    await resolve(about, 'source');
    await bench.drain();
    expect(await bench.apply()).toEqual({});
    expect(reviews()).toEqual([{ at: named('Sencha')?.id, text: 'Fine, still' }]);
  });

  it('stays a conflict where only it was deleted', async () => {
    await teaWithReview('inside-only');
    const [id] = store().reviews.keys();
    const at = `${bench.store.sandbox.url}/stores/sandbox/v3/catalog/products/${named('Green tea')?.id}/reviews/${id}`;
    await fetch(at, { method: 'DELETE', headers: { 'x-auth-token': 'sandbox-access-token' } });
    await review('Fine, still');
    await bench.drain();
    expect(await onlyConflict()).toMatchObject({ kind: 'target_deleted', entity: 'review' });
  });
});

describe('who refers to a record is looked at again', () => {
  it('when its name or address changes that their texts show', async () => {
    await set('shown');
    await part('21', 'Mug');
    await bench.drain();
    expect(listed()).toContain('<li><a href="/product/21/">Mug</a></li>');
    await part('22', 'Pot', '/product/kettle/');
    await bench.drain();
    expect(listed()).toContain('<li><a href="/product/kettle/">Pot</a></li>');
  });

  it('but not for what they do not show', async () => {
    await set('not-shown');
    await bench.read('product', '21', product({ name: 'Cup', sku: 'PART-21B', path: '/product/21/' }));
    await bench.apply();
    expect(await lastRead('20')).toBeLessThan(await lastRead('21'));
  });

  it('when it goes and when it comes back', async () => {
    await set('related');
    const cup = named('Cup')?.id;
    expect(related()).toEqual([cup, named('Pot')?.id]);
    await bench.gone('product', ['21']);
    await bench.drain();
    expect(related()).toEqual([named('Pot')?.id]);
    expect(listed()).not.toContain('Cup');
    await part('21', 'Cup');
    await bench.drain();
    expect(named('Cup')?.id).not.toBe(cup);
    expect(related()).toEqual([named('Cup')?.id, named('Pot')?.id]);
    expect(listed()).toContain('<li><a href="/product/21/">Cup</a></li>');
  });

  it('a page whose parent is gone goes to the top, also when the shop still names that parent', async () => {
    await bench.renew('page-parent');
    await sit('1', null);
    await sit('2', '1');
    await bench.drain();
    await bench.gone('page', ['1']);
    await bench.drain();
    expect([...store().pages.values()].map(({ name, parent_id: at }) => [name, at])).toEqual([['Page 2', 0]]);
  });

  it('when it was a dead letter and came right', async () => {
    await bench.renew('cured');
    const body = { status: 422, title: 'The field is invalid.', errors: { name: 'no' } };
    bench.store.fail('/products$', { kind: 'status', code: 422, when: 'before', body });
    await tea();
    await bench.drain();
    await review('Fine');
    await bench.drain();
    expect(reviews()).toEqual([]);
    await tea();
    await bench.drain();
    expect(reviews()).toEqual([{ at: named('Green tea')?.id, text: 'Fine' }]);
  });

  it('when what it was mapped without came to the target while it was written', async () => {
    await bench.renew('late');
    const { ledger } = bench.queue;
    await bench.gone('product', ['7']);
    await bench.drain();
    await review('Fine');
    // Claimed and mapped by one worker while another makes the product.
    const [claim] = (await claimOf(ledger)).claims;
    if (claim === undefined) throw new Error('no review in the queue');
    await tea();
    await bench.apply();
    const settled = settle(claim);
    const progress: RecordProgress = {
      ...writtenAs(claim, ''),
      state: 'skipped',
      targetId: null,
      references: [{ entity: 'product', sourceId: '7', kind: 'hard', field: 'product_id' }],
      unmet: [{ entity: 'product', sourceId: '7' }],
    };
    await ledger.commit([{ ...settled, progress }]);
    await bench.drain();
    expect(reviews()).toEqual([{ at: named('Green tea')?.id, text: 'Fine' }]);
  });
});
