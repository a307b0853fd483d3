import { chunks } from '../../../domain/chunks.ts';
import { StoreFailure } from '../../http/failures.ts';
import { rowId } from '../wire/read-row.ts';
import type { RowList } from '../../walks/row-list.ts';
import type { WooApi } from '../woo-api.ts';

const PAGE = 100;

/** A product, as far as its variations go: ids as the shop lists them in the product. */
export interface Parent {
  readonly id: string;
  readonly variations: readonly string[];
}

/**
 * The variations of a page of products, by id, in as few requests as there are hundreds of them: the global list takes
 * any ids (source-apis §1.6). A shop that does not have that route is asked product by product.
 */
export async function listVariations(
  api: WooApi,
  parents: readonly Parent[],
  signal: AbortSignal,
  fields?: readonly string[],
): Promise<Map<string, unknown>> {
  const wanted = parents.flatMap((parent) => parent.variations);
  const found = new Map<string, unknown>();
  try {
    for (const include of chunks(wanted, PAGE)) {
      const query = { include, per_page: PAGE, orderby: 'include', status: 'any', ...fieldsQuery(fields) };
      collect(found, await api.list({ path: '/variations', route: 'variations', query, signal }));
    }
    return found;
  } catch (error) {
    if (!(error instanceof StoreFailure && error.status === 404)) throw error;
  }
  for (const parent of parents) {
    if (parent.variations.length > 0) await listOfProduct(api, parent.id, signal, found, fields);
  }
  return found;
}

/** All variations of one product, from its own list. */
export async function listOfProduct(
  api: WooApi,
  productId: string,
  signal: AbortSignal,
  into = new Map<string, unknown>(),
  fields?: readonly string[],
): Promise<Map<string, unknown>> {
  for (let page = 1; ; page++) {
    const query = { per_page: PAGE, page, orderby: 'id', order: 'asc', status: 'any', ...fieldsQuery(fields) };
    const path = `/products/${productId}/variations`;
    const list = await api.list({ path, route: 'products/:id/variations', query, signal });
    collect(into, list);
    if (list.rows.length < PAGE) return into;
  }
}

function collect(into: Map<string, unknown>, list: RowList): void {
  for (const row of list.rows) into.set(rowId(row), row);
}

function fieldsQuery(fields: readonly string[] | undefined): { _fields?: readonly string[] } {
  return fields === undefined ? {} : { _fields: fields };
}
