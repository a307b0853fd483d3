import type { Big } from 'big.js';
import type { CanonicalFee, CanonicalOrder } from '../../../../domain/order.ts';
import type { Findings } from '../findings.ts';
import { fittingText, type FullTexts } from '../texts.ts';
import { exact, onBasis, type OrderMoney, withTax } from './money.ts';

export type FeeForm = {
  readonly type: 'custom_fee';
  readonly display_name_customer: string;
  readonly cost_ex_tax: string;
  readonly cost_inc_tax: string;
};

const MAX_NAME = 255;

export const isNegative = ({ total }: CanonicalFee): boolean => exact(total.amount).lt(0);

export function orderFees(
  order: CanonicalOrder,
  money: OrderMoney,
  findings: Findings,
  full: FullTexts,
): readonly FeeForm[] {
  return order.fees
    .filter((fee) => !isNegative(fee))
    .map((fee) => {
      const at = `fees.${fee.sourceId}`;
      return {
        type: 'custom_fee',
        display_name_customer: fittingText(fee.name, MAX_NAME, `${at}.name`, findings, full) || 'Fee',
        cost_ex_tax: money.total(exact(fee.total.amount), `${at}.total`),
        cost_inc_tax: money.total(withTax(fee.total), `${at}.total_inc_tax`),
      };
    });
}

/** The order's discount and what negative fees take off, on the basis of the shop's prices (fidelity §7, T11). */
export function discountOf(order: CanonicalOrder, findings: Findings): Big {
  const withTaxes = order.pricesIncludeTax;
  return order.fees.filter(isNegative).reduce(
    (sum, fee) => {
      const off = onBasis(fee.total, withTaxes).abs();
      const why = 'fees cannot be negative at the target: it is a part of the discount';
      findings.adjust('negative-fee-as-discount', `fees.${fee.sourceId}`, fee.total.amount, off.toString(), why);
      return sum.plus(off);
    },
    onBasis(order.discountTotal, withTaxes),
  );
}
