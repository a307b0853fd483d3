import { Big } from 'big.js';
import type { Row } from '../../raw/row.ts';
import { rowsOf, textOf } from '../../raw/row.ts';

/** ISO-4217: currencies without a hundredth, and those with a thousandth. */
const DECIMALS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3])),
};

export function amount(value: unknown): Big {
  try {
    return new Big(textOf(value) || '0');
  } catch {
    return new Big(0);
  }
}

/** N2: at the currency's decimals, half up. */
export function inCurrency(value: Big, currency: string): Big {
  return value.round(DECIMALS[currency] ?? 2, Big.roundHalfUp);
}

function isNegativeFee(fee: Row): boolean {
  return amount(fee['total']).lt(0);
}

export function negativeFees(row: Row): Row[] {
  return rowsOf(row['fee_lines']).filter(isNegativeFee);
}

export function fees(row: Row): Row[] {
  return rowsOf(row['fee_lines']).filter((fee) => !isNegativeFee(fee));
}

/** An amount on the basis in which the shop's prices are entered. */
export function onBasis(row: Row, net: unknown, tax: unknown): Big {
  return row['prices_include_tax'] === true ? amount(net).plus(amount(tax)) : amount(net);
}

/** Each total of an order as it was stored, none made from others (fidelity §7, T10); none negative. */
export function totalsOf(row: Row): { totals: Record<string, Big>; adjusted: string[] } {
  const currency = textOf(row['currency']);
  const lines = rowsOf(row['line_items']);
  const sum = (read: (line: Row) => Big): Big => lines.reduce((total, line) => total.plus(read(line)), new Big(0));
  const [total, tax] = [amount(row['total']), amount(row['total_tax'])];
  const shipping = amount(row['shipping_total']);
  const off = negativeFees(row).reduce(
    (all, fee) => all.plus(onBasis(row, fee['total'], fee['total_tax']).abs()),
    onBasis(row, row['discount_total'], row['discount_tax']),
  );
  const stored: Record<string, Big> = {
    total_inc_tax: total,
    total_ex_tax: total.minus(tax),
    shipping_cost_ex_tax: shipping,
    shipping_cost_inc_tax: shipping.plus(amount(row['shipping_tax'])),
    subtotal_ex_tax: sum((line) => amount(line['subtotal'])),
    subtotal_inc_tax: sum((line) => amount(line['subtotal']).plus(amount(line['subtotal_tax']))),
    discount_amount: off,
  };
  const isClamped = Object.values(stored).some((value) => value.lt(0));
  return {
    totals: Object.fromEntries(
      Object.entries(stored).map(([field, value]) => [field, inCurrency(value.lt(0) ? new Big(0) : value, currency)]),
    ),
    adjusted: [
      ...(isClamped ? ['negative-total-clamped'] : []),
      ...(negativeFees(row).length > 0 ? ['negative-fee-as-discount'] : []),
    ],
  };
}
