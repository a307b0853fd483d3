import { describe, expect, it } from 'vitest';
import { openStore, product } from './store.ts';

const DAY = '2024-03-05T10:00:00Z';

const review = (more: object = {}) => ({ title: 'Good', text: 'Very', rating: 5, date_reviewed: DAY, ...more });
const opened = async () => {
  const store = await openStore();
  const { body } = await store.post('/v3/catalog/products', product('Mug'));
  return { store, path: `/v3/catalog/products/${body.data.id}/reviews` };
};

const to = (url: string) => ({ type: 'url', url });

const post = (more: object = {}) => ({ title: 'News', body: '<p>x</p>', url: '/news/', ...more });

const page = (name: string, more: object = {}) => ({ name, type: 'page', body: '<p>x</p>', ...more });

describe('reviews', () => {
  it('belong to one product, are not unique, and go with it', async () => {
    const { store, path } = await opened();
    expect((await store.get(path)).status).toBe(204);
    const { body } = await store.post(path, review());
    await store.post(path, review());
    expect(body.data).toMatchObject({ status: 'pending', rating: 5, date_reviewed: '2024-03-05T10:00:00+00:00' });
    expect((await store.get(path)).body.data).toHaveLength(2);
    const listed = await store.get('/v3/catalog/products?include=reviews');
    expect(listed.body.data[0].reviews).toHaveLength(2);
    await store.put(`${path}/${body.data.id}`, review({ status: 'approved' }));
    expect((await store.get(`${path}/${body.data.id}`)).body.data.status).toBe('approved');
    expect((await store.delete(`${path}/${body.data.id}`)).status).toBe(204);
    expect((await store.get(`${path}/${body.data.id}`)).status).toBe(404);
    await store.delete(path.replace('/reviews', ''));
    expect(store.store.reviews.size).toBe(0);
    expect((await store.get(path)).status).toBe(404);
  });

  it.each([
    ['title', { title: '' }],
    ['date_reviewed', { date_reviewed: '' }],
    ['date_reviewed', { date_reviewed: 'soon' }],
    ['rating', { rating: 6 }],
    ['status', { status: 'fine' }],
    ['email', { email: 'nobody' }],
    ['name', { name: 'x'.repeat(256) }],
  ])('with a wrong %s are refused', async (field, more) => {
    const { store, path } = await opened();
    expect(await store.post(path, review(more))).toMatchObject({
      status: 422,
      body: { errors: { [field]: expect.any(String) } },
    });
  });
});

describe('redirects', () => {
  const PATH = '/v3/storefront/redirects';

  it('are written by their path, over what led away from it before', async () => {
    const store = await openStore();
    const made = await store.put(PATH, [{ from_path: '/old/', site_id: 1000, to: to('/new/') }]);
    expect(made).toMatchObject({ status: 201, body: { data: [{ from_path: '/old/', to: { type: 'url' } }] } });
    await store.put(PATH, [{ from_path: '/OLD', site_id: 1000, to: to('/newer/') }]);
    const { body } = await store.get(`${PATH}?include=to_url`);
    expect(body.data).toMatchObject([{ id: made.body.data[0].id, to_url: '/newer/' }]);
    await store.put(PATH, [{ from_path: '/other/', site_id: 1000, to: to('/') }]);
    expect((await store.get(`${PATH}?keyword=/oth`)).body.data).toHaveLength(1);
    expect((await store.get(`${PATH}?sort=from_path&direction=desc`)).body.data[0].from_path).toBe('/other/');
    expect((await store.delete(`${PATH}?id:in=${body.data[0].id}`)).status).toBe(204);
    expect(store.store.redirects.size).toBe(1);
    expect((await store.delete(PATH)).status).toBe(422);
  });

  it.each([
    ['no path', { from_path: 'old' }],
    ['another site', { site_id: 7 }],
    ['a loop', { to: to('/old') }],
    ['an entity that is not there', { to: { type: 'product', entity_id: 99 } }],
    ['no type', { to: {} }],
  ])('with %s are refused', async (_what, more) => {
    const store = await openStore();
    const body = [{ from_path: '/old/', site_id: 1000, to: to('/new/'), ...more }];
    expect((await store.put(PATH, body)).status).toBe(422);
    expect(store.store.redirects.size).toBe(0);
  });

  it('never lead away from where something is, and come fifty at a time', async () => {
    const store = await openStore();
    const made = await store.post(
      '/v3/catalog/products',
      product('Mug', { custom_url: { url: '/mug/', is_customized: true } }),
    );
    const toMug = { type: 'product', entity_id: made.body.data.id };
    expect((await store.put(PATH, [{ from_path: '/mug', site_id: 1000, to: toMug }])).status).toBe(422);
    const many = Array.from({ length: 51 }, (_, n) => ({ from_path: `/${n}/`, site_id: 1000, to: toMug }));
    expect((await store.put(PATH, many)).status).toBe(413);
    expect((await store.put(PATH, many.slice(1))).status).toBe(201);
  });
});

describe('the blog', () => {
  const PATH = '/v2/blog/posts';

  it('takes a day as text and gives it as an object; what is not published again is unpublished', async () => {
    const store = await openStore();
    expect((await store.get(PATH)).status).toBe(204);
    const made = await store.post(
      PATH,
      post({ is_published: true, published_date: 'Tue, 05 Mar 2024 10:00:00 +0000' }),
    );
    expect(made).toMatchObject({
      status: 200,
      body: { is_published: true, published_date: { date: '2024-03-05 10:00:00.000000', timezone: '+00:00' } },
    });
    const changed = await store.put(`${PATH}/${made.body.id}`, { title: 'Newer' });
    expect(changed.body).toMatchObject({ title: 'Newer', is_published: false, url: '/news/' });
    expect((await store.get(`${PATH}/count`)).body).toEqual({ count: 1 });
    expect((await store.get(`${PATH}?url=/news`)).body).toHaveLength(1);
    expect((await store.delete(`${PATH}/${made.body.id}`)).status).toBe(204);
    expect((await store.get(`${PATH}/${made.body.id}`)).status).toBe(404);
  });

  it('saves a post whose address is taken under one of its own, and says so', async () => {
    const store = await openStore();
    await store.post(PATH, post());
    expect(await store.post(PATH, post())).toMatchObject({
      status: 207,
      body: { url: expect.stringMatching(/^\/blog\/post-/) },
    });
    expect((await store.post(PATH, post({ body: '' }))).body).toMatchObject([{ status: 400 }]);
  });
});

describe('pages', () => {
  const PATH = '/v3/content/pages';

  it('show their text when it is asked for, below their parents', async () => {
    const store = await openStore();
    const about = await store.post(PATH, page('About', { url: '/about/', is_visible: true }));
    expect(about).toMatchObject({ status: 201, body: { data: { name: 'About', url: '/about/' } } });
    expect(about.body.data.body).toBeUndefined();
    const id = about.body.data.id;
    await store.post(PATH, page('Team', { parent_id: id }));
    expect((await store.get(`${PATH}?include=body&name=about`)).body.data).toMatchObject([{ body: '<p>x</p>' }]);
    expect((await store.get(`${PATH}?colour=red`)).status).toBe(400);
    const changed = await store.put(PATH, [{ id, name: 'About us' }]);
    expect(changed.body.data).toMatchObject([{ name: 'About us', is_visible: true }]);
    expect((await store.delete(`${PATH}?id:in=${id},999`)).status).toBe(404);
    expect(store.store.pages.size).toBe(1);
  });

  it('of a refused batch are there all the same if they were right', async () => {
    const store = await openStore();
    const refused = await store.post(PATH, [page('One'), page('one'), page('Two', { parent_id: 77 }), page('Three')]);
    expect(refused).toMatchObject({ status: 422, body: { errors: { 1: expect.any(String), 2: expect.any(String) } } });
    expect([...store.store.pages.values()].map(({ name }) => name)).toEqual(['One', 'Three']);
  });

  it('whose address is taken get one of their own, and that is said', async () => {
    const store = await openStore();
    await store.post(PATH, page('One', { url: '/one/' }));
    expect(await store.post(PATH, page('Two', { url: '/ONE' }))).toMatchObject({ status: 207 });
  });
});

it('all of it comes back as it was', async () => {
  const store = await openStore();
  await store.post('/v2/blog/posts', { title: 'News', body: 'x', url: '/news/' });
  await store.post('/v3/content/pages', { name: 'One', type: 'page', url: '/one/' });
  await store.put('/v3/storefront/redirects', [
    { from_path: '/old/', site_id: 1000, to: { type: 'url', url: '/one/' } },
  ]);
  const state = (await store.admin('/state')).body;
  await store.admin('/reset', {});
  expect((await store.admin('/state')).body).toMatchObject({ blogPosts: [], pages: [], redirects: [] });
  await store.admin('/state', state);
  expect((await store.admin('/state')).body).toEqual(state);
  expect((await store.post('/v3/content/pages', { name: 'Two', type: 'page', url: '/news/' })).status).toBe(207);
});
