import { emptySellable } from '../resources/sellable-write.ts';
import { savedStockStatus } from '../resources/sellable.ts';
import type { ProductAttributeRow, ProductRow, VariationRow } from '../store/rows.ts';
import { newPost, nextId } from '../store/shop.ts';
import { slugOf } from '../store/text.ts';
import type { SeedBench } from './products.ts';
import { money, pictures, putProduct } from './products.ts';

/** How the variations of one product are made. */
export interface VariableShape {
  name: string;
  /** Number of attributes, 1 to 4; the last one is local to the product. */
  attributes: number;
  /** Which values mean "any" (fidelity §1 T4, §4.2). */
  any?: 'none' | 'all' | 'some';
  /** How many of the possible tuples exist. Default all. */
  share?: number;
  /** Adds a second variation for the first tuple. */
  twin?: boolean;
  stock?: 'own' | 'parent' | 'mixed' | 'none';
  given?: Partial<ProductRow>;
}

export function putVariable(bench: SeedBench, shape: VariableShape): ProductRow {
  const product = putProduct(bench, {
    name: shape.name,
    type: 'variable',
    sku: `VAR-${bench.made + 1}`,
    weight: '1.5',
    attributes: attributeRows(bench, shape.attributes),
    imageIds: pictures(bench, bench.made + 1, 2),
    ...(shape.stock === 'parent' ? { manageStock: true, stockQuantity: 60 } : {}),
    ...shape.given,
  });
  const tuples = combinations(bench, product.attributes);
  const kept = tuples.filter(() => bench.random.chance(shape.share ?? 1));
  const chosen = kept.length > 0 ? kept : tuples.slice(0, 1);
  if (shape.twin && chosen[0]) chosen.push({ ...chosen[0] });
  chosen.forEach((values, at) => putVariation(bench, product, withAny(values, shape.any ?? 'none', at), shape, at));
  setDefaults(bench, product);
  return product;
}

function attributeRows(bench: SeedBench, count: number): ProductAttributeRow[] {
  const global = bench.attributes.slice(0, Math.min(count, 3)).map((attribute, at) => ({
    id: attribute.row.id,
    name: attribute.row.slug,
    position: at,
    visible: true,
    variation: true,
    options: [],
    termIds: attribute.termIds.slice(0, 3),
  }));
  const local = { id: 0, position: count, visible: true, variation: true, termIds: [] };
  return count > 3 ? [...global, { ...local, name: 'Engraving & more', options: ['None', 'Your name'] }] : global;
}

/** All tuples of (key → value); global values by slug, local ones by text. */
function combinations(bench: SeedBench, rows: readonly ProductAttributeRow[]): Record<string, string>[] {
  let tuples: Record<string, string>[] = [{}];
  for (const row of rows) {
    if (!row.variation) continue;
    const key = row.id > 0 ? row.name : slugOf(row.name);
    const values = row.id > 0 ? row.termIds.map((id) => bench.shop.terms.get(id)?.slug ?? '') : row.options;
    tuples = tuples.flatMap((tuple) => values.map((value) => ({ ...tuple, [key]: value })));
  }
  return tuples;
}

function withAny(values: Record<string, string>, any: 'none' | 'all' | 'some', at: number): Record<string, string> {
  if (any === 'none' || (any === 'some' && at % 2 === 0)) return values;
  const [first] = Object.keys(values);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, key === first ? '' : value]));
}

function putVariation(
  bench: SeedBench,
  product: ProductRow,
  attributes: Record<string, string>,
  shape: VariableShape,
  at: number,
): void {
  const { random, shop } = bench;
  const managed = shape.stock === 'own' || (shape.stock === 'mixed' && at % 3 === 0);
  const regular = random.chance(0.03) ? '' : money(random, 20, 90);
  const row: VariationRow = {
    ...newPost(shop, product.createdGmt),
    ...emptySellable(),
    id: nextId(shop, 'post'),
    modifiedGmt: product.modifiedGmt,
    modifiedLocal: product.modifiedLocal,
    visibleSinceMs: 0,
    // Some have no SKU, weight or tax class of their own and show their parent's (fidelity §1 T3).
    taxClass: random.chance(0.1) ? 'reduced-rate' : 'parent',
    sku: random.chance(0.85) ? `${product.sku}-${at + 1}` : '',
    weight: random.chance(0.2) ? '2.25' : '',
    regularPrice: regular,
    salePrice: regular !== '' && random.chance(0.15) ? (Number(regular) - 5).toFixed(2) : '',
    manageStock: managed,
    stockQuantity: managed ? random.int(0, 25) : null,
    virtual: random.chance(0.02),
    status: random.chance(0.05) ? 'private' : 'publish',
    slug: `${product.slug}-${at + 1}`,
    menuOrder: at,
    parentId: product.id,
    imageId: random.chance(0.15) ? (pictures(bench, bench.made * 1_000 + at, 1)[0] ?? 0) : 0,
    attributes,
  };
  row.stockStatus = savedStockStatus(row);
  shop.variations.set(row.id, row);
}

/** The first value of each attribute: slug for a global one, text for a local one (fidelity §1 T5). */
function setDefaults(bench: SeedBench, product: ProductRow): void {
  if (!bench.random.chance(0.6)) return;
  product.defaultAttributes = product.attributes.flatMap((row) => {
    const attribute = bench.shop.attributes.get(row.id);
    const option = attribute ? bench.shop.terms.get(row.termIds[0] ?? 0)?.slug : row.options[0];
    return option ? [{ id: row.id, name: attribute?.name ?? row.name, option }] : [];
  });
}

/** More variations than the target takes in one product: 700 tuples of 7 × 10 × 10 local values. */
export function putHuge(bench: SeedBench): ProductRow {
  const sizes = [7, 10, 10];
  const attributes = sizes.map((count, position) => ({
    id: 0,
    name: `Axis ${position + 1}`,
    position,
    visible: false,
    variation: true,
    options: Array.from({ length: count }, (_, value) => `V${value + 1}`),
    termIds: [],
  }));
  return putVariable(bench, { name: 'Seven hundred', attributes: 0, given: { attributes }, stock: 'own' });
}
