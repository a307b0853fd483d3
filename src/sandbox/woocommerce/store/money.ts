import { Big } from 'big.js';
import type { Shop } from './shop.ts';

/** Exact decimal arithmetic on the text in which amounts are kept. What is no number counts as 0. */
export function decimal(value: unknown): Big {
  try {
    return new Big(typeof value === 'number' || typeof value === 'string' ? value : 0);
  } catch {
    return new Big(0);
  }
}

export function total(values: Iterable<string | number>): Big {
  let sum = new Big(0);
  for (const value of values) sum = sum.plus(decimal(value));
  return sum;
}

/** Decimal places of the shop's currency, as set: 0 for a shop in yen. */
export function places(shop: Shop): number {
  return Number(shop.settings['general']?.['woocommerce_price_num_decimals'] ?? 2);
}

/** Amounts leave the shop as text with as many places as asked for (source-apis §1.6: `dp`). */
export function fixed(value: string | Big, dp: number): string {
  return decimal(value instanceof Big ? value.toFixed() : value).toFixed(dp, Big.roundHalfUp);
}

/** Rounded to the shop's places, without zeros at the end. */
export function rounded(value: Big, dp: number): string {
  return value.round(dp, Big.roundHalfUp).toFixed();
}

/** `amount` divided in the ratio `part / whole`; all of it when there is nothing to divide by. */
export function portion(amount: Big, part: Big, whole: Big): Big {
  return whole.eq(0) ? amount : amount.times(part).div(whole);
}

const symbols: Record<string, string> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥', KWD: 'د.ك', CAD: '$' };

export function currencySymbol(code: string): string {
  return symbols[code] ?? code;
}
