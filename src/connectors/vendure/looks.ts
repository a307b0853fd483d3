import { z } from 'zod';
import type { Instant } from '../../domain/record.ts';
import { walkChanged } from '../walks/changed-walk.ts';
import { addSeconds } from '../walks/instants.ts';
import { walkById } from '../walks/stable-walk.ts';
import type { Look } from './entity-row.ts';
import type { Filter, ListRoot, Lists } from './lists.ts';
import { instant } from './wire/fields.ts';

/** Rows of a few fields each: many go into one request. */
const MOST = 500;

/**
 * Stamps of creation are cut to whole seconds, and lists are asked for what lies strictly behind a stamp: without a second of overlap a row
 * could hide in the second where the last window ended.
 */
const OVERLAP_SECONDS = 1;

/** `updatedAt` in `(after, until]`, a second wider at its beginning. */
function changedBetween({ after, until }: { readonly after: Instant; readonly until: Instant }): Filter {
  return {
    updatedAt: {
      after: addSeconds(after, -OVERLAP_SECONDS),
      before: new Date(Date.parse(until) + 1).toISOString(),
    },
  };
}

export function stampOf(row: unknown): Instant | null {
  const stamp = instant.safeParse((row as { updatedAt?: unknown }).updatedAt);
  return stamp.success ? stamp.data : null;
}

/** Pages of a list in the order of its stamps, as `walkChanged` asks for them. */
export function stampedPages(
  lists: Lists,
  root: ListRoot,
  { filter, take, ...asked }: Omit<Parameters<Lists['page']>[1], 'skip' | 'sort'>,
) {
  return ({ after, until, page }: { readonly after: Instant; readonly until: Instant; readonly page: number }) =>
    lists.page(root, {
      ...asked,
      filter: { ...filter, ...changedBetween({ after, until }) },
      sort: { updatedAt: 'ASC', id: 'ASC' },
      skip: (page - 1) * lists.most(take),
      take,
    });
}

/** Ids that the rows of another list name, where those rows were stamped within the window. */
export function stampedLook(
  lists: Lists,
  root: ListRoot,
  name: string,
  fields: string,
  idsIn: (row: unknown) => readonly string[],
): Look {
  return {
    name,
    async page(window, cursor, signal) {
      const list = stampedPages(lists, root, { fields: `id updatedAt ${fields}`, filter: {}, take: MOST, signal });
      const page = await walkChanged(list, stampOf, window, cursor, lists.most(MOST));
      return { ids: distinct(page.rows.flatMap(idsIn)), next: page.next };
    },
  };
}

/** How far back an order may have been placed to be looked at again. What moves later is found by a look at everything. */
const DAYS_BACK = 90;
const ORDERS: ListRoot = { list: 'orders', options: 'OrderListOptions', item: 'order' };
const movedSchema = z.looseObject({ history: z.looseObject({ totalItems: z.number().int() }) });

/**
 * Ids that recent orders name, where the order's history grew within the window. Placing, paying, sending, paying back and notes
 * leave the order's own stamp as it was: the server writes the old one back with the new state. Its history tells all of them.
 */
export function movedOrdersLook(
  lists: Lists,
  name: string,
  fields: string,
  idsIn: (row: unknown) => readonly string[],
): Look {
  return {
    name,
    async page({ after, until }, cursor, signal) {
      const from = addSeconds(after, -OVERLAP_SECONDS);
      const asked = {
        fields: `id ${fields} history(options: { take: 1, filter: { updatedAt: { after: "${from}" } } }) { totalItems }`,
        filter: {
          ...PLACED,
          orderPlacedAt: {
            after: addSeconds(after, -DAYS_BACK * 86_400),
            before: new Date(Date.parse(until) + 1).toISOString(),
          },
        },
      };
      const list = (skip: number) => lists.page(ORDERS, { ...asked, skip, take: MOST, signal });
      const page = await walkById(list, cursor, lists.most(MOST));
      const moved = page.rows.filter((row) => movedSchema.parse(row).history.totalItems > 0);
      return { ids: distinct(moved.flatMap(idsIn)), next: page.next };
    },
  };
}

/** Carts and drafts are in the same list and were never placed; an order of a seller is a part of one that is listed too. */
export const PLACED: Filter = { orderPlacedAt: { isNull: false }, type: { notEq: 'Seller' } };

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
