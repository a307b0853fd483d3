import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ListFrom, walkById } from '../../../src/connectors/walks/stable-walk.ts';
import { edited, editing, expectWhole, idOf, PAGE, pageAfter } from './shifting-list.ts';

/** A list in id order, with something happening to it between statements. */
function shiftingList(ids: number[], between: (ids: number[], moment: number) => void) {
  let requests = 0;
  return {
    requests: () => requests,
    list: (offset: number) => Promise.resolve(pageAfter(ids, offset, requests++, between)),
  };
}

async function walkAll(list: ListFrom): Promise<number[]> {
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const page = await walkById(list, cursor, PAGE);
    seen.push(...page.rows.map(idOf));
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
    const shop = shiftingList([...ids], (list, moment) => {
      if (moment === 4) list.splice(0, 5);
    });
    expect(await walkAll(shop.list)).toEqual(ids);
  });

  test('takes no full page for the end, though the store counted once a row of it had gone', async () => {
    const shop = shiftingList([1, 2, 3, 4, 5, 6, 7, 8], (list, moment) => {
      // The second page is read up to row 7; row 8 is where the next begins.
      if (moment === 3) list.splice(0, 1);
    });
    expect(await walkAll(shop.list)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('goes on when the whole list vanishes under the cursor', async () => {
    const shop = shiftingList([1, 2, 3, 4, 5, 6, 7, 8], (list, moment) => {
      if (moment === 2) list.length = 0;
    });
    expect(await walkAll(shop.list)).toEqual([1, 2, 3, 4]);
  });

  test('neither skips nor doubles a row, whatever is added and deleted under the cursor', async () => {
    await fc.assert(
      fc.asyncProperty(...edited, async (start, steps) => {
        const { touched, between } = editing(steps);
        const shop = shiftingList([...start], between);
        expectWhole(await walkAll(shop.list), start, touched);
        expect(shop.requests()).toBeLessThan(200);
      }),
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
