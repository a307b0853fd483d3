import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walkChanged } from '../../../src/connectors/walks/changed-walk.ts';
import type { ListChanged } from '../../../src/connectors/walks/changed-walk.ts';

const PAGE = 4;
const BASE = Date.parse('2026-11-01T05:00:00.000Z');
const at = (second: number): string => new Date(BASE + second * 1000).toISOString();

interface Row {
  readonly id: number;
  /** Seconds after the base, UTC. */
  gmt: number;
  /** Seconds that the shop's local clock was ahead when the row was written. */
  readonly offset: number;
}

/**
 * A shop that filters by UTC and sorts by its local clock, as products do (source-apis §1.3). It reads and counts in two
 * statements: something may happen before each.
 */
function shop(rows: Row[], between: (rows: Row[], moment: number) => void) {
  let requests = 0;
  const list: ListChanged = ({ after, until, page }) => {
    const moment = 2 * requests++;
    const inside = () => rows.filter(({ gmt }) => at(gmt) > after && at(gmt) <= until);
    between(rows, moment);
    const read = inside()
      .sort((a, b) => a.gmt + a.offset - (b.gmt + b.offset) || a.id - b.id)
      .slice((page - 1) * PAGE, page * PAGE)
      .map(({ id, gmt }) => ({ id, stamp: at(gmt) }));
    between(rows, moment + 1);
    return Promise.resolve({ rows: read, total: inside().length });
  };
  return { list, requests: () => requests };
}

async function walkAll(list: ListChanged, window: { after: string; until: string }) {
  const seen = new Set<number>();
  let cursor: string | null = null;
  let seenUntil: string | null = null;
  do {
    const page = await walkChanged(list, (row) => (row as { stamp: string }).stamp, window, cursor, PAGE);
    for (const row of page.rows) seen.add((row as { id: number }).id);
    ({ next: cursor, seenUntil } = page);
  } while (cursor !== null);
  return { seen: [...seen].sort((a, b) => a - b), seenUntil };
}

const window = { after: at(-1), until: at(1000) };

describe('the walk over what changed', () => {
  test('reads the window to its end and says how far the stamps went', async () => {
    const rows = Array.from({ length: 11 }, (_, index) => ({ id: index + 1, gmt: index * 10, offset: 0 }));
    const { list } = shop([...rows, { id: 99, gmt: 1001, offset: 0 }], () => {});
    const { seen, seenUntil } = await walkAll(list, window);
    expect(seen).toEqual(rows.map(({ id }) => id));
    expect(seenUntil).toBe(at(100));
  });

  test('an empty window is one request, without a stamp', async () => {
    const { list, requests } = shop([], () => {});
    expect(await walkAll(list, window)).toEqual({ seen: [], seenUntil: null });
    expect(requests()).toBe(1);
  });

  test('pages inside one second when more rows than a page share it', async () => {
    const rows = Array.from({ length: 23 }, (_, index) => ({
      id: index + 1,
      gmt: index < 18 ? 5 : 6 + index,
      offset: 0,
    }));
    const { list } = shop(rows, () => {});
    expect((await walkAll(list, window)).seen).toEqual(rows.map(({ id }) => id));
  });

  test('reads what a clock set back would make it pass over', async () => {
    // Four rows of winter time that the shop sorts before a row of summer time written earlier.
    const winter = [10, 11, 12, 13].map((second, index) => ({ id: index + 1, gmt: 3600 + second, offset: -18_000 }));
    const summer = { id: 9, gmt: 60, offset: -14_400 };
    const { list } = shop([...winter, summer], () => {});
    const { seen } = await walkAll(list, { after: at(-1), until: at(9000) });
    expect(seen).toContain(9);
  });

  // A shop that sorts by its local clock is told by its counts, so they must be as old as its rows: the hour in which its
  // clock is set back would have to meet an edit between two statements.
  test.each([
    { shopSorts: 'by its local clock', offsets: [0, 0, 0, 10], isCountedApart: false },
    { shopSorts: 'as it filters', offsets: [0], isCountedApart: true },
  ])(
    'misses no row that stays in the window, whatever is edited during the walk and however stamps tie: a shop that sorts $shopSorts',
    async ({ offsets, isCountedApart }) => {
      const row = fc.record({ gmt: fc.nat(40), offset: fc.constantFrom(...offsets) });
      const edits = fc.array(fc.array(fc.nat(40), { maxLength: 3 }), { maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 40 }), edits, async (start, steps) => {
          const edited = new Set<number>();
          const rows = start.map((one, index) => ({ id: index + 1, ...one }));
          const { list, requests } = shop(rows, (all, moment) => {
            if (moment % 2 === 1 && !isCountedApart) return;
            for (const id of steps[moment] ?? []) {
              const found = all.find((one) => one.id === id);
              if (found === undefined) continue;
              found.gmt = 2000 + moment;
              edited.add(id);
            }
          });
          const { seen } = await walkAll(list, window);
          const steady = start.map((_, index) => index + 1).filter((id) => !edited.has(id));
          expect(seen).toEqual(expect.arrayContaining(steady));
          expect(requests()).toBeLessThan(400);
        }),
        { numRuns: 500 },
      );
    },
  );
});
