import { Big } from 'big.js';
import { checkRecords } from './check-records.ts';
import type { Context } from './expect/context.ts';
import { goodsOf, type SoldAs } from './expect/order/lines.ts';
import { totalsOf } from './expect/order/money.ts';
import { byTime } from './expect/order/notes.ts';
import { expectedOrder } from './expect/order/order.ts';
import { isCarriedOrder, statusOf } from './expect/order/status.ts';
import type { Pairing } from './pairing.ts';
import type { Row } from './raw/row.ts';
import { groupBy, idOf, rowsOf, textOf } from './raw/row.ts';
import type { SourceShop } from './raw/source-shop.ts';
import type { TargetRecord, TargetStore } from './raw/target-store.ts';
import type { ReportBuilder } from './report.ts';

interface OrderCheck {
  shop: SourceShop;
  store: TargetStore;
  context: Context;
  customers: Pairing['pairs'];
}

/** Orders, paired by `external_order_id`, field by field and by their totals (fidelity §7, §8, §14). */
export function checkOrders(
  report: ReportBuilder,
  { shop, store, context, customers }: OrderCheck,
  isExpectedMissing: (sourceId: number) => boolean,
): void {
  const refunds = groupBy(shop.refunds, (row) => idOf(row['parent_id']));
  const notes = groupBy(shop.orderNotes, (row) => idOf(row['order_id']));
  const soldAs = goodsAtTarget(store, context);
  const rows = shop.orders.filter(isCarriedOrder);
  const { pairs } = checkRecords({
    report,
    entity: 'order',
    rows,
    records: withoutFormerLives(store.orders),
    keysOf: () => [],
    targetKeysOf: () => [],
    isExpectedMissing,
    // Orders are archived at most (design P7).
    mayStay: isArchived,
    expect: (row) =>
      expectedOrder(row, {
        refunds: (refunds.get(idOf(row['id'])) ?? []).toSorted((a, b) => idOf(a['id']) - idOf(b['id'])),
        notes: byTime(notes.get(idOf(row['id'])) ?? [], 'date_created_gmt'),
        customerId: (id) => customers.get(id)?.id ?? 0,
        soldAs,
      }),
  });
  const there = rows.filter((row) => pairs.has(idOf(row['id'])));
  checkTotals(
    report,
    there,
    [...pairs.values()].map(({ row }) => row),
  );
}

const isArchived = ({ row }: TargetRecord) => row['is_deleted'] === true;

/**
 * An archived order beside a living one of the same source id is none any more (design P7): a copy that a late reply left, or the
 * former self of one that a store would not restore.
 */
function withoutFormerLives(orders: readonly TargetRecord[]): readonly TargetRecord[] {
  const living = new Set(orders.filter((record) => !isArchived(record)).map(({ sourceId }) => sourceId));
  return orders.filter((record) => !isArchived(record) || record.sourceId === null || !living.has(record.sourceId));
}

/** Catalog lines need a product that asks nothing, and one variant that is the variation (fidelity §7). */
function goodsAtTarget(store: TargetStore, context: Context): SoldAs {
  const products = new Map(store.products.map((record) => [record.id, record]));
  return (line) => {
    const { product, variation } = goodsOf(line);
    const target = products.get(product === 0 ? -1 : (context.targetId('product', product) ?? -1));
    if (target === undefined || rowsOf(target.row['modifiers']).length > 0) return null;
    const hasOptions = rowsOf(target.row['options']).length > 0;
    if (variation === 0) return hasOptions ? null : { product: target.id, variant: null };
    const own = store.variantsOf(target).filter(({ sourceId }) => sourceId === variation);
    if (hasOptions) return own.length === 1 ? { product: target.id, variant: own[0]?.id ?? 0 } : null;
    const [single, ...others] = context.shop.variationsOf(product);
    return single !== undefined && others.length === 0 && idOf(single['id']) === variation
      ? { product: target.id, variant: null }
      : null;
  };
}

/** Σ by currency × month × status, to the cent (fidelity §14). */
function checkTotals(report: ReportBuilder, sources: readonly Row[], targets: readonly Row[]): void {
  const expected = sums(sources, (row) => ({
    group: [textOf(row['currency']), textOf(row['date_created_gmt']).slice(0, 7), statusOf(row).id].join(' '),
    totals: totalsOf(row).totals,
  }));
  const actual = sums(targets, (row) => ({
    group: [
      textOf(row['default_currency_code']),
      textOf(row['date_created']).slice(0, 7),
      textOf(row['status_id']),
    ].join(' '),
    totals: Object.fromEntries(TOTALS.map((name) => [name, new Big(textOf(row[name]) || '0')])),
  }));
  for (const group of new Set([...expected.keys(), ...actual.keys()])) {
    for (const name of TOTALS) {
      const [wanted, found] = [expected.get(group)?.[name] ?? new Big(0), actual.get(group)?.[name] ?? new Big(0)];
      if (wanted.eq(found)) continue;
      const field = `Σ ${name} of ${group}`;
      const rule = '§14 business totals';
      report.add('different', {
        entity: 'order',
        scope: 'order',
        field,
        expected: wanted.toFixed(),
        target: found.toFixed(),
        rule,
      });
    }
  }
}

const TOTALS = ['total_inc_tax', 'total_ex_tax', 'shipping_cost_inc_tax', 'discount_amount'] as const;
type Sums = Record<(typeof TOTALS)[number], Big>;

function sums(
  rows: readonly Row[],
  read: (row: Row) => { group: string; totals: Record<string, Big> },
): Map<string, Sums> {
  const groups = new Map<string, Sums>();
  for (const row of rows) {
    const { group, totals } = read(row);
    const held = groups.get(group);
    const next = TOTALS.map((name) => [name, (held?.[name] ?? new Big(0)).plus(totals[name] ?? new Big(0))]);
    groups.set(group, Object.fromEntries(next) as Sums);
  }
  return groups;
}
