import type { CategoryTree } from './expect/category-tree.ts';
import type { Addressed, Keys, TakenValues } from './expect/keys.ts';
import { skuKey } from './expect/keys.ts';
import type { Pairing, RawKeys } from './pairing.ts';
import { pairRecords } from './pairing.ts';
import type { Row } from './raw/row.ts';
import { idOf, rowOf, textOf } from './raw/row.ts';
import type { SourceShop } from './raw/source-shop.ts';
import type { TargetRecord, TargetStore } from './raw/target-store.ts';
import { foldedKey } from './rules/normalise.ts';
import { pathForm } from './rules/paths.ts';

/** Who is whom in both stores, entity by entity. `keys` are those that the records would have alone. */
export function pairStores(
  shop: SourceShop,
  store: TargetStore,
  keys: Keys,
  { names, missing }: { names: CategoryTree['names']; missing: (entity: Addressed, sourceId: number) => boolean },
): Record<Addressed, Pairing> {
  const one = (
    entity: Addressed,
    rows: readonly Row[],
    records: readonly TargetRecord[],
    own: (id: number) => RawKeys,
  ) => {
    // A dead letter is not there, so what has its keys is somebody else's.
    const wanted = new Map(rows.map((row) => idOf(row['id'])).map((id) => [id, missing(entity, id) ? [] : own(id)]));
    return pairRecords(records, wanted, targetKeys);
  };
  const path = (entity: Addressed, id: number): string => `path ${pathForm(keys.path(entity, id)?.shown ?? `#${id}`)}`;
  return {
    category: one('category', shop.categories, store.categories, (id) => [
      path('category', id),
      nameKey(names.get(id)?.value),
    ]),
    brand: one('brand', shop.brands, store.brands, (id) => [
      nameKey(keys.brandNames.get(id)?.value),
      path('brand', id),
    ]),
    product: one('product', shop.products, store.products, (id) => [
      `sku ${foldedKey(keys.skus.get(skuKey(id))?.value ?? '')}`,
      nameKey(keys.productNames.get(id)?.value),
      path('product', id),
    ]),
  };
}

function nameKey(value: string | undefined): string {
  return `name ${foldedKey(value ?? '')}`;
}

function targetKeys({ row }: TargetRecord): RawKeys {
  const sku = textOf(row['sku']);
  const path = addressOf(row);
  return [
    ...(sku === '' ? [] : [`sku ${foldedKey(sku)}`]),
    ...(row['category_id'] === undefined ? [] : [`path ${pathForm(path)}`]),
    nameKey(textOf(row['name'])),
    `path ${pathForm(path)}`,
  ];
}

export function addressAtTarget(record: TargetRecord | undefined): string | undefined {
  const path = addressOf(record?.row ?? {});
  return path === '' ? undefined : path;
}

function addressOf(row: Row): string {
  return textOf(rowOf(row['custom_url'])['url']) || textOf(rowOf(row['url'])['path']);
}

/** Unique values of records that nobody of ours is. */
export function takenBy(store: TargetStore, pairings: Record<Addressed, Pairing>): TakenValues {
  const rows = (entity: Addressed): Row[] => pairings[entity].foreign.map((record) => record.row);
  const products = rows('product');
  const variantSkus = pairings.product.foreign.flatMap((record) =>
    store.variantsOf(record).map((variant) => textOf(variant.row['sku'])),
  );
  return {
    productNames: products.map((row) => textOf(row['name'])),
    brandNames: rows('brand').map((row) => textOf(row['name'])),
    skus: [...products.map((row) => textOf(row['sku'])), ...variantSkus].filter((sku) => sku !== ''),
    paths: [...rows('category'), ...rows('brand'), ...products].map(addressOf),
  };
}
