import { textOf } from '../../../src/sandbox/checker/raw/row.ts';
import { sameAmount, sameInstant } from '../../../src/sandbox/checker/rules/normalise.ts';
import type { OperationRow, OrderRow, PromotionRow } from '../read/rows.ts';
import { compareWith, decimal, type Want } from './expect.ts';
import { type Checked, checkPairs, isPlaced } from './pairs.ts';

/** Promotions that one coupon of the target can say in full: one action of these, and no condition but a least amount. */
const PLAIN: Readonly<
  Record<string, { readonly type: string; readonly amount: (args: OperationRow['args']) => string }>
> = {
  order_percentage_discount: { type: 'percentage_discount', amount: (args) => argument(args, 'discount') },
  order_fixed_discount: { type: 'per_total_discount', amount: (args) => decimal(Number(argument(args, 'discount'))) },
  free_shipping: { type: 'free_shipping', amount: () => '0' },
};

export interface PromotionCheck extends Checked {
  /** All of the store's, by which uses are counted. */
  readonly orders: readonly OrderRow[];
  readonly now?: Date;
}

export function checkPromotions(check: PromotionCheck, rows: readonly PromotionRow[]): void {
  checkPairs(check, rows, (row, target) => {
    const { perCustomerUsageLimit, endsAt } = row;
    compareWith(check.report, { ...check, sourceId: row.id, target }, [
      ...(isPlain(row) ? plainWants(row, check) : [neverWider()]),
      {
        field: 'max_uses_per_customer',
        is: perCustomerUsageLimit ?? 0,
        agrees: (actual) => Number(actual) === (perCustomerUsageLimit ?? 0),
      },
      { field: 'expires', is: endsAt ?? '', agrees: (actual) => endsAgree(endsAt, actual) },
    ]);
  });
}

function isPlain({ actions, conditions }: PromotionRow): boolean {
  const [action, ...others] = actions;
  const known = action !== undefined && others.length === 0 && PLAIN[action.code] !== undefined;
  return known && conditions.every(({ code }) => code === 'minimum_order_amount');
}

function plainWants(row: PromotionRow, { orders, now = new Date() }: PromotionCheck): Want[] {
  const [action] = row.actions;
  const form = PLAIN[action?.code ?? ''];
  const amount = form?.amount(action?.args ?? []) ?? '';
  const [least] = row.conditions;
  const minimum = least === undefined ? '0' : decimal(Number(argument(least.args, 'amount')));
  const left = row.usageLimit === null ? null : Math.max(0, row.usageLimit - usesOf(row, orders));
  // The target has no day from which on a coupon is good: one that is not good yet is switched off.
  const isOn = row.enabled && left !== 0 && (row.startsAt === null || new Date(row.startsAt) <= now);
  return [
    { field: 'type', is: form?.type ?? '' },
    { field: 'amount', is: amount, agrees: (actual) => sameAmount(amount, actual) },
    { field: 'min_purchase', is: minimum, agrees: (actual) => sameAmount(minimum, actual) },
    { field: 'enabled', is: isOn },
    { field: 'max_uses', is: left ?? 0 },
  ];
}

/** As Vendure itself counts them: what was called off gives its use back. */
function usesOf({ couponCode }: PromotionRow, orders: readonly OrderRow[]): number {
  const placed = orders.filter((order) => isPlaced(order) && order.state !== 'Cancelled');
  return placed.filter(({ couponCodes }) => couponCode !== null && couponCodes.includes(couponCode)).length;
}

/** What the target cannot say in full is not switched on: nobody gets more off than before. */
function neverWider(): Want {
  return { field: 'enabled', is: false };
}

function endsAgree(endsAt: string | null, actual: unknown): boolean {
  const text = textOf(actual);
  return endsAt === null ? text === '' : text !== '' && sameInstant(endsAt, new Date(text).toISOString());
}

function argument(args: OperationRow['args'], name: string): string {
  return args.find((one) => one.name === name)?.value ?? '';
}
