import { compareRecord } from './compare.ts';
import type { Context } from './expect/context.ts';
import { expectedCoupon, isCarriedCoupon, targetCode } from './expect/coupon.ts';
import { pairRecords } from './pairing.ts';
import { idOf, textOf } from './raw/row.ts';
import type { SourceShop } from './raw/source-shop.ts';
import type { TargetStore } from './raw/target-store.ts';
import type { ReportBuilder } from './report.ts';
import { foldedKey } from './rules/normalise.ts';

/** Coupons, paired by their codes: they carry no marker (fidelity §9). Of equal codes the lowest id keeps it. */
export function checkCoupons(
  report: ReportBuilder,
  { shop, store, context }: { shop: SourceShop; store: TargetStore; context: Context },
  isExpectedMissing: (sourceId: number) => boolean,
): void {
  const about = { entity: 'coupon', scope: 'coupon' } as const;
  const carried = shop.coupons.filter(isCarriedCoupon);
  const taken = new Set<string>();
  const wanted = new Map(
    carried.map((row) => {
      const id = idOf(row['id']);
      const code = freeCode(targetCode(row) || `coupon-${id}`, id, taken);
      return [id, isExpectedMissing(id) ? [] : [code]];
    }),
  );
  const { pairs, doubled, foreign } = pairRecords(store.coupons, wanted, ({ row }) => [codeKey(textOf(row['code']))]);
  report.count('coupon', 'source', carried.length);
  for (const row of carried) {
    const sourceId = idOf(row['id']);
    const target = pairs.get(sourceId);
    if (isExpectedMissing(sourceId)) report.count('coupon', 'failed');
    else if (target) {
      report.count('coupon', 'target');
      const expected = expectedCoupon(row, (entity, id) => context.targetId(entity, id));
      report.adjust('coupon', expected.adjusted);
      compareRecord(report, { entity: 'coupon', sourceId, target }, expected);
    } else report.add('lost', { ...about, sourceId, expected: 'carried', rule: 'lost' });
  }
  for (const { sourceId, record } of doubled)
    report.add('doubled', { ...about, sourceId, targetId: record.id, expected: 'once', rule: 'doubled' });
  for (const record of foreign) report.add('foreign', { ...about, targetId: record.id, rule: 'foreign' });
}

function freeCode(code: string, id: number, taken: Set<string>): string {
  const all = [code, ...Array.from({ length: 8 }, (_, at) => suffixed(code, `-${at + 2}`)), suffixed(code, `-${id}`)];
  const free = all.map(codeKey).find((one) => !taken.has(one)) ?? codeKey(code);
  taken.add(free);
  return free;
}

function suffixed(code: string, suffix: string): string {
  return `${code.slice(0, 50 - suffix.length)}${suffix}`;
}

function codeKey(code: string): string {
  return `code ${foldedKey(code)}`;
}
