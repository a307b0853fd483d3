import type { ChildPair } from '../../../domain/target-state.ts';
import type { CallOptions, WriteItem } from '../../target.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { WireCustomField } from '../mapping/custom-fields.ts';
import { childIds, pair, unpair } from '../projection/children.ts';
import { presentCustomFields } from '../projection/product.ts';
import { CUSTOM_FIELD, customFieldKey } from '../projection/product-children.ts';
import { customFieldSchema } from '../wire/product.ts';
import type { PartWritten } from './per-item.ts';

/** Custom fields by difference against those that are there; a changed value keeps its row. Others' fields are left alone. */
export async function writeCustomFields(
  api: BigCommerceApi,
  item: WriteItem,
  productId: string,
  call: CallOptions,
): Promise<PartWritten> {
  const path = `/v3/catalog/products/${productId}/custom-fields`;
  const route = 'catalog/products/:id/custom-fields';
  const list = () => api.list({ path, route, schema: customFieldSchema, call });
  const wishes = (item.desired ?? []) as unknown as readonly WireCustomField[];
  const ours = childIds(item.children, CUSTOM_FIELD);
  const present = await list();
  const presentKeys = new Map(present.map((row) => [customFieldKey(row), row]));
  const missing = wishes.filter((wish) => !presentKeys.has(customFieldKey(wish)));
  const wished = new Set(wishes.map(customFieldKey));
  const obsolete = present.filter(
    (row) => [...ours.values()].includes(String(row.id)) && !wished.has(customFieldKey(row)),
  );
  for (const wish of missing) {
    const same = obsolete.findIndex((row) => row.name === wish.name);
    const [row] = same === -1 ? [] : obsolete.splice(same, 1);
    if (row === undefined) await api.write({ method: 'POST', path, route, body: wish, call });
    else await api.write({ method: 'PUT', path: `${path}/${row.id}`, route: `${route}/:field`, body: wish, call });
  }
  for (const row of obsolete) await remove(api, `${path}/${row.id}`, `${route}/:field`, call);
  const rows = missing.length + obsolete.length === 0 ? present : await list();
  return { base: presentCustomFields(rows), children: pairs(wishes, rows, ours) };
}

async function remove(api: BigCommerceApi, path: string, route: string, call: CallOptions): Promise<void> {
  try {
    await api.write({ method: 'DELETE', path, route, call });
  } catch (error) {
    if (!(error instanceof StoreFailure && error.kind === 'missing')) throw error;
  }
}

function pairs(
  wishes: readonly WireCustomField[],
  rows: readonly {
    readonly id: number;
    readonly name?: string | null | undefined;
    readonly value?: string | null | undefined;
  }[],
  before: ReadonlyMap<string, string>,
): ChildPair[] {
  const wished = new Set(wishes.map(customFieldKey));
  return [
    ...[...before.keys()].filter((key) => !wished.has(key)).map((key) => unpair(CUSTOM_FIELD, key)),
    ...rows
      .filter((row) => wished.has(customFieldKey(row)))
      .map((row) => pair(CUSTOM_FIELD, customFieldKey(row), row.id)),
  ];
}
