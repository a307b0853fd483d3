import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walkById } from '../../../src/connectors/walks/stable-walk.ts';

const PAGE = 4;

/** A list in id order, with something happening to it between requests. */
function shiftingList(ids: number[], between: (ids: number[], request: number) => void) {
  let requests = 0;
  return {
    requests: () => requests,
    list: (offset: number) => {
      between(ids, requests++);
      ids.sort((a, b) => a - b);
      const rows = ids.slice(offset, offset + PAGE).map((id) => ({ id }));
      return Promise.resolve({ rows, total: ids.length });
    },
  };
}

async function walkAll(list: Parameters<typeof walkById>[0]): Promise<number[]> {
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await walkById(list, cursor, PAGE);
    seen.push(...page.rows.map((row) => (row as { id: number }).id));
    cursor = page.next;
  } while (cursor !== null);
  return seen;
}

describe('a walk by id', () => {
  test('gives every row once when nothing moves, in about one request per page', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => index * 3 + 1);
    const shop = shiftingList([...ids], () => {});
    expect(await walkAll(shop.list)).toEqual(ids);
    expect(shop.requests()).toBeLessThanOrEqual(9);
  });

  test('finds an empty list empty', async () => {
    const shop = shiftingList([], () => {});
    expect(await walkById(shop.list, null, PAGE)).toEqual({ rows: [], next: null });
  });

  test('skips nothing when rows that were read are deleted before the next page', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => index + 1);
    const shop = shiftingList([...ids], (list, request) => {
      if (request === 2) list.splice(0, 5);
    });
    expect(await walkAll(shop.list)).toEqual(ids);
  });

  test('goes on when the whole list vanishes under the cursor', async () => {
    const shop = shiftingList([1, 2, 3, 4, 5, 6, 7, 8], (list, request) => {
      if (request === 1) list.length = 0;
    });
    expect(await walkAll(shop.list)).toEqual([1, 2, 3, 4]);
  });

  test('neither skips nor doubles a row, whatever is added and deleted under the cursor', async () => {
    const step = fc.record({
      deletes: fc.array(fc.nat(60), { maxLength: 6 }),
      adds: fc.array(fc.nat(60), { maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
        fc.array(step, { maxLength: 12 }),
        async (start, steps) => {
          const touched = new Set<number>();
          const shop = shiftingList([...start], (list, request) => {
            for (const id of steps[request]?.deletes ?? []) {
              touched.add(id);
              if (list.includes(id)) list.splice(list.indexOf(id), 1);
            }
            for (const id of steps[request]?.adds ?? []) {
              touched.add(id);
              if (id > 0 && !list.includes(id)) list.push(id);
            }
          });
          const seen = await walkAll(shop.list);
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen).toEqual([...seen].sort((a, b) => a - b));
          const steady = start.filter((id) => !touched.has(id));
          expect(seen).toEqual(expect.arrayContaining(steady));
          expect(shop.requests()).toBeLessThan(200);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('goes by the total when the shop holds rows of a page back', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => index + 1);
    const list = (offset: number) => {
      const rows = ids.slice(offset, offset + PAGE).filter((id) => id % 4 !== 2);
      return Promise.resolve({ rows: rows.map((id) => ({ id })), total: ids.length });
    };
    expect(await walkAll(list)).toEqual([1, 3, 4, 5, 7, 8, 9, 11, 12]);
  });
});
