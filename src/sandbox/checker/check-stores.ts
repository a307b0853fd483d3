import { checkArticles, checkReviews } from './check-content.ts';
import { checkCoupons } from './check-coupons.ts';
import { checkCustomerGroups, checkCustomers } from './check-customers.ts';
import { checkOrders } from './check-orders.ts';
import { checkProducts } from './check-products.ts';
import { addressesAfter, checkRedirects, type OldAddress } from './check-redirects.ts';
import type { EntityCheck } from './check-terms.ts';
import { checkBrands, checkCategories } from './check-terms.ts';
import { categoryTree } from './expect/category-tree.ts';
import type { Context, TaxClass } from './expect/context.ts';
import { measures, reachability, shopPaths, taxClasses } from './expect/context.ts';
import type { Addressed } from './expect/keys.ts';
import { NOTHING_TAKEN, settleKeys } from './expect/keys.ts';
import { expectedPlaces } from './expect/places.ts';
import { hasVariations } from './expect/product-kind.ts';
import type { Matrix } from './expect/variation-matrix.ts';
import { variationMatrix } from './expect/variation-matrix.ts';
import { addressAtTarget, pairStores, takenBy } from './pair-stores.ts';
import type { Pairing } from './pairing.ts';
import type { Row } from './raw/row.ts';
import { idOf, textOf } from './raw/row.ts';
import type { SourceShop } from './raw/source-shop.ts';
import { sourceShop } from './raw/source-shop.ts';
import type { TargetStore } from './raw/target-store.ts';
import { targetStore } from './raw/target-store.ts';
import type { CheckedEntity, Report, Scope } from './report.ts';
import { ENTITIES, ReportBuilder, SCOPES } from './report.ts';
import { publicPath } from './rules/paths.ts';

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
  checkCustomerGroups(report, shop, store);
  const customers = checkCustomers(report, shop, store, (id) => missing('customer', id));
  checkCoupons(report, { shop, store, context }, (id) => missing('coupon', id));
  checkOrders(report, { shop, store, context, customers }, (id) => missing('order', id));
  checkReviews(report, { shop, store, context, missing });
  const articles = checkArticles(report, { shop, store, context, missing });
  checkRedirects(report, store, oldAddresses(shop, { ...pairings, ...articles }, missing), expectedPlaces(shop));
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
  const pairings = pairStores(shop, store, alone, { names: tree.names, missing });
  const keys = options.allowForeign ? settleKeys(shop, matrices, takenBy(store, pairings)) : alone;
  const context: Context = {
    ...measures(shop, store),
    shop,
    tree,
    keys,
    matrices,
    targetId: (entity, id) => pairings[entity].pairs.get(id)?.id,
    targetPath: (entity, id) => addressAtTarget(pairings[entity].pairs.get(id)),
    redirectedTo: addressesAfter(store),
    isReachable: reachability(shop, options.reachable),
    taxClassId: taxClasses(shop, store, options.taxClasses),
    shopPath: shopPaths(shop.baseUrl),
  };
  return { context, pairings, missing };
}

const permalink = (row: Row): string => textOf(row['permalink']);
const link = (row: Row): string => (textOf(row['status']) === 'publish' ? textOf(row['link']) : '');

/** Addresses that the public could see, of everything that is no dead letter. */
function oldAddresses(
  shop: SourceShop,
  pairings: Record<OldAddress['entity'], Pairing>,
  missing: (entity: CheckedEntity, sourceId: number) => boolean,
): OldAddress[] {
  const of = (entity: OldAddress['entity'], rows: readonly Row[], linkOf: (row: Row) => string): OldAddress[] =>
    rows.flatMap((row) => {
      const [sourceId, path] = [idOf(row['id']), publicPath(linkOf(row))];
      const target = pairings[entity].pairs.get(sourceId);
      return path === null || missing(entity, sourceId) ? [] : [{ entity, sourceId, path, target }];
    });
  return [
    ...of('category', shop.categories, permalink),
    ...of('brand', shop.brands, permalink),
    ...of(
      'product',
      shop.products.filter((row) => pairings.product.pairs.has(idOf(row['id']))),
      permalink,
    ),
    ...of('blog_post', shop.posts, link),
    ...of('page', shop.pages, link),
  ];
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
  const mails = store.outbox.length;
  if (mails > 0) differ('outbox', 'no mail', `${mails} mails`, 'no mail during a migration');
}
