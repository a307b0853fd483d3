import { describe, expect, test } from 'vitest';
import type { Row, TestShop } from './shop.ts';
import { openShop } from './shop.ts';

async function write(shop: TestShop, kind: string, body: Row): Promise<Row> {
  const answer = await shop.asUser('POST', `/wp/v2/${kind}`, body);
  expect(answer.status).toBe(201);
  return answer.body;
}

const idsOf = (rows: Row[]): unknown[] => rows.map((row) => row['id']);

describe('posts and pages', () => {
  test('anonymous callers see what is published and nothing else', async () => {
    const shop = await openShop();
    const open = await write(shop, 'posts', { title: 'Open', status: 'publish', content: 'Hi' });
    const draft = await write(shop, 'posts', { title: 'Draft' });
    const listed = await shop.asNobody('GET', '/wp/v2/posts');
    expect([idsOf(listed.rows), listed.headers.get('allow')]).toEqual([[open['id']], 'GET']);
    expect(listed.rows[0]).toMatchObject({ title: { rendered: 'Open' }, content: { rendered: '<p>Hi</p>\n' } });
    expect(listed.rows[0]!['title']).not.toHaveProperty('raw');
    expect(listed.rows[0]).not.toHaveProperty('password');
    const more = await shop.asNobody('GET', '/wp/v2/posts?status=draft');
    expect(more.body).toMatchObject({
      code: 'rest_invalid_param',
      data: { status: 400, details: { status: { code: 'rest_forbidden_status' } } },
    });
    const edit = await shop.asNobody('GET', '/wp/v2/posts?context=edit');
    expect([edit.status, edit.body['code']]).toEqual([401, 'rest_forbidden_context']);
    const hidden = await shop.asNobody('GET', `/wp/v2/posts/${String(draft['id'])}`);
    expect([hidden.status, hidden.body['code']]).toEqual([401, 'rest_forbidden']);
    const refused = await shop.asNobody('POST', '/wp/v2/posts', { title: 'No' });
    expect([refused.status, refused.body['code']]).toEqual([401, 'rest_cannot_create']);
  });

  test('a signed consumer key is nobody here', async () => {
    const shop = await openShop();
    await write(shop, 'posts', { title: 'Draft' });
    const answer = await shop.call('GET', '/wp-json/wp/v2/posts?status=any');
    expect([answer.status, answer.body['code']]).toEqual([400, 'rest_invalid_param']);
  });

  test('any leaves out the trash, a list of statuses may name it', async () => {
    const shop = await openShop();
    const ids: Record<string, unknown> = {};
    for (const status of ['publish', 'draft', 'private', 'pending', 'trash']) {
      ids[status] = (await write(shop, 'pages', { title: status, status: status === 'trash' ? 'publish' : status }))[
        'id'
      ];
    }
    await shop.asUser('DELETE', `/wp/v2/pages/${String(ids['trash'])}`);
    const listed = async (query: string): Promise<unknown[]> =>
      idsOf((await shop.asUser('GET', `/wp/v2/pages?orderby=id&order=asc&${query}`)).rows);
    expect(await listed('')).toEqual([ids['publish']]);
    expect(await listed('status=any')).toEqual([ids['publish'], ids['draft'], ids['private'], ids['pending']]);
    expect(await listed('status=publish,trash')).toEqual([ids['publish'], ids['trash']]);
    expect(await listed('status=trash')).toEqual([ids['trash']]);
    expect((await shop.asUser('GET', '/wp/v2/pages?status=lost')).body['code']).toBe('rest_invalid_param');
  });

  test('only Z or shop time finds changed posts: dates_are_gmt is not known here', async () => {
    const shop = await openShop();
    await write(shop, 'posts', { title: 'Old', status: 'publish' });
    shop.clock.step(60_000);
    const late = await write(shop, 'posts', { title: 'Late', status: 'publish' });
    const found = async (query: string): Promise<unknown[]> =>
      idsOf((await shop.asUser('GET', `/wp/v2/posts?${query}`)).rows);
    expect(await found('modified_after=2026-07-10T12:00:30Z')).toEqual([late['id']]);
    expect(await found('modified_after=2026-07-10T08:00:30')).toEqual([late['id']]);
    expect(await found('modified_after=2026-07-10T12:00:30&dates_are_gmt=true')).toEqual([]);
    expect(await found('modified_after=2026-07-10T08:00:00-04:00&order=asc')).toEqual([late['id']]);
    await shop.admin('POST', '/settings', { timeZone: 'Asia/Tokyo' });
    // Written before the zone changed, so the old local stamp stands: the right instant misses it.
    expect(await found('modified_after=2026-07-10T12:00:30Z')).toEqual([]);
  });

  test('an empty save bumps; drafts have no slug and no address of their own', async () => {
    const shop = await openShop();
    const draft = await write(shop, 'posts', { title: 'Fish & Chips' });
    const id = String(draft['id']);
    expect(draft).toMatchObject({
      slug: '',
      link: `${shop.url}/?p=${id}`,
      generated_slug: 'fish-chips',
      status: 'draft',
    });
    shop.clock.step(5_000);
    const saved = (await shop.asUser('PUT', `/wp/v2/posts/${id}`, {})).body;
    expect([saved['modified_gmt'], saved['modified']]).toEqual(['2026-07-10T12:00:05', '2026-07-10T08:00:05']);
    const live = (await shop.asUser('PUT', `/wp/v2/posts/${id}`, { status: 'publish' })).body;
    expect(live).toMatchObject({ slug: 'fish-chips', link: `${shop.url}/fish-chips/` });
    expect(live['title']).toEqual({ raw: 'Fish &amp; Chips', rendered: 'Fish &amp; Chips' });
    const later = await write(shop, 'posts', { title: 'Later', status: 'publish', date_gmt: '2027-01-01T00:00:00' });
    expect(later['status']).toBe('future');
  });

  test('trash, restore and force', async () => {
    const shop = await openShop();
    const id = String((await write(shop, 'posts', { title: 'News', status: 'publish' }))['id']);
    await shop.asUser('DELETE', `/wp/v2/posts/${id}`);
    expect((await shop.asUser('DELETE', `/wp/v2/posts/${id}`)).body['code']).toBe('rest_already_trashed');
    const back = (await shop.asUser('PUT', `/wp/v2/posts/${id}`, { status: 'publish' })).body;
    expect([back['slug'], back['status']]).toEqual(['news', 'publish']);
    const removed = await shop.asUser('DELETE', `/wp/v2/posts/${id}?force=true`);
    expect(removed.body).toMatchObject({ deleted: true, previous: { id: Number(id), slug: 'news' } });
    const gone = await shop.asUser('GET', `/wp/v2/posts/${id}`);
    expect([gone.status, gone.body['code']]).toEqual([404, 'rest_post_invalid_id']);
  });

  test('raw keeps blocks and shortcodes, rendered does not; a password hides the rendered text', async () => {
    const shop = await openShop();
    const content = '<!-- wp:paragraph -->\n<p>In a block</p>\n<!-- /wp:paragraph -->\n\n[gallery ids="1,2"]';
    const made = await write(shop, 'posts', { title: { raw: 'B' }, content, status: 'publish', password: 'sesame' });
    const shown = made['content'] as Row;
    expect([shown['raw'], shown['protected'], shown['block_version']]).toEqual([content, true, 1]);
    expect(shown['rendered']).toContain("class='gallery'");
    const open = await shop.asNobody('GET', `/wp/v2/posts/${String(made['id'])}`);
    expect(open.body['content']).toEqual({ rendered: '', protected: true });
  });

  test('pages lie below their parents, and two may lie below each other', async () => {
    const shop = await openShop();
    const above = await write(shop, 'pages', { title: 'About', status: 'publish' });
    const below = await write(shop, 'pages', { title: 'Team', status: 'publish', parent: above['id'], menu_order: 3 });
    expect([below['link'], below['menu_order']]).toEqual([`${shop.url}/about/team/`, 3]);
    expect(idsOf((await shop.asUser('GET', `/wp/v2/pages?parent=${String(above['id'])}`)).rows)).toEqual([below['id']]);
    const looped = await shop.asUser('PUT', `/wp/v2/pages/${String(above['id'])}`, { parent: below['id'] });
    expect(looped.body['link']).toBe(`${shop.url}/team/about/`);
  });

  test('posts carry categories and tags with names of their own', async () => {
    const shop = await openShop();
    const records = { postCategories: [{ name: 'Ideas' }], postTags: [{ name: 'Tips' }] };
    const made = (await shop.admin('POST', '/seed', { records })).body['made'] as Record<string, number[]>;
    const [category, tag] = [made['postCategories']![0]!, made['postTags']![0]!];
    const filed = await write(shop, 'posts', {
      title: 'A',
      status: 'publish',
      categories: [category, 77],
      tags: [tag],
    });
    const loose = await write(shop, 'posts', { title: 'B', status: 'publish', categories: [] });
    expect([filed['categories'], filed['tags'], loose['categories']]).toEqual([[category], [tag], [1]]);
    expect(filed['class_list']).toEqual(expect.arrayContaining(['category-ideas', 'tag-tips']));
    expect(idsOf((await shop.asUser('GET', `/wp/v2/posts?categories=${category}`)).rows)).toEqual([filed['id']]);
    const terms = (await shop.asNobody('GET', '/wp/v2/categories')).rows;
    expect(terms.map((row) => [row['name'], row['count']])).toEqual([
      ['Ideas', 1],
      ['Uncategorized', 1],
    ]);
    expect((await shop.asNobody('GET', '/wp/v2/tags')).rows[0]).toMatchObject({ slug: 'tips', taxonomy: 'post_tag' });
  });
});

describe('media and users', () => {
  test('images of products are in the library, and can be described but not trashed', async () => {
    const shop = await openShop();
    const images = [{ src: 'https://pictures.example.test/a.png', alt: 'Front' }];
    await shop.post('/products', { name: 'P', images });
    const [row] = (await shop.asNobody('GET', '/wp/v2/media')).rows;
    const source = `${shop.url}/wp-content/uploads/2026/07/a.png`;
    expect(row).toMatchObject({ alt_text: 'Front', mime_type: 'image/png', source_url: source, status: 'inherit' });
    const path = `/wp/v2/media/${String(row!['id'])}`;
    const named = await shop.asUser('POST', path, { alt_text: 'Back', caption: { raw: 'Seen' }, title: 'Picture' });
    expect(named.body).toMatchObject({
      alt_text: 'Back',
      caption: { rendered: '<p>Seen</p>\n' },
      title: { raw: 'Picture' },
    });
    expect((await shop.asNobody('GET', '/wp/v2/media?media_type=video')).rows).toEqual([]);
    expect((await shop.asNobody('GET', '/wp/v2/media?search=pict')).rows).toHaveLength(1);
    expect((await shop.asUser('DELETE', path)).status).toBe(501);
    expect((await shop.asUser('DELETE', `${path}?force=true`)).body['deleted']).toBe(true);
    expect((await shop.asNobody('GET', path)).body['code']).toBe('rest_post_invalid_id');
  });

  test('pictures may redirect to each other for ever', async () => {
    const shop = await openShop();
    const media = [
      { file: 'a.png', redirectTo: 'b.png' },
      { file: 'b.png', redirectTo: 'a.png' },
    ];
    await shop.admin('POST', '/seed', { records: { media } });
    const one = await fetch(`${shop.url}/wp-content/uploads/a.png`, { redirect: 'manual' });
    expect([one.status, one.headers.get('location')]).toEqual([302, '/wp-content/uploads/b.png']);
    await expect(fetch(`${shop.url}/wp-content/uploads/a.png`)).rejects.toThrow('fetch failed');
  });

  test('authors are open, other users and their addresses are not', async () => {
    const shop = await openShop();
    await shop.post('/customers', { email: 'ann@example.test', first_name: 'Ann' });
    expect((await shop.asNobody('GET', '/wp/v2/users')).rows).toEqual([]);
    await write(shop, 'posts', { title: 'Open', status: 'publish' });
    const open = (await shop.asNobody('GET', '/wp/v2/users')).rows;
    expect(open.map((row) => [row['id'], row['name'], row['email']])).toEqual([[1, 'sandbox-admin', undefined]]);
    const all = (await shop.asUser('GET', '/wp/v2/users?context=edit&orderby=id')).rows;
    expect(all.map((row) => [row['username'], row['roles']])).toEqual([
      ['sandbox-admin', ['administrator']],
      ['ann', ['customer']],
    ]);
    expect((await shop.asUser('GET', '/wp/v2/users?roles=customer')).rows).toHaveLength(1);
    expect((await shop.asUser('GET', '/wp/v2/users/me')).body).toMatchObject({ id: 1, slug: 'sandbox-admin' });
    expect((await shop.asNobody('GET', '/wp/v2/users/me')).body['code']).toBe('rest_not_logged_in');
    expect((await shop.asNobody('GET', '/wp/v2/users?context=edit')).body['code']).toBe('rest_forbidden_context');
    expect((await shop.asUser('GET', '/wp/v2/users/77')).body['code']).toBe('rest_user_invalid_id');
  });
});
