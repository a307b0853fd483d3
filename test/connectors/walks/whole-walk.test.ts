import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walkAll } from '../../../src/connectors/walks/whole-walk.ts';
import type { RowList } from '../../../src/connectors/walks/row-list.ts';
import { edited, editing, expectWhole, idOf, PAGE, pageAfter } from './shifting-list.ts';

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A list in id order; `before` may change its ids before each answer. */
function listOf(ids: number[], before: (ids: number[], request: number) => void = () => {}) {
  const offsets: number[] = [];
  const open = { now: 0, most: 0 };
  const list = async (offset: number): Promise<RowList> => {
    const request = offsets.push(offset) - 1;
    open.most = Math.max(open.most, ++open.now);
    await Promise.resolve();
    const page = pageAfter(ids, offset, request, before);
    await Promise.resolve();
    open.now -= 1;
    return page;
  };
  return { list, offsets, open };
}

async function idsOf(pages: AsyncIterable<readonly unknown[]>): Promise<number[]> {
  const seen: number[] = [];
  for await (const rows of pages) seen.push(...rows.map(idOf));
  return seen;
}

describe('a walk over a whole list', () => {
  test('asks for a few pages ahead of the one that is used, for each once, and for none beyond the end', async () => {
    const { list, offsets, open } = listOf(upTo(24));
    expect(await idsOf(walkAll(list, PAGE))).toEqual(upTo(24));
    expect(offsets).toEqual([0, 3, 6, 9, 12, 15, 18, 21]);
    expect(open.most).toBe(4);
  });

  test.each([0, 1, 3])('of %i rows takes one request', async (count) => {
    const { list, offsets } = listOf(upTo(count));
    expect(await idsOf(walkAll(list, PAGE))).toEqual(upTo(count));
    expect(offsets).toEqual([0]);
  });

  test('asks for nothing ahead where the store does not say how many rows there are', async () => {
    const { list, open } = listOf(upTo(10));
    const untold = async (offset: number) => ({ ...(await list(offset)), total: null });
    expect(await idsOf(walkAll(untold, PAGE))).toEqual(upTo(10));
    expect(open.most).toBe(1);
  });

  test('meets the fault of a page when it comes there, with all before it', async () => {
    const { list } = listOf(upTo(12));
    const failing = (offset: number) => (offset === 6 ? Promise.reject(new Error('page 3')) : list(offset));
    const seen: number[] = [];
    const walk = async () => {
      for await (const rows of walkAll(failing, PAGE)) seen.push(...rows.map(idOf));
    };
    await expect(walk()).rejects.toThrow('page 3');
    expect(seen).toEqual(upTo(7));
  });

  test('leaves no fault behind of a page that nobody came to', async () => {
    const { list } = listOf(upTo(12));
    const failing = (offset: number) => (offset === 9 ? Promise.reject(new Error('page 4')) : list(offset));
    for await (const rows of walkAll(failing, PAGE)) {
      expect(rows).toHaveLength(PAGE);
      break;
    }
    // A rejection that nobody handles would fail this suite.
    await new Promise(setImmediate);
  });

  test('neither skips nor doubles a row, whatever is added and deleted while pages are on their way', async () => {
    await fc.assert(
      fc.asyncProperty(...edited, fc.scheduler(), async (start, steps, order) => {
        const { touched, between } = editing(steps);
        const { list, offsets } = listOf([...start], between);
        // Which of the pages that are asked for at once is answered first is up to chance.
        const inAnyOrder = order.scheduleFunction(list);
        expectWhole(await order.waitFor(idsOf(walkAll(inAnyOrder, PAGE))), start, touched);
        expect(offsets.length).toBeLessThan(400);
      }),
      { numRuns: 500 },
    );
  });
});
