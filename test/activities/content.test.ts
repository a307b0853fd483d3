import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reference } from '../../src/domain/record.ts';
import { page, post } from '../connectors/bigcommerce/content-forms.ts';
import { type ApplyBench, openApplyBench } from './apply-bench.ts';

let bench: ApplyBench;
beforeAll(async () => {
  bench = await openApplyBench();
});
afterAll(() => bench.close());

const { posts, pages } = {
  posts: () => [...bench.store.sandbox.store.blogPosts.values()],
  pages: () => [...bench.store.sandbox.store.pages.values()],
};
const writes = () => bench.store.requests().filter((request) => !request.startsWith('GET'));
const below = (sourceId: string): readonly Reference[] => [{ entity: 'page', sourceId, kind: 'hard', field: 'parent' }];

describe('blog posts', () => {
  it('are carried with picture, tags and day, stay published through an edit, and are written once', async () => {
    await bench.renew('posts');
    await bench.read('blog_post', '1', post());
    await bench.drain();
    expect(posts()).toMatchObject([
      {
        title: 'On tea',
        body: '<p><img src="https://shop.example.test/a.png" alt="A &quot;cup&quot;"></p><p>Tea <b>is</b> good.</p>',
        url: '/tea/',
        tags: ['News', 'tea'],
        is_published: true,
        published_date: '2025-03-04T05:06:07Z',
        author: 'Ann',
      },
    ]);
    bench.store.requests();
    await bench.read('blog_post', '1', post());
    await bench.drain();
    expect(writes()).toEqual([]);
    await bench.read('blog_post', '1', post({ excerpt: '<p>In short</p>', tags: [] }));
    await bench.drain();
    expect(posts()).toMatchObject([{ is_published: true, meta_description: 'In short', tags: ['News'] }]);
  });

  it.each([
    ['a draft', { status: 'draft' as const, path: null, publishedAt: null }],
    ['a scheduled one', { status: 'scheduled' as const }],
    ['one with a password', { passwordProtected: true }],
  ])('%s is not to be seen', async (what, more) => {
    await bench.renew(`posts-${what.replaceAll(' ', '-')}`);
    await bench.read('blog_post', '1', post(more));
    await bench.drain();
    expect(posts()).toMatchObject([{ is_published: false }]);
  });

  it.each(['now', 'never'] as const)('are there once when the reply is lost (applied: %s)', async (applied) => {
    await bench.renew(`posts-lost-${applied}`);
    const fault = { kind: 'drop', applied } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '/blog/posts$', times: 1, fault }]);
    await bench.read('blog_post', '1', post());
    await bench.drain();
    expect(posts()).toHaveLength(1);
  });

  it('and pages of an earlier project are taken over when they are the same', async () => {
    await bench.renew('content-first');
    await bench.read('blog_post', '1', post());
    await bench.read('page', '2', page());
    await bench.drain();
    await bench.anotherProject('content-second');
    await bench.read('blog_post', '1', post());
    await bench.read('page', '2', page());
    await bench.drain();
    expect([posts().length, pages().length, await bench.apply()]).toEqual([1, 1, {}]);
  });
});

const sit = async (id: string, parent: string | null) =>
  bench.read('page', id, page({ title: `Page ${id}`, path: `/p${id}/`, parent }), {
    references: parent === null ? [] : below(parent),
  });
const tree = () => {
  const names = new Map(pages().map(({ id, name }) => [id, name.replace('Page ', '')]));
  return Object.fromEntries(
    pages().map(({ name, parent_id: at }) => [name.replace('Page ', ''), names.get(at) ?? null]),
  );
};

/** Each of three pages below the next. */
async function sitInCircle(): Promise<void> {
  await sit('1', '2');
  await sit('2', '3');
  await sit('3', '1');
  await bench.drain();
}

describe('pages', () => {
  it('are carried below their parents; equal names are told apart; those of the shop software are left out', async () => {
    await bench.renew('pages');
    await bench.read('page', '5', page({ title: 'Team', path: '/about/team/', parent: '2' }), {
      references: below('2'),
    });
    await bench.read('page', '2', page());
    await bench.read('page', '3', page({ path: '/about-2/' }));
    await bench.read('page', '4', page({ title: 'Cart', path: '/cart/', isSystem: true }));
    await bench.drain();
    const about = pages().find(({ url }) => url === '/about/');
    expect(
      pages()
        .map(({ name, parent_id: parent }) => [name, parent])

        .toSorted(([a], [b]) => String(a).localeCompare(String(b))),
    ).toEqual([
      ['About', 0],
      ['About (#3)', 0],
      ['Team', about?.id],
    ]);
    expect(about).toMatchObject({ is_visible: true, sort_order: 3, body: '<p>Tea <b>is</b> good.</p>' });
    const reports = await bench.db.selectFrom('report_items').select('key').where('entity', '=', 'page').execute();
    expect(reports).toContainEqual({ key: 'system-page-skipped' });
    bench.store.requests();
    await bench.read('page', '2', page({ position: 9 }));
    await bench.drain();
    expect(about?.sort_order).toBe(9);
    expect(writes()).toEqual(['PUT /v:n/content/pages/:n']);
  });

  it('that lie below each other are all at the top, without waiting for anything else to end', async () => {
    await bench.renew('pages-cycle');
    await sitInCircle();
    expect(pages().map(({ parent_id: parent }) => parent)).toEqual([0, 0, 0]);
    expect(await bench.apply()).toEqual({});
  });

  it.each(['at once', 'one by one, the far end first', 'one by one'] as const)(
    'that lay below each other find their places when one of them moves away (%s)',
    async (how) => {
      await bench.renew(`pages-uncycled-${how.length}`);
      await sitInCircle();
      expect(tree()).toEqual({ 1: null, 2: null, 3: null });
      if (how === 'one by one, the far end first') {
        await sit('1', '2');
        await bench.drain();
      }
      await sit('3', null);
      if (how === 'one by one') await bench.drain();
      await sit('1', '2');
      await sit('2', '3');
      await bench.drain();
      expect(tree()).toEqual({ 1: '2', 2: '3', 3: null });
      bench.store.requests();
      await sit('3', null);
      await bench.drain();
      expect(writes()).toEqual([]);
    },
  );

  it('that nobody touched find theirs as well, however far below', async () => {
    await bench.renew('pages-uncycled-alone');
    await sitInCircle();
    await sit('3', null);
    await bench.drain();
    expect(tree()).toEqual({ 1: '2', 2: '3', 3: null });
  });

  it("of the merchant's own, with a text of his own, are left for review", async () => {
    await bench.renew('pages-own');
    const headers = { 'content-type': 'application/json', 'x-auth-token': 'sandbox-access-token' };
    const own = { name: 'About', type: 'page', body: '<p>Mine</p>', url: '/mine/' };
    const url = `${bench.store.sandbox.url}/stores/sandbox/v3/content/pages`;
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(own) });
    await bench.anotherProject('pages-own-matched');
    await bench.read('page', '2', page());
    await bench.drain();
    expect(pages()).toMatchObject([{ body: '<p>Mine</p>' }]);
    expect(await bench.apply()).toEqual({ 2: 'held' });
  });

  it.each(['now', 'never'] as const)('are there once when the reply is lost (applied: %s)', async (applied) => {
    await bench.renew(`pages-lost-${applied}`);
    const fault = { kind: 'drop', applied } as const;
    bench.store.sandbox.controls.faults.add([{ method: 'POST', route: '/pages$', times: 1, fault }]);
    await bench.read('page', '2', page());
    await bench.drain();
    expect(pages()).toHaveLength(1);
    await bench.gone('page', ['2']);
    await bench.drain();
    expect(pages()).toEqual([]);
  });
});
