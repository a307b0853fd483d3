import { idOf, idsOf, rowsOf, textOf } from '../../../src/sandbox/checker/raw/row.ts';
import type { TargetRecord, TargetStore } from '../../../src/sandbox/checker/raw/target-store.ts';
import { foldedKey, isNothing, sameSet } from '../../../src/sandbox/checker/rules/normalise.ts';
import type { ProductRow, StoreRows, VariantRow } from '../read/rows.ts';
import { BRAND_FACET } from '../seed/facets.ts';
import { html } from './catalogue.ts';
import { compareWith, decimal, money, name, type Want, withoutTags } from './expect.ts';
import { type Checked, checkPairs, type Pairings } from './pairs.ts';
import { stockOf, type StockRules } from './stock.ts';

const LONGEST_NAME = 250;
const LONGEST_SKU = 255;

export interface ProductCheck extends Checked {
  readonly rows: StoreRows;
  readonly store: TargetStore;
  readonly pairings: Pairings;
}

export function checkProducts(check: ProductCheck): void {
  const { report, rows, store } = check;
  const skus = new SkuCounts(rows.products);
  checkPairs(check, rows.products, (row, target) => {
    const variants = store.variantsOf(target);
    const at = { ...check, sourceId: row.id, target };
    compareWith(report, at, productWants(check, row));
    if (isSimple(row)) {
      const [only] = row.variants;
      if (only !== undefined) compareWith(report, at, [skuWant(only, skus), money('price', only.price)]);
      if (variants.length !== 1) addStray(check, row, `${variants.length} variants`);
    } else checkVariants(check, row, variants, skus);
    checkStock(check, row, target, variants);
  });
}

/** One variant and no options: the variant is the thing itself. */
function isSimple({ optionGroups, variants }: ProductRow): boolean {
  return optionGroups.length === 0 && variants.length === 1;
}

function productWants({ pairings }: ProductCheck, row: ProductRow): Want[] {
  const categories = row.collections.flatMap(({ id }) => pairings.category.pairs.get(Number(id))?.id ?? []);
  const brands = row.facetValues
    .filter(({ facet }) => facet.code === BRAND_FACET)
    .map(({ id }) => pairings.brand.pairs.get(Number(id))?.id ?? 0);
  const pictures = new Set([row.featuredAsset, ...row.assets].flatMap((one) => (one?.type === 'IMAGE' ? one.id : [])));
  return [
    name('name', withoutTags(row.name), LONGEST_NAME),
    { field: 'type', is: 'physical' },
    // What has nothing to buy must not be shown as if it could be bought.
    { field: 'is_visible', is: row.enabled, agrees: (actual) => actual === row.enabled || row.variants.length === 0 },
    html('description', row.description),
    { field: 'categories', is: categories, agrees: (actual) => sameSet(categories, idsOf(actual)) },
    {
      field: 'brand_id',
      is: brands,
      agrees: (actual) => (brands.length === 0 ? idOf(actual) === 0 : brands.includes(idOf(actual))),
    },
    { field: 'images', is: pictures.size, read: ({ row: target }) => rowsOf(target['images']).length },
  ];
}

function checkVariants(check: ProductCheck, row: ProductRow, there: readonly TargetRecord[], skus: SkuCounts): void {
  const { report } = check;
  const byId = new Map(there.map((record) => [record.sourceId, record]));
  const { variants } = row;
  const twins = twinLabels(row);
  // A product with nothing to buy has the one variant that the target gives to everything.
  if (variants.length > 0 && there.length !== variants.length) addStray(check, row, `${there.length} variants`);
  for (const variant of variants) {
    report.count('variant', 'source');
    const target = byId.get(Number(variant.id));
    const about = { entity: 'variant', scope: 'variants', sourceId: variant.id } as const;
    const labels = labelsOf(row, variant);
    if (target === undefined) {
      report.add('lost', { ...about, expected: labels, rule: 'lost' });
      continue;
    }
    report.count('variant', 'target');
    const isOff = !variant.enabled;
    compareWith(report, { ...about, target }, [
      skuWant(variant, skus),
      money('price', variant.price),
      { field: 'purchasing_disabled', is: isOff, agrees: (actual) => (actual === true) === isOff },
      labelsWant(labels, twins),
      imageWant(row, variant),
    ]);
  }
}

/** `Colour: Red`, of the product's own groups. */
function labelsOf({ optionGroups }: ProductRow, { options }: VariantRow): string[] {
  return options
    .flatMap(({ name: label, groupId }) => {
      const group = optionGroups.find(({ id }) => id === groupId);
      return group === undefined ? [] : [foldedKey(`${group.name}: ${label}`)];
    })
    .toSorted();
}

/** Labels that several options of one group have: to a shopper they are told apart by something in brackets. */
function twinLabels(row: ProductRow): ReadonlySet<string> {
  const options = new Map(row.variants.flatMap((variant) => variant.options.map((option) => [option.id, variant])));
  const labels = [...options].flatMap(([id, variant]) =>
    labelsOf(row, { ...variant, options: variant.options.filter((option) => option.id === id) }),
  );
  return new Set(labels.filter((label, at) => labels.indexOf(label) !== at));
}

function labelsWant(labels: readonly string[], twins: ReadonlySet<string>): Want {
  const agrees = (actual: unknown) => {
    const found = actual as string[];
    const isSame = (label: string, at: number) =>
      found[at] === label || (twins.has(label) && found[at]?.startsWith(`${label} (`) === true);
    return found.length === labels.length && labels.every(isSame);
  };
  return { field: 'option_values', is: labels, read: labelsAt, agrees };
}

function labelsAt({ row }: TargetRecord): string[] {
  return rowsOf(row['option_values'])
    .map((value) => foldedKey(`${textOf(value['option_display_name'])}: ${textOf(value['label'])}`))
    .toSorted();
}

/** A picture of its own; the product's main one is shown anyway. */
function imageWant(row: ProductRow, { assets }: VariantRow): Want {
  const [own] = assets.filter(({ type }) => type === 'IMAGE');
  const is = own !== undefined && own.id !== row.featuredAsset?.id;
  return { field: 'image_url', is, agrees: (actual) => isNothing(actual) === !is };
}

/** Kept as it is; what is missing, too long, or there twice gets another one, and no two get the same. */
function skuWant({ sku }: VariantRow, skus: SkuCounts): Want {
  const kept = sku.trim();
  const agrees = (actual: unknown) => {
    const found = textOf(actual);
    if (kept === '') return true;
    if (kept.length > LONGEST_SKU) return kept.startsWith(found.slice(0, 200)) && found.length <= LONGEST_SKU;
    return found === kept || (skus.isShared(kept) && foldedKey(found).startsWith(foldedKey(kept)));
  };
  return { field: 'sku', is: kept, agrees };
}

class SkuCounts {
  readonly #counts = new Map<string, number>();

  constructor(products: readonly ProductRow[]) {
    for (const { sku } of products.flatMap(({ variants }) => variants)) {
      const key = foldedKey(sku);
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    }
  }

  isShared(sku: string): boolean {
    return (this.#counts.get(foldedKey(sku)) ?? 0) > 1;
  }
}

function checkStock(
  check: ProductCheck,
  row: ProductRow,
  target: TargetRecord,
  variants: readonly TargetRecord[],
): void {
  const { report, store, rows } = check;
  const rules: StockRules = { tracksStock: rows.tracksStock };
  const tracked = row.variants.filter((variant) => stockOf(variant, rules) !== null);
  const tracking = tracked.length === 0 ? 'none' : isSimple(row) ? 'product' : 'variant';
  const scope = 'stock';
  compareWith(report, { entity: 'stock', scope, sourceId: row.id, target }, [
    { field: 'inventory_tracking', is: tracking },
  ]);
  for (const variant of tracked) {
    const record = isSimple(row) ? variants[0] : variants.find(({ sourceId }) => sourceId === Number(variant.id));
    report.count('stock', 'source');
    if (record === undefined) continue;
    report.count('stock', 'target');
    const is = stockOf(variant, rules);
    const read = () => store.inventoryOf(record.id).map((level) => level['available']);
    const agrees = (actual: unknown) => {
      const found = actual as unknown[];
      const own = isSimple(row) ? target.row['inventory_level'] : record.row['inventory_level'];
      return found.length === 0 ? own === is : found.every((level) => level === is);
    };
    compareWith(report, { entity: 'stock', scope, sourceId: variant.id, target: record }, [
      { field: 'level', is, read, agrees },
    ]);
  }
}

function addStray({ report }: ProductCheck, row: ProductRow, found: string): void {
  const expected = `one variant for each: ${row.variants.map(({ sku, price }) => `${sku} ${decimal(price)}`).join(', ')}`;
  report.add('different', {
    entity: 'variant',
    scope: 'variants',
    sourceId: row.id,
    expected,
    target: found,
    rule: 'Vendure',
  });
}
