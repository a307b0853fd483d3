import { Big } from 'big.js';
import type { TaxedAmount } from '../../../../domain/order.ts';
import type { Decimal } from '../../../../domain/record.ts';
import { parseDecimal } from '../decimals.ts';
import type { Findings } from '../findings.ts';

/** Currencies whose smallest unit is not a hundredth (ISO-4217). */
const NO_DECIMALS = new Set('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD IQD JOD KWD LYD OMR TND'.split(' '));

export function currencyDecimals(currency: string): number {
  if (NO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

/** What is no number counts as nothing. */
export function exact(value: Decimal): Big {
  return parseDecimal(value) ?? new Big(0);
}

export function withTax({ amount, tax }: TaxedAmount): Big {
  return exact(amount).plus(exact(tax));
}

/** The amount on the basis in which the shop's prices are typed. */
export function onBasis(amount: TaxedAmount, withTaxes: boolean): Big {
  return withTaxes ? withTax(amount) : exact(amount.amount);
}

/** Amounts of one order at its currency's decimals, half up (fidelity N2); the target refuses negative ones. */
export interface OrderMoney {
  readonly decimals: number;
  total(value: Big, field: string): string;
}

export function orderMoney(currency: string, findings: Findings): OrderMoney {
  const decimals = currencyDecimals(currency);
  return {
    decimals,
    total(value, field) {
      const rounded = atDecimals(value, decimals);
      if (!rounded.lt(0)) return rounded.toFixed(decimals);
      const nothing = new Big(0).toFixed(decimals);
      findings.adjust('negative-total-clamped', field, rounded.toFixed(decimals), nothing, 'no amount can be negative');
      return nothing;
    },
  };
}

export function atDecimals(value: Big, decimals: number): Big {
  return value.round(decimals, Big.roundHalfUp);
}
