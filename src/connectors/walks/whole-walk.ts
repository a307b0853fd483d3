import type { Cursor } from '../source.ts';
import type { RowList } from './row-list.ts';
import { type ListFrom, walkById } from './stable-walk.ts';

/** Pages that are asked for before those that come first are used: as many as one store takes requests at once. */
const AHEAD = 4;

/**
 * All rows of a list in ascending id order, a page at a time, each row once. Pages ahead are asked for at once: whether
 * one begins where the last ended is seen from its first row (`walkById`), whichever of them was read first.
 */
export async function* walkAll(list: ListFrom, pageSize: number): AsyncGenerator<readonly unknown[]> {
  const listed = readAhead(list, pageSize);
  for (let cursor: Cursor | null = null, more = true; more; more = cursor !== null) {
    const page = await walkById(listed, cursor, pageSize);
    cursor = page.next;
    yield page.rows;
  }
}

/** How long the list is shows with its first page; where a walk will ask next follows from where it asks now. */
function readAhead(list: ListFrom, pageSize: number): ListFrom {
  const coming = new Map<number, Promise<RowList>>();
  let total: number | null = null;
  const askAhead = (offset: number): void => {
    for (let page = 1; page <= AHEAD; page++) {
      const at = offset + page * (pageSize - 1);
      if (at + 1 >= (total ?? 0)) return;
      if (coming.has(at)) continue;
      const asked = list(at);
      // Who stops before this page does not hear of its fault; who comes to it does.
      asked.catch(() => undefined);
      coming.set(at, asked);
    }
  };
  return async (offset) => {
    const known = coming.get(offset);
    // The walk has stepped aside: what was asked for further on is not where it will come.
    if (known === undefined) coming.clear();
    coming.delete(offset);
    const asked = known ?? list(offset);
    asked.catch(() => undefined);
    askAhead(offset);
    const page = await asked;
    total = page.total;
    askAhead(offset);
    return page;
  };
}
