import { categoryForm, type CatalogueIds, productForm, productMetafields } from './catalogue-forms.ts';
import { chunks, type Store } from './client.ts';
import { archivePaths, couponForm, levelsOf, pageForm, postForm, reviewForm } from './content-forms.ts';
import { orderOptions } from './option-order.ts';
import { orderForm, orderMetafields, type SoldIds } from './order-forms.ts';
import { customerForm, customerMetafields, groupOf, movedCustomers } from './people-forms.ts';
import { readShop, type ShopRows } from './read-shop.ts';
import { type Fields, type Metafield, metafields, onlyOnce, pathOf, type Row, textOf } from './rows.ts';
import { Account, BATCH, createOne, writeMetafields } from './write-store.ts';

/**
 * A migration as a script does it once: read everything, write it in order, nothing kept but in memory. The reads run ahead of
 * the writes; each store has as many requests in flight as its client allows.
 */
export async function migrate(shop: Store, store: Store): Promise<Account> {
  const account = new Account();
  const rows = readShop(shop);
  const run = { rows, store, account };
  const free = onlyOnce();
  const urlOf = (path: string, id: number): Fields => ({ url: free(path, id) });
  const categories = await moveCategories(run, urlOf);
  const brands = await moveBrands(run, urlOf);
  const [nameOf, skuOf] = [onlyOnce(), onlyOnce()];
  const customUrl = (path: string, id: number) => ({ custom_url: { ...urlOf(path, id), is_customized: true } });
  const products = await moveProducts(run, { categories, brands, nameOf, skuOf, urlOf: customUrl });
  const customers = await moveCustomers(run);
  await moveOrders(run, { customers, products });
  await moveContent(run, products);
  await moveStock(run, products);
  return account;
}

interface MadeCategories {
  readonly data: readonly { readonly category_id: number; readonly name: string }[];
}

interface MoveRun {
  readonly rows: ShopRows;
  readonly store: Store;
  readonly account: Account;
}

const sourceId = (row: Row): string => `bare:${row.id}`;
const marks = (ids: ReadonlyMap<number, number>): Metafield[] =>
  [...ids].flatMap(([source, target]) => metafields(target, { source_id: `bare:${source}` }));

function siblings(rows: readonly Row[]): Row[][] {
  const groups = new Map<number, Row[]>();
  for (const row of rows) groups.set(Number(row['parent']), [...(groups.get(Number(row['parent'])) ?? []), row]);
  return [...groups.values()];
}

/** Level by level, siblings ten at a time. */
async function moveCategories({ rows, store, account }: MoveRun, urlOf: (path: string, id: number) => Fields) {
  const ids = new Map<number, number>();
  const names = onlyOnce();
  let level = (await rows.categories).filter((row) => row['slug'] !== 'uncategorized' || Number(row['count']) > 0);
  while (level.length > 0) {
    const placed = level.filter((row) => Number(row['parent']) === 0 || ids.has(Number(row['parent'])));
    // Those whose parents are nowhere, or each other, go to the top.
    const ready = placed.length === 0 ? level : placed;
    const batches = siblings(ready).flatMap((group) => chunks(group, BATCH.categories));
    await Promise.all(
      batches.map((batch) =>
        account.try('category', textOf(batch[0]?.['name']), async () => {
          const body = batch.map((row) => {
            const name = names(textOf(row['name']), row.id);
            return categoryForm(
              row,
              ids.get(Number(row['parent'])),
              name,
              urlOf(`/product-category/${textOf(row['slug'])}/`, row.id),
            );
          });
          const reply = await store.send<MadeCategories>('POST', '/v3/catalog/trees/categories', body);
          // Of a batch that was taken in part the reply has the rows that were taken.
          const made = new Map(reply.data.map((one) => [one.name, one.category_id]));
          batch.forEach((row, at) => {
            const id = made.get(textOf(body[at]?.['name']).trim());
            if (id === undefined) account.refused.push(`category ${row.id}: ${JSON.stringify(reply).slice(0, 200)}`);
            else ids.set(row.id, id);
          });
          account.count('category', reply.data.length);
        }),
      ),
    );
    level = level.filter((row) => !ready.includes(row));
  }
  await writeMetafields(store, account, '/v3/catalog/categories', marks(ids));
  return ids;
}

async function moveBrands({ rows, store, account }: MoveRun, urlOf: (path: string, id: number) => Fields) {
  const ids = new Map<number, number>();
  const nameOf = onlyOnce();
  await each(await rows.brands, async (row) => {
    const url = { custom_url: { ...urlOf(`/brand/${textOf(row['slug'])}/`, row.id), is_customized: true } };
    await account.try('brand', String(row.id), async () => {
      const body = { name: nameOf(textOf(row['name']).slice(0, 200), row.id), ...url };
      ids.set(row.id, await createOne(store, '/v3/catalog/brands', body));
      account.count('brand');
    });
  });
  await writeMetafields(store, account, '/v3/catalog/brands', marks(ids));
  return ids;
}

type Products = Map<number, { readonly id: number; readonly variant: ReadonlyMap<number, number> }>;
interface MadeProduct {
  readonly data: { readonly id: number; readonly variants?: readonly { id: number; sku: string }[] };
}

async function moveProducts({ rows, store, account }: MoveRun, ids: CatalogueIds): Promise<Products> {
  const made: Products = new Map();
  const sources = new Map<number, Row>();
  const fields: Metafield[] = [];
  const ofVariants: Metafield[] = [];
  await each(await rows.products, (row) =>
    account.try('product', textOf(row['name']), async () => {
      const form = productForm(row, ids);
      const { data } = await createProduct(store, form);
      const bySku = new Map((data.variants ?? []).map(({ id, sku }) => [sku, id]));
      const variants = (form['variants'] ?? []) as { sku: string; variation: number }[];
      const variant = new Map(variants.flatMap(({ sku, variation }) => pair(variation, bySku.get(sku))));
      made.set(row.id, { id: data.id, variant });
      sources.set(data.id, row);
      fields.push(...productMetafields(row, data.id, sourceId(row)));
      ofVariants.push(...marks(variant));
      account.count('product');
    }),
  );
  await Promise.all([
    writeMetafields(store, account, '/v3/catalog/products', fields),
    writeMetafields(store, account, '/v3/catalog/variants', ofVariants),
    orderOptions({ store, account }, sources),
  ]);
  return made;
}

function pair(source: number, target: number | undefined): [number, number][] {
  return target === undefined ? [] : [[source, target]];
}

/** A picture that cannot be fetched refuses the product: then it goes without. */
async function createProduct(store: Store, form: Fields): Promise<MadeProduct> {
  try {
    return await store.send<MadeProduct>('POST', '/v3/catalog/products', form);
  } catch (error) {
    if ((error as { response?: { status?: number } }).response?.status !== 400) throw error;
    return store.send<MadeProduct>('POST', '/v3/catalog/products', { ...form, images: [] });
  }
}

async function moveCustomers({ rows, store, account }: MoveRun): Promise<Map<number, number>> {
  const ids = new Map<number, number>();
  const groups = new Map<string, number>([['', 0]]);
  const moved = movedCustomers(await rows.customers);
  for (const name of new Set(moved.map(groupOf))) {
    if (name === '') continue;
    groups.set(name, await createOne(store, '/v2/customer_groups', { name }));
    account.count('customer_group');
  }
  const fields: Metafield[] = [];
  await each(chunks(moved, BATCH.customers), (batch) =>
    account.try('customer', String(batch[0]?.id), async () => {
      const body = batch.map((row) => customerForm(row, groups.get(groupOf(row)) ?? 0));
      const { data } = await store.send<{ data: { id: number }[] }>('POST', '/v3/customers', body);
      batch.forEach((row, at) => {
        const id = data[at]?.id ?? 0;
        ids.set(row.id, id);
        fields.push(...customerMetafields(row, id, sourceId(row)));
      });
      account.count('customer', data.length);
    }),
  );
  await writeMetafields(store, account, '/v3/customers', fields);
  return ids;
}

async function moveOrders({ rows, store, account }: MoveRun, ids: SoldIds): Promise<void> {
  const fields: Metafield[] = [];
  const drafts = new Set(['trash', 'checkout-draft', 'auto-draft']);
  const moved = (await rows.orders).filter((row) => !drafts.has(textOf(row['status'])));
  await each(moved, (row) =>
    account.try('order', String(row.id), async () => {
      const id = await createOne(store, '/v2/orders', orderForm(row, ids, sourceId(row)));
      fields.push(...orderMetafields(row, id, sourceId(row)));
      account.count('order');
    }),
  );
  await writeMetafields(store, account, '/v3/orders', fields);
}

async function moveContent({ rows, store, account }: MoveRun, products: Products): Promise<void> {
  const one = (entity: string, path: string, row: Row, body: Fields) =>
    account.try(entity, String(row.id), async () => {
      await createOne(store, path, body);
      account.count(entity);
    });
  await each(await rows.coupons, (row) => one('coupon', '/v2/coupons', row, couponForm(row)));
  await each(await rows.reviews, async (row) => {
    const product = products.get(Number(row['product_id']));
    if (product === undefined) return;
    await one('review', `/v3/catalog/products/${product.id}/reviews`, row, reviewForm(row));
  });
  const posts = await rows.posts;
  await each(posts, (row) => one('blog_post', '/v2/blog/posts', row, postForm(row)));
  const nameOf = onlyOnce();
  const software = /^\/(shop|cart|checkout|my-account)\/$/;
  const pages = (await rows.pages).filter((row) => !software.test(pathOf(row['link'])));
  await each(pages, (row) =>
    one('page', '/v3/content/pages', row, pageForm(row, nameOf(textOf(row['title']) || `Page ${row.id}`, row.id))),
  );
  await moveRedirects({ rows, store, account }, archivePaths(posts));
}

/** A redirect is made over one that is there: so each path is looked for first. */
async function moveRedirects({ store, account }: MoveRun, paths: readonly string[]): Promise<void> {
  const free: string[] = [];
  await each(paths, async (path) => {
    const { data } = await store.get<{ data: { from_path: string }[] }>('/v3/storefront/redirects', { keyword: path });
    if (!data.data.some(({ from_path: from }) => from === path)) free.push(path);
  });
  await each(chunks(free, BATCH.redirects), async (some) => {
    const body = some.map((path) => ({ from_path: path, site_id: 1000, to: { type: 'url', url: '/blog/' } }));
    await store.send('PUT', '/v3/storefront/redirects', body);
    account.count('redirect', some.length);
  });
}

async function moveStock({ rows, store, account }: MoveRun, products: Products): Promise<void> {
  const levels = (await rows.products).flatMap((row) => {
    const product = products.get(row.id);
    return product === undefined ? [] : levelsOf(row, product.id, product.variant);
  });
  for (const items of chunks(levels, BATCH.stock)) {
    await store.send('PUT', '/v3/inventory/adjustments/absolute', { reason: 'bare', items });
    account.count('stock', items.length);
  }
}

async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  await Promise.all(items.map(work));
}
