import { checkRedirects, type OldAddress } from '../../../src/sandbox/checker/check-redirects.ts';
import { textOf } from '../../../src/sandbox/checker/raw/row.ts';
import { type TargetStore, targetStore } from '../../../src/sandbox/checker/raw/target-store.ts';
import {
  type CheckedEntity,
  ENTITIES,
  ReportBuilder,
  type Report,
  type Scope,
  SCOPES,
} from '../../../src/sandbox/checker/report.ts';
import { pathForm } from '../../../src/sandbox/checker/rules/paths.ts';
import type { StoreRows } from '../read/rows.ts';
import { checkBrands, checkCollections } from './catalogue.ts';
import { checkOrders } from './orders.ts';
import { carried, type Checked, type Paired, type Pairings, pairAll } from './pairs.ts';
import { checkCustomers, checkGroups } from './people.ts';
import { checkProducts } from './products.ts';
import { checkPromotions } from './promotions.ts';

export interface MigrationCheck {
  /** What the real store holds, read by `readStore`. */
  readonly rows: StoreRows;
  /** Raw state of the BigCommerce store. */
  readonly target: unknown;
  /** Dead letters that the caller knows of: counted, neither lost nor compared. Default none. */
  readonly isFailed?: (entity: CheckedEntity, id: string) => boolean;
}

const SCOPE_OF: Readonly<Record<Paired, Scope>> = {
  category: 'category',
  brand: 'brand',
  product: 'product-core',
  customer: 'customer',
  coupon: 'coupon',
  order: 'order',
};

/**
 * Says what is lost, doubled or different between a real Vendure and the target. What is expected is worked out from Vendure's own
 * rows here; no connector, no ledger and no mapping of the product is asked.
 */
export function checkMigration({ rows, target, isFailed = () => false }: MigrationCheck): Report {
  const report = new ReportBuilder({ entities: new Set(ENTITIES), scopes: new Set(SCOPES), allowForeign: false });
  const store = targetStore(target);
  const pairings = pairAll(rows, store);
  const all = carried(rows);
  const check = (entity: Paired): Checked => ({
    report,
    entity,
    scope: SCOPE_OF[entity],
    pairing: pairings[entity],
    isFailed: (id) => isFailed(entity, id),
  });
  checkCollections(check('category'), all.category, pairings);
  checkBrands(check('brand'), all.brand);
  checkProducts({ ...check('product'), rows, store, pairings });
  checkGroups(report, rows.groups, store);
  checkCustomers(check('customer'), all.customer, store);
  checkPromotions({ ...check('coupon'), orders: rows.orders }, all.coupon);
  checkOrders({ ...check('order'), pairings, store }, all.order);
  checkRedirects(report, store, oldAddresses(rows, pairings, isFailed), new Map());
  checkStore(report, rows, store);
  return report.build();
}

/** Pages that the public could see, at Vendure's usual addresses. */
function oldAddresses(
  rows: StoreRows,
  pairings: Pairings,
  isFailed: NonNullable<MigrationCheck['isFailed']>,
): OldAddress[] {
  const of = (
    entity: 'category' | 'product',
    folder: string,
    pages: readonly { readonly id: string; readonly slug: string }[],
  ) =>
    pages
      .filter(({ id }) => !isFailed(entity, id))
      .map(({ id, slug }) => ({
        entity,
        sourceId: Number(id),
        path: pathForm(`/${folder}/${slug}/`),
        target: pairings[entity].pairs.get(Number(id)),
      }));
  return [
    ...of(
      'category',
      'collections',
      rows.collections.filter(({ isPrivate }) => !isPrivate),
    ),
    ...of(
      'product',
      'products',
      rows.products.filter(({ enabled }) => enabled),
    ),
  ];
}

/** What holds for the store as a whole, and that nobody was sent a mail. */
function checkStore(report: ReportBuilder, rows: StoreRows, store: TargetStore): void {
  const differ = (field: string, expected: unknown, target: unknown): void =>
    report.add('different', { entity: 'store', scope: 'store', field, expected, target, rule: 'Vendure' });
  const currency = textOf(store.store['currency']);
  if (currency !== rows.currency) differ('currency', rows.currency, currency);
  if (store.outbox.length > 0) differ('outbox', 'no mail', `${store.outbox.length} mails`);
}
