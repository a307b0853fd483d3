import { pairRecords, type Pairing, type RawKeys } from '../../../src/sandbox/checker/pairing.ts';
import { textOf } from '../../../src/sandbox/checker/raw/row.ts';
import type { TargetRecord, TargetStore } from '../../../src/sandbox/checker/raw/target-store.ts';
import type { CheckedEntity, ReportBuilder, Scope } from '../../../src/sandbox/checker/report.ts';
import { foldedKey } from '../../../src/sandbox/checker/rules/normalise.ts';
import type { CustomerRow, OrderRow, PromotionRow, StoreRows } from '../read/rows.ts';

export type Paired = 'category' | 'brand' | 'product' | 'customer' | 'coupon' | 'order';

export type Pairings = Readonly<Record<Paired, Pairing>>;

/** Who is carried at all: guests have no account, a basket is no order, and a promotion without a code is no coupon. */
export function carried(rows: StoreRows) {
  return {
    category: rows.collections,
    brand: rows.brands,
    product: rows.products,
    customer: rows.customers.filter(isAccount),
    coupon: rows.promotions.filter(isCoupon),
    order: rows.orders.filter(isPlaced),
  };
}

function isAccount({ user }: CustomerRow): boolean {
  return user !== null;
}

export function isPlaced({ orderPlacedAt, active }: OrderRow): boolean {
  return orderPlacedAt !== null && !active;
}

function isCoupon({ couponCode }: PromotionRow): boolean {
  return couponCode !== null && couponCode !== '';
}

/** Pairs all records by the ids that the target's markers name; coupons have no marker and are paired by their codes. */
export function pairAll(rows: StoreRows, store: TargetStore): Pairings {
  const all = carried(rows);
  const codes = new Map(all.coupon.map(({ id, couponCode }): [number, RawKeys] => [Number(id), [codeKey(couponCode)]]));
  return {
    category: byMarker(store.categories, all.category),
    brand: byMarker(store.brands, all.brand),
    product: byMarker(store.products, all.product),
    customer: byMarker(store.customers, all.customer),
    coupon: pairRecords(store.coupons, codes, ({ row }) => [codeKey(textOf(row['code']))]),
    order: byMarker(store.orders, all.order),
  };
}

function byMarker(records: readonly TargetRecord[], wanted: readonly { readonly id: string }[]): Pairing {
  return pairRecords(records, new Map(wanted.map(({ id }) => [Number(id), []])), () => []);
}

/** The target takes letters, digits, blanks, `_` and `-`, without case. */
function codeKey(code: string | null): string {
  return foldedKey((code ?? '').trim().replaceAll(/[^A-Za-z0-9 _-]+/g, '-'));
}

export interface Checked {
  readonly report: ReportBuilder;
  readonly pairing: Pairing;
  readonly entity: Paired & CheckedEntity;
  readonly scope: Scope;
  readonly isFailed: (id: string) => boolean;
}

/** Counts the records, says which are lost, doubled, left over or foreign, and hands each pair to `compare`. */
export function checkPairs<Row extends { readonly id: string }>(
  { report, pairing, entity, scope, isFailed }: Checked,
  rows: readonly Row[],
  compare: (row: Row, target: TargetRecord) => void,
): void {
  report.count(entity, 'source', rows.length);
  for (const row of rows) {
    const target = pairing.pairs.get(Number(row.id));
    if (target !== undefined) report.count(entity, 'target');
    if (isFailed(row.id)) report.count(entity, 'failed');
    else if (target === undefined)
      report.add('lost', { entity, scope, sourceId: row.id, expected: 'carried', rule: 'lost' });
    else compare(row, target);
  }
  for (const { sourceId, record } of pairing.doubled)
    report.add('doubled', { entity, scope, sourceId, targetId: record.id, expected: 'once', rule: 'doubled' });
  for (const { sourceId, record } of pairing.leftOver) {
    if (record.row['is_visible'] === false || record.row['is_deleted'] === true) continue;
    report.add('different', {
      entity,
      scope,
      sourceId,
      targetId: record.id,
      expected: 'gone, hidden or archived',
      rule: 'of something that is not carried (any more)',
    });
  }
  for (const record of pairing.foreign) report.add('foreign', { entity, scope, targetId: record.id, rule: 'foreign' });
}
