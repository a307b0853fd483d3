import { afterEach, describe, expect, test } from 'vitest';
import { createLists } from '../../../src/connectors/vendure/lists.ts';
import { movedOrdersLook, stampedLook } from '../../../src/connectors/vendure/looks.ts';
import { createVendureApi } from '../../../src/connectors/vendure/vendure-api.ts';
import { walkById, type WalkPage } from '../../../src/connectors/walks/stable-walk.ts';
import { signal } from './forms.ts';
import { type Asked, refusal, type StubServer, stubServer } from './stub-server.ts';

let server: StubServer;
afterEach(() => server.close());

const ROOT = { list: 'products', options: 'ProductListOptions', item: 'product' };
interface Options {
  readonly skip: number;
  readonly take: number;
  readonly filter: Record<string, unknown>;
  readonly sort: object;
}
const optionsOf = ({ variables }: Asked) => variables['options'] as Options;

/** A list of `total` rows of which at most `limit` are given at once. */
async function listsOf(total: number, limit: number, row: (id: string) => object = (id) => ({ id })) {
  server = await stubServer((asked) => {
    const { skip, take } = optionsOf(asked);
    if (take > limit) return refusal('USER_INPUT_ERROR', `Cannot take more than ${limit} results from a list query`);
    const ids = Array.from({ length: total }, (_, at) => String(at + 1)).slice(skip, skip + take);
    return { body: { data: { page: { totalItems: total, items: ids.map(row) } } } };
  });
  return createLists(createVendureApi(server.options({ apiKey: 'a:b' })));
}

describe('a list', () => {
  test('is asked for by skip and take, in the order of ids', async () => {
    const lists = await listsOf(5, 1000);
    const page = await lists.page(ROOT, { fields: 'id', filter: { x: 1 }, skip: 2, take: 2, signal });
    expect(page).toEqual({ rows: [{ id: '3' }, { id: '4' }], total: 5 });
    expect(server.asked.map(optionsOf)).toEqual([{ skip: 2, take: 2, filter: { x: 1 }, sort: { id: 'ASC' } }]);
    expect(server.asked[0]?.query).toContain('$options: ProductListOptions');
  });

  test('of which the server gives fewer at once is walked in shorter pages, and nothing is passed over', async () => {
    const lists = await listsOf(250, 100);
    const seen: unknown[] = [];
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const from: string | null = cursor;
      const page: WalkPage = await lists.within(() =>
        walkById(
          (skip) => lists.page(ROOT, { fields: 'id', filter: {}, skip, take: 500, signal }),
          from,
          lists.most(500),
        ),
      );
      seen.push(...page.rows.map((row) => Number((row as { id: string }).id)));
      cursor = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, at) => at + 1));
    expect(lists.most(500)).toBe(100);
    expect(server.asked.filter((asked) => optionsOf(asked).take === 500)).toHaveLength(1);
  });

  test('of another refusal is refused', async () => {
    server = await stubServer(() => refusal('USER_INPUT_ERROR', 'no such filter'));
    const lists = createLists(createVendureApi(server.options({ apiKey: 'a:b' })));
    const asked = { fields: 'id', filter: {}, skip: 0, take: 10, signal };
    await expect(lists.within(() => lists.page(ROOT, asked))).rejects.toMatchObject({ kind: 'rejected' });
  });

  test('has one that is there, or the store’s word that it is not', async () => {
    server = await stubServer(({ variables }) => ({
      body: { data: { item: variables['id'] === '1' ? { id: '1' } : null } },
    }));
    const lists = createLists(createVendureApi(server.options({ apiKey: 'a:b' })));
    expect(await lists.one(ROOT, '1', 'id', signal)).toEqual({ id: '1' });
    expect(await lists.one(ROOT, '2', 'id', signal)).toBeNull();
  });
});

describe('a look for changes elsewhere', () => {
  const window = { after: '2026-11-21T10:00:00.500Z', until: '2026-11-21T11:00:00.000Z' };

  test('asks a second more than the window, and names each record once', async () => {
    const lists = await listsOf(3, 1000, (id) => ({
      id,
      updatedAt: '2026-11-21T10:30:00.000Z',
      productId: id === '3' ? '2' : id,
    }));
    const look = stampedLook(lists, ROOT, 'variants', 'productId', (row) => [(row as { productId: string }).productId]);
    expect(await look.page(window, null, signal)).toEqual({ ids: ['1', '2'], next: null });
    expect(server.asked.map((asked) => optionsOf(asked).filter)).toEqual([
      { updatedAt: { after: '2026-11-21T09:59:59.500Z', before: '2026-11-21T11:00:00.001Z' } },
    ]);
  });

  test('takes orders whose history grew, of those placed in the last ninety days', async () => {
    const lists = await listsOf(3, 1000, (id) => ({ id, history: { totalItems: id === '2' ? 1 : 0 } }));
    const look = movedOrdersLook(lists, 'moved', '', (row) => [(row as { id: string }).id]);
    expect(await look.page(window, null, signal)).toEqual({ ids: ['2'], next: null });
    const [asked] = server.asked;
    expect(asked?.query).toContain('updatedAt: { after: "2026-11-21T09:59:59.500Z" }');
    expect(asked === undefined ? {} : optionsOf(asked).filter['orderPlacedAt']).toEqual({
      after: '2026-08-23T10:00:00.500Z',
      before: '2026-11-21T11:00:00.001Z',
    });
  });
});
