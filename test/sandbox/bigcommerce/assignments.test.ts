import { expect, it } from 'vitest';
import { openStore, product } from './store.ts';

const PATH = '/v3/catalog/products/category-assignments';

it('products are put into categories and taken out again, pair by pair; twice is once', async () => {
  const store = await openStore();
  const { body: tree } = await store.post('/v3/catalog/trees/categories', [
    { name: 'Teas', tree_id: 1, parent_id: 0 },
    { name: 'Cups', tree_id: 1, parent_id: 0 },
  ]);
  const [teas, cups] = (tree.data as { category_id: number }[]).map(({ category_id: id }) => id);
  const { body } = await store.post('/v3/catalog/products', product('Green tea', { categories: [teas] }));
  const id: number = body.data.id;
  const both = [teas, cups].map((category) => ({ product_id: id, category_id: category }));
  expect((await store.put(PATH, both)).status).toBe(204);
  expect((await store.put(PATH, both)).status).toBe(204);
  expect((await store.get(`${PATH}?product_id:in=${id}`)).body.data).toEqual(both);
  expect((await store.api('DELETE', PATH)).status).toBe(422);
  expect((await store.api('DELETE', `${PATH}?category_id:in=${teas}`)).status).toBe(204);
  expect((await store.get(`/v3/catalog/products/${id}`)).body.data.categories).toEqual([cups]);
});

it('an assignment of what does not exist is refused, with its place', async () => {
  const store = await openStore();
  const refused = await store.put(PATH, [{ product_id: 1, category_id: 2 }]);
  expect(refused).toMatchObject({ status: 422 });
  expect(Object.keys(refused.body.errors)).toEqual(['0.product_id', '0.category_id']);
});
