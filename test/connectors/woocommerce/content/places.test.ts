import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGovernor } from '../../../../src/connectors/http/open-governor.ts';
import { createWooCommerceSource } from '../../../../src/connectors/woocommerce/woocommerce-source.ts';
import type { StorePage } from '../../../../src/domain/redirect.ts';
import { sandboxCredentials } from '../../../../src/sandbox/woocommerce/options.ts';
import { seedShop } from '../../../../src/sandbox/woocommerce/seed/shop.ts';
import { createWooCommerceSandbox, type WooCommerceSandbox } from '../../../../src/sandbox/woocommerce/server.ts';

let shop: WooCommerceSandbox;
beforeEach(async () => {
  shop = await createWooCommerceSandbox();
  seedShop(shop.store, 5, { products: 30, customers: 5, orders: 0, posts: 20, pages: 12 });
});
afterEach(() => shop.close());

async function places(credentials: object = sandboxCredentials): Promise<Map<string, StorePage>> {
  const source = createWooCommerceSource({
    ...(credentials as typeof sandboxCredentials),
    baseUrl: shop.url,
    network: { allowPrivate: true },
    governor: openGovernor(),
    timeoutMs: 5_000,
    concurrency: 4,
    retry: { baseMs: 1, tries: 2, maxWaitMs: 20 },
  });
  const found = new Map<string, StorePage>();
  for await (const some of source.places(new AbortController().signal)) {
    for (const { path, to } of some) found.set(path, to);
  }
  return found;
}
const termsOf = (taxonomy: string) => [...shop.store.terms.values()].filter((row) => row.taxonomy === taxonomy);

describe('addresses that are nobody’s record', () => {
  it('are those of the shop’s software, the account’s own pages among them', async () => {
    const found = await places();
    expect(found.get('/shop/')).toEqual({ page: 'front' });
    expect(found.get('/cart/')).toEqual({ page: 'cart' });
    expect(found.get('/checkout/')).toEqual({ page: 'checkout' });
    for (const path of ['/my-account/', '/my-account/orders/', '/my-account/customer-logout/']) {
      expect(found.get(path)).toEqual({ page: 'account' });
    }
    // Names an order, which nobody has a bookmark of.
    expect(found.has('/checkout/order-pay/')).toBe(false);
  });

  it('are the lists of tags and of attributes that have a page for each of their terms', async () => {
    const [attribute] = shop.store.attributes.values();
    if (attribute === undefined) throw new Error('there are attributes');
    for (const row of shop.store.attributes.values()) row.hasArchives = row === attribute;
    const found = await places();
    const searches = [...found.values()].filter((page) => page.page === 'search');
    const tagged = searches.filter(({ of }) => of === 'tag');
    expect(tagged).toHaveLength(termsOf('product_tag').length);
    expect(tagged.some(({ words }) => /&\w+;/.test(words))).toBe(false);
    const terms = termsOf(attribute.slug);
    expect(searches.length - tagged.length).toBe(terms.length);
    expect(found.get(`/${attribute.slug.slice(3)}/${terms[0]?.slug}/`)).toMatchObject({ of: 'attribute' });
  });

  it('are the lists of the blog: of terms, of days, and of those who have published something', async () => {
    const found = await places();
    const blog = [...found].filter(([, to]) => to.page === 'blog').map(([path]) => path);
    const published = [...shop.store.posts.values()].filter(({ status }) => status === 'publish');
    const day = new Date(published[0]?.createdLocal ?? 0).toISOString().slice(0, 10).replaceAll('-', '/');
    expect(blog).toEqual(expect.arrayContaining(['/feed/', `/${day.slice(0, 4)}/`, `/${day}/`]));
    for (const { slug } of termsOf('post_tag')) expect(blog).toContain(`/tag/${slug}/`);
    const writers = new Set(published.map(({ author }) => author));
    expect(blog.filter((path) => path.startsWith('/author/'))).toHaveLength(
      [...writers].filter((id) => shop.store.customers.has(id)).length,
    );
  });

  it('are those that can be seen, where a list may not be read', async () => {
    const fault = { kind: 'status', code: 403, when: 'before' } as const;
    shop.controls.faults.add([{ route: '/(product_tag|settings/\\w+)$', rate: 1, fault }]);
    const found = await places();
    expect([...found.values()].some((page) => page.page === 'search' && page.of === 'tag')).toBe(false);
    expect(found.has('/cart/')).toBe(false);
    expect(found.has('/feed/')).toBe(true);
  });

  it('are read without the second credential too: the public may see all of them', async () => {
    const { applicationUser: _user, applicationPassword: _password, ...keys } = sandboxCredentials;
    expect(await places(keys)).toEqual(await places());
  });

  it('of a fault are none: the run waits for the shop', async () => {
    const fault = { kind: 'status', code: 500, when: 'before' } as const;
    shop.controls.faults.add([{ route: '/product_tag$', rate: 1, fault }]);
    await expect(places()).rejects.toThrow(/500|answered/);
  });
});
