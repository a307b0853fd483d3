import { checkProducts } from './check-products.ts';
import type { EntityCheck } from './check-terms.ts';
import { checkBrands, checkCategories } from './check-terms.ts';
import { categoryTree } from './expect/category-tree.ts';
import type { Context, TaxClass } from './expect/context.ts';
import { measures, reachability, shopPaths, taxClasses } from './expect/context.ts';
import type { Addressed, Keys } from './expect/keys.ts';
import { NOTHING_TAKEN, settleKeys, skuKey } from './expect/keys.ts';
import type { TakenValues } from './expect/keys.ts';
import { hasVariations } from './expect/product-kind.ts';
import type { Matrix } from './expect/variation-matrix.ts';
import { variationMatrix } from './expect/variation-matrix.ts';
import type { Pairing, RawKeys } from './pairing.ts';
import { pairRecords } from './pairing.ts';
import type { Row } from './raw/row.ts';
import { idOf, rowOf, rowsOf, textOf } from './raw/row.ts';
import type { SourceShop } from './raw/source-shop.ts';
import { sourceShop } from './raw/source-shop.ts';
import type { TargetRecord, TargetStore } from './raw/target-store.ts';
import { targetStore } from './raw/target-store.ts';
import type { CheckedEntity, Report, Scope } from './report.ts';
import { ENTITIES, ReportBuilder, SCOPES } from './report.ts';
import { foldedKey } from './rules/normalise.ts';
import { pathForm } from './rules/paths.ts';

export interface CheckOptions {
  /** Dead letters known to the caller: counted as failed, neither lost nor compared. Default none. */
  expectedMissing?: (entity: CheckedEntity, sourceId: number) => boolean;
  /** Whether the target may hold records that are not the source's; unique values they hold are then taken. Default false. */
  allowForeign?: boolean;
  /** Default all. */
  entities?: readonly CheckedEntity[];
  /** Groups of fields to compare. Default all. */
  scopes?: readonly Scope[];
  /** False while work is queued: what is written last (stock, related products) is not compared. Default true. */
  settled?: boolean;
  /** Whether a picture's address can be fetched. Default: it is the shop's own and not listed as missing, or any public name. */
  reachable?: (url: string) => boolean;
  /** Tax classes of the target. Default: those in its state, else a sandbox store's usual ones. */
  taxClasses?: TaxClass[];
}

export interface StoreStates {
  /** Raw state of the WooCommerce shop. */
  source: unknown;
  /** Raw state of the BigCommerce store. */
  target: unknown;
  options?: CheckOptions;
}

const WRITTEN_LAST: readonly Scope[] = ['stock', 'related'];

/**
 * Says what is lost, doubled or different between two stores by the fidelity rulebook alone. Records are paired by raw
 * keys, nothing of the migration's own memory is read, and no state makes it throw.
 */
export function checkStores({ source, target, options = {} }: StoreStates): Report {
  const { entities = ENTITIES, scopes = SCOPES, allowForeign = false, settled = true } = options;
  const chosen = scopes.filter((scope) => settled || !WRITTEN_LAST.includes(scope));
  const report = new ReportBuilder({ entities: new Set(entities), scopes: new Set(chosen), allowForeign });
  const [shop, store] = [sourceShop(source), targetStore(target)];
  const { context, pairings, missing } = prepare(shop, store, options);
  checkStore(report, shop, store);
  const check = (entity: Addressed): EntityCheck => ({
    report,
    context,
    pairing: pairings[entity],
    isExpectedMissing: (id) => missing(entity, id),
  });
  checkCategories(check('category'));
  checkBrands(check('brand'));
  checkProducts(check('product'), store);
  return report.build();
}

interface Prepared {
  context: Context;
  pairings: Record<Addressed, Pairing>;
  missing: (entity: CheckedEntity, sourceId: number) => boolean;
}

function prepare(shop: SourceShop, store: TargetStore, options: CheckOptions): Prepared {
  const missing = options.expectedMissing ?? (() => false);
  const tree = categoryTree(shop);
  const matrices = new Map<number, Matrix>();
  for (const row of shop.products) if (hasVariations(row)) matrices.set(idOf(row['id']), variationMatrix(shop, row));
  // Pairing needs the keys that records would have alone; who is foreign, and holds keys, shows only afterwards.
  const alone = settleKeys(shop, matrices, NOTHING_TAKEN);
  const pairings = pairAll(shop, store, alone, { names: tree.names, missing });
  const keys = options.allowForeign ? settleKeys(shop, matrices, takenBy(store, pairings)) : alone;
  const context: Context = {
    ...measures(shop, store),
    shop,
    tree,
    keys,
    matrices,
    targetId: (entity, id) => pairings[entity].pairs.get(id)?.id,
    isReachable: reachability(shop, options.reachable),
    taxClassId: taxClasses(shop, store, options.taxClasses),
    shopPath: shopPaths(shop.baseUrl),
  };
  return { context, pairings, missing };
}

function pairAll(
  shop: SourceShop,
  store: TargetStore,
  keys: Keys,
  { names, missing }: { names: Context['tree']['names']; missing: Prepared['missing'] },
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
  const name = (value: string | undefined): string => `name ${foldedKey(value ?? '')}`;
  return {
    category: one('category', shop.categories, store.categories, (id) => [
      path('category', id),
      name(names.get(id)?.value),
    ]),
    brand: one('brand', shop.brands, store.brands, (id) => [name(keys.brandNames.get(id)?.value), path('brand', id)]),
    product: one('product', shop.products, store.products, (id) => [
      `sku ${foldedKey(keys.skus.get(skuKey(id))?.value ?? '')}`,
      name(keys.productNames.get(id)?.value),
      path('product', id),
    ]),
  };
}

function targetKeys({ row }: TargetRecord): RawKeys {
  const sku = textOf(row['sku']);
  const path = addressOf(row);
  return [
    ...(sku === '' ? [] : [`sku ${foldedKey(sku)}`]),
    ...(row['category_id'] === undefined ? [] : [`path ${pathForm(path)}`]),
    `name ${foldedKey(textOf(row['name']))}`,
    `path ${pathForm(path)}`,
  ];
}

function addressOf(row: Row): string {
  return textOf(rowOf(row['custom_url'])['url']) || textOf(rowOf(row['url'])['path']);
}

/** Unique values of records that nobody of ours is. */
function takenBy(store: TargetStore, pairings: Record<Addressed, Pairing>): TakenValues {
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

/** Facts that hold for the store as a whole (fidelity §11), and that nobody was sent a mail. */
function checkStore(report: ReportBuilder, shop: SourceShop, store: TargetStore): void {
  const currency = textOf(store.store['currency']);
  const about = { entity: 'store', scope: 'store' } as const;
  const differ = (field: string, expected: unknown, target: unknown, rule: string): void =>
    report.add('different', { ...about, field, source: expected, expected, target, rule });
  if (shop.currency !== '' && currency !== '' && shop.currency !== currency) {
    differ('currency', shop.currency, currency, 'STOP currency-mismatch');
  }
  const [taxed, entered] = [shop.setting('woocommerce_prices_include_tax'), store.store['is_price_entered_with_tax']];
  if (taxed !== '' && typeof entered === 'boolean' && (taxed === 'yes') !== entered) {
    differ('is_price_entered_with_tax', taxed === 'yes', entered, 'STOP tax-mode-mismatch');
  }
  const mails = rowsOf(store.outbox).length || store.outbox.length;
  if (mails > 0) differ('outbox', 'no mail', `${mails} mails`, 'no mail during a migration');
}
