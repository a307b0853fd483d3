import { z } from 'zod';
import type { RowList } from '../walks/row-list.ts';
import { listLimitIn, type VendureApi } from './vendure-api.ts';

/** One list of the Admin API, and how a single one of its rows is asked for. */
export interface ListRoot {
  /** Query field of the list: `products`. */
  readonly list: string;
  /** Input type of its options: `ProductListOptions`. */
  readonly options: string;
  /** Query field of one: `product`. */
  readonly item: string;
}

export type Filter = Readonly<Record<string, unknown>>;

export interface Asked {
  /** What is asked of each row, in GraphQL. */
  readonly fields: string;
  readonly filter: Filter;
  readonly sort?: Readonly<Record<string, 'ASC' | 'DESC'>>;
  readonly skip: number;
  readonly take: number;
  readonly signal: AbortSignal;
}

export interface Lists {
  /** Rows from `skip` on, at most `most(take)`. */
  page(root: ListRoot, asked: Asked): Promise<RowList>;
  /** How many rows a page can have, as far as is known by now. */
  most(take: number): number;
  /**
   * Does it again from the start when the server said in the middle that it gives fewer rows at once than were asked for: how long a page
   * is decides where the next one begins.
   */
  within<T>(read: () => Promise<T>): Promise<T>;
  count(root: ListRoot, filter: Filter, signal: AbortSignal): Promise<number>;
  /** null: the platform's own word for "there is no such record". */
  one(root: ListRoot, id: string, fields: string, signal: AbortSignal): Promise<unknown>;
}

const pageSchema = z.looseObject({
  page: z.looseObject({ items: z.array(z.unknown()), totalItems: z.number().int() }),
});
const countSchema = z.looseObject({ page: z.looseObject({ totalItems: z.number().int() }) });
const oneSchema = z.looseObject({ item: z.unknown() });

/** A walk by id takes the anchor and a row after it (`walkById`): a server that gives one row at once cannot be read. */
const LEAST = 2;

/** Nothing is wrong: pages have to be shorter. Every one is shorter than the one before, so that this ends. */
class LimitLearnt extends Error {
  override readonly name = 'LimitLearnt';
}

export function createLists(api: VendureApi): Lists {
  let limit = Number.POSITIVE_INFINITY;
  const ask = async (root: ListRoot, { fields, filter, sort = { id: 'ASC' }, skip, take, signal }: Asked) => {
    const document = `query Page($options: ${root.options}) {
      page: ${root.list}(options: $options) { totalItems items { ${fields} } }
    }`;
    const variables = { options: { skip, take, filter, sort } };
    const { data } = await api.query({ document, variables, route: root.list, schema: pageSchema, signal });
    return { rows: data.page.items, total: data.page.totalItems };
  };
  return {
    async page(root, asked) {
      try {
        return await ask(root, { ...asked, take: Math.min(asked.take, limit) });
      } catch (error) {
        const told = listLimitIn(error);
        if (told === null || told < LEAST || told >= Math.min(asked.take, limit)) throw error;
        limit = told;
        throw new LimitLearnt(`${root.list}: the server gives ${told} rows at once`);
      }
    },
    async within(read) {
      for (;;) {
        try {
          return await read();
        } catch (error) {
          if (!(error instanceof LimitLearnt)) throw error;
        }
      }
    },
    most: (take) => Math.min(take, limit),
    async count(root, filter, signal) {
      const document = `query Count($options: ${root.options}) { page: ${root.list}(options: $options) { totalItems } }`;
      const variables = { options: { take: 1, filter } };
      const { data } = await api.query({ document, variables, route: root.list, schema: countSchema, signal });
      return data.page.totalItems;
    },
    async one(root, id, fields, signal) {
      const document = `query One($id: ID!) { item: ${root.item}(id: $id) { ${fields} } }`;
      const route = `${root.item}/:id`;
      const { data } = await api.query({ document, variables: { id }, route, schema: oneSchema, signal });
      return data.item ?? null;
    },
  };
}
