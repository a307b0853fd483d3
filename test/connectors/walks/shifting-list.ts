import * as fc from 'fast-check';
import { expect } from 'vitest';
import type { RowList } from '../../../src/connectors/walks/row-list.ts';

/** Rows in one page of these lists. */
export const PAGE = 4;

/**
 * A page of a list in id order, to which something may happen before each request, and once more before its rows are
 * counted: stores read and count in two statements.
 */
export function pageAfter(
  ids: number[],
  offset: number,
  request: number,
  between: (ids: number[], moment: number) => void,
): RowList {
  between(ids, 2 * request);
  ids.sort((a, b) => a - b);
  const rows = ids.slice(offset, offset + PAGE).map((id) => ({ id }));
  between(ids, 2 * request + 1);
  return { rows, total: ids.length };
}

export const idOf = (row: unknown): number => (row as { readonly id: number }).id;

/** Ids to begin with, and what is deleted and added at each moment. */
export const edited = [
  fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
  fc.array(
    fc.record({
      deletes: fc.array(fc.nat(60), { maxLength: 6 }),
      adds: fc.array(fc.nat(60), { maxLength: 6 }),
    }),
    { maxLength: 24 },
  ),
] as const;

/** Edits a list by steps, one at each moment, and remembers the ids that were not left alone. */
export function editing(steps: readonly { readonly deletes: number[]; readonly adds: number[] }[]) {
  const touched = new Set<number>();
  const between = (ids: number[], moment: number): void => {
    for (const id of steps[moment]?.deletes ?? []) {
      touched.add(id);
      if (ids.includes(id)) ids.splice(ids.indexOf(id), 1);
    }
    for (const id of steps[moment]?.adds ?? []) {
      touched.add(id);
      if (id > 0 && !ids.includes(id)) ids.push(id);
    }
  };
  return { touched, between };
}

/** Each row once, ascending, and none of those that were left alone missing. */
export function expectWhole(seen: readonly number[], start: readonly number[], touched: ReadonlySet<number>): void {
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen).toEqual(expect.arrayContaining(start.filter((id) => !touched.has(id))));
}
