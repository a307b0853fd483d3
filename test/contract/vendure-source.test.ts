import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { openGovernor } from '../../src/connectors/http/open-governor.ts';
import type { Source } from '../../src/connectors/source.ts';
import { createVendureSource } from '../../src/connectors/vendure/vendure-source.ts';
import { chunks } from '../../src/domain/chunks.ts';
import { RealStore } from '../real-store/real-store.ts';
import { seedSurroundings } from '../real-store/seed/surroundings.ts';
import type { StoreApi } from '../real-store/store-api.ts';
import { faultyProxy } from '../support/faulty-proxy.ts';
import { type ContractStore, sourceContract } from './source.suite.ts';

/** Below the pages that the source asks for, so that it has to find out. */
const LIST_LIMIT = 100;
const AT_ONCE = 50;

async function makeStore(): Promise<ContractStore> {
  const folder = await mkdtemp(join(tmpdir(), 'storeferry-vendure-contract-'));
  const store = await RealStore.start({ folder, listLimit: LIST_LIMIT });
  const admin = await store.admin();
  await seedSurroundings({ admin } as Parameters<typeof seedSurroundings>[0]);
  const proxy = await faultyProxy(store.url);
  const connect = (password: string, allowPrivate: boolean): Source =>
    createVendureSource({
      baseUrl: proxy.url,
      username: store.login.user,
      password,
      network: { allowPrivate },
      governor: openGovernor(),
      timeoutMs: 20_000,
      concurrency: 4,
      retry: { baseMs: 1, tries: 12 },
    });
  const goods = warehouse(admin);
  return {
    source: connect(store.login.password, true),
    stranger: connect('not the password', true),
    guarded: connect(store.login.password, false),
    add: (names) => goods.add(names),
    addWithVariants: (name) => goods.addWithVariants(name),
    rename: (id, name) => goods.rename(id, name),
    trash: () => Promise.reject(new Error('Vendure has no trash')),
    remove: (id) => goods.remove([id]),
    clear: () => goods.clear(),
    now: () => new Date().toISOString(),
    async tick(ms) {
      const then = Date.now() + ms;
      await vi.waitUntil(() => Date.now() >= then, { timeout: ms + 5_000, interval: 20 });
    },
    break: (how) => {
      proxy.break(how);
      return Promise.resolve();
    },
    requests: () => proxy.requests(),
    async close() {
      await proxy.close();
      await store.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Products of the real store, through its own API. */
function warehouse(admin: StoreApi) {
  let number = 0;
  const translations = (name: string) => [{ languageCode: 'en', name, slug: `product-${++number}`, description: '' }];
  const variant = (productId: string, name: string, optionIds: readonly string[] = []) => ({
    productId,
    optionIds,
    sku: `SKU-${++number}`,
    price: 995,
    stockOnHand: 5,
    translations: [{ languageCode: 'en', name }],
  });
  const createProducts = async (names: readonly string[]): Promise<string[]> => {
    const fields = names.map((_, at) => `p${at}: createProduct(input: $i${at}) { id }`);
    const inputs = names.map((_, at) => `$i${at}: CreateProductInput!`);
    const variables = names.map((name, at) => [`i${at}`, { enabled: true, translations: translations(name) }] as const);
    const made = await admin.ask<Record<string, { id: string }>>(
      `mutation (${inputs.join(', ')}) { ${fields.join(' ')} }`,
      Object.fromEntries(variables),
    );
    return names.map((_, at) => made[`p${at}`]?.id ?? '');
  };
  const createVariants = (input: readonly object[]) =>
    admin.ask(`mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }`, {
      input,
    });
  const remove = async (ids: readonly string[]): Promise<void> => {
    await admin.ask(`mutation ($ids: [ID!]!) { deleteProducts(ids: $ids) { result } }`, { ids });
  };
  return {
    remove,
    async add(names: readonly string[]): Promise<string[]> {
      const made: string[] = [];
      for (const some of chunks(names, AT_ONCE)) {
        const ids = await createProducts(some);
        await createVariants(ids.map((id, at) => variant(id, some[at] ?? '')));
        made.push(...ids);
      }
      return made;
    },
    async addWithVariants(name: string): Promise<string> {
      const [id = ''] = await createProducts([name]);
      const options = ['S', 'M', 'L'].map((size) => ({
        code: size.toLowerCase(),
        translations: [{ languageCode: 'en', name: size }],
      }));
      const { group } = await admin.ask<{ group: { id: string; options: { id: string }[] } }>(
        `mutation ($input: CreateProductOptionGroupInput!) {
          group: createProductOptionGroup(input: $input) { id options { id } }
        }`,
        { input: { code: `size-${++number}`, translations: [{ languageCode: 'en', name: 'Size' }], options } },
      );
      await admin.ask(
        `mutation ($id: ID!, $group: ID!) { addOptionGroupToProduct(productId: $id, optionGroupId: $group) { id } }`,
        { id, group: group.id },
      );
      await createVariants(group.options.map((option) => variant(id, name, [option.id])));
      return id;
    },
    async rename(id: string, name: string): Promise<void> {
      const input = { id, translations: [{ languageCode: 'en', name }] };
      await admin.ask(`mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { id } }`, { input });
    },
    async clear(): Promise<void> {
      for (;;) {
        const { products } = await admin.ask<{ products: { items: { id: string }[] } }>(
          `{ products(options: { take: ${LIST_LIMIT} }) { items { id } } }`,
        );
        if (products.items.length === 0) return;
        await remove(products.items.map(({ id }) => id));
      }
    },
  };
}

sourceContract('Vendure', makeStore, 240_000);
