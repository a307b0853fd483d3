import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openGovernor } from '../../../../src/connectors/http/open-governor.ts';
import type { Source } from '../../../../src/connectors/source.ts';
import { createWooCommerceSource } from '../../../../src/connectors/woocommerce/woocommerce-source.ts';
import type { CanonicalPage } from '../../../../src/domain/content.ts';
import type { Canonical, MovedEntity } from '../../../../src/domain/record.ts';
import { sandboxCredentials } from '../../../../src/sandbox/woocommerce/options.ts';
import { seedShop } from '../../../../src/sandbox/woocommerce/seed/shop.ts';
import { createWooCommerceSandbox, type WooCommerceSandbox } from '../../../../src/sandbox/woocommerce/server.ts';
import { scanned } from '../../../support/scanned.ts';

const { signal } = new AbortController();
let shop: WooCommerceSandbox;
let source: Source;
const open = (credentials: object = sandboxCredentials) =>
  createWooCommerceSource({
    ...(credentials as typeof sandboxCredentials),
    baseUrl: shop.url,
    network: { allowPrivate: true },
    governor: openGovernor(),
    timeoutMs: 5_000,
    concurrency: 4,
    retry: { baseMs: 1, tries: 2, maxWaitMs: 20 },
  });
beforeAll(async () => {
  shop = await createWooCommerceSandbox();
  seedShop(shop.store, 5, { products: 20, customers: 5, orders: 5, reviews: 40, posts: 20, pages: 20 });
  source = open();
});
beforeEach(() => shop.controls.journal.reset());
afterAll(() => shop.close());

async function all<E extends MovedEntity>(entity: E) {
  const ids = (await scanned(source, entity)).map(({ sourceId }) => sourceId);
  const { records, unreadable } = await source.readByIds(entity, ids, signal);
  expect(unreadable).toEqual([]);
  return { ids, records, canonical: records.map((record) => record.canonical as Canonical<E>) };
}
const sorted = (ids: Iterable<number>) => [...ids].toSorted((a, b) => a - b).map(String);

describe('reviews', () => {
  it('are those that wait and those that are approved, each read once', async () => {
    const { ids, canonical } = await all('review');
    const kept = [...shop.store.reviews.values()].filter(({ status }) => status === 'approved' || status === 'hold');
    expect(ids).toEqual(sorted(kept.map(({ id }) => id)));
    expect(await source.count('review', signal)).toBe(ids.length);
    expect(canonical.filter(({ status }) => status === 'pending').length).toBeGreaterThan(0);
    expect(canonical.map(({ author }) => author)).toContain("O'Brien");
    expect(canonical.every(({ createdAt }) => createdAt?.endsWith('Z'))).toBe(true);
  });

  it('wait for their product; one in the trash is there, one that is deleted is gone', async () => {
    const { records } = await all('review');
    expect(records[0]?.references).toMatchObject([{ entity: 'product', kind: 'hard' }]);
    const [id = 0] = shop.store.reviews.keys();
    const ref = { entity: 'review' as const, sourceId: String(id) };
    const row = shop.store.reviews.get(id);
    if (row === undefined) throw new Error('there are reviews');
    const { status } = row;
    row.status = 'trash';
    expect(await source.fetchOne(ref, signal)).toMatchObject({ outcome: 'trashed' });
    row.status = status;
    expect(await source.fetchOne({ ...ref, sourceId: '999999' }, signal)).toMatchObject({ outcome: 'gone' });
  });
});

describe('blog posts', () => {
  it('come with the names of authors and terms, and their pictures, in one request for each kind', async () => {
    const { ids, canonical } = await all('blog_post');
    const kept = [...shop.store.posts.values()].filter(({ status }) => status !== 'trash' && status !== 'auto-draft');
    expect(ids).toEqual(sorted(kept.map(({ id }) => id)));
    expect(canonical.every(({ title }) => !title.includes('&amp;'))).toBe(true);
    expect(canonical.filter(({ author }) => author !== null).length).toBeGreaterThan(0);
    expect(canonical.flatMap(({ categories }) => categories).length).toBeGreaterThan(0);
    shop.controls.journal.reset();
    await source.readByIds('blog_post', ids, signal);
    const paths = shop.controls.journal.entries().map(({ path }) => path.replace('/wp-json/wp/v2', ''));
    expect(paths.length).toBeLessThanOrEqual(5);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('are read as they are shown, with the excerpt that was typed; drafts and scheduled ones are told', async () => {
    const { canonical } = await all('blog_post');
    const rows = [...shop.store.posts.values()];
    const typed = canonical.map((post) => rows.find(({ slug, title }) => slug === post.slug && title === post.title));
    const known = canonical.filter((_, at) => typed[at] !== undefined);
    expect(known.length).toBeGreaterThan(5);
    expect(known.map(({ excerpt }) => excerpt)).toEqual(
      typed.flatMap((row) => (row === undefined ? [] : [row.excerpt])),
    );
    const words = new Set(canonical.map(({ status }) => status));
    expect(words.has('published')).toBe(true);
    expect(canonical.filter(({ status }) => status === 'draft').every(({ path }) => path === null)).toBe(true);
  });

  it('one by one and in a list are the same', async () => {
    const { records } = await all('blog_post');
    const [first] = records;
    if (first === undefined) throw new Error('there are posts');
    const fetched = await source.fetchOne(first, signal);
    expect(fetched).toMatchObject({ outcome: 'present', record: { contentHash: first.contentHash } });
    const gone = { entity: 'blog_post' as const, sourceId: '999999' };
    expect(await source.fetchOne(gone, signal)).toMatchObject({ outcome: 'gone' });
  });

  it('without the second credential are a fault of permission, not an empty blog', async () => {
    const { applicationUser: _user, applicationPassword: _password, ...keys } = sandboxCredentials;
    await expect(scanned(open(keys), 'blog_post')).rejects.toThrow(/credential|permission|allowed|401|403/i);
  });
});

describe('pages', () => {
  it('lie below their parents, and those of the shop software are known', async () => {
    const shopPage = [...shop.store.pages.values()].find(({ title }) => title === 'About us');
    if (shopPage === undefined) throw new Error('there is such a page');
    const { content } = shopPage;
    shopPage.content = '<!-- wp:shortcode -->[woocommerce_cart]<!-- /wp:shortcode -->';
    const { records } = await all('page');
    const system = records.filter((record) => (record.canonical as CanonicalPage).isSystem);
    const titles = system.map(({ canonical }) => (canonical as CanonicalPage).title);
    expect(titles).toEqual(['About us', 'Shop', 'Cart', 'Checkout', 'My account']);
    shopPage.content = content;
    const { canonical } = await all('page');
    const team = canonical.find(({ title }) => title === 'Team');
    expect(team).toMatchObject({ parent: String(shopPage.id), path: expect.stringMatching(/^\/about-us\/team\/$/) });
  });

  it('are told from their texts where the settings are closed or missing', async () => {
    const [cart] = [...shop.store.pages.values()].filter(({ title }) => title === 'Cart');
    for (const code of [403, 404]) {
      shop.controls.faults.remove();
      shop.controls.faults.add([
        { route: '/settings/\\w+$', rate: 1, fault: { kind: 'status', code, when: 'before' } },
      ]);
      const { records } = await open().readByIds('page', [String(cart?.id)], signal);
      expect(records[0]?.canonical).toMatchObject({ isSystem: true });
    }
    shop.controls.faults.remove();
  });

  it('that the settings name are known, and asked for once', async () => {
    const [id = 0] = shop.store.pages.keys();
    const settings = shop.store.settings['products'];
    if (settings === undefined) throw new Error('there are settings');
    const before = settings['woocommerce_shop_page_id'];
    settings['woocommerce_shop_page_id'] = String(id);
    const fresh = open();
    const read = async () => (await fresh.readByIds('page', [String(id)], signal)).records[0]?.canonical;
    expect(await read()).toMatchObject({ isSystem: true });
    shop.controls.journal.reset();
    await read();
    expect(shop.controls.journal.entries().filter(({ path }) => path.includes('settings'))).toEqual([]);
    settings['woocommerce_shop_page_id'] = before ?? '';
  });
});
