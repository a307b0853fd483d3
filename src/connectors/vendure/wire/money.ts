import { Big } from 'big.js';
import type { TaxedAmount } from '../../../domain/order.ts';
import type { Decimal } from '../../../domain/record.ts';

/** An integer of the smallest unit as a decimal, by the server's own precision; exact, and 0 has no sign. */
export function decimalMoney(units: number, decimals: number): Decimal {
  const amount = new Big(units).div(new Big(10).pow(decimals)).toFixed(decimals);
  return /^-0(\.0*)?$/.test(amount) ? amount.slice(1) : amount;
}

/** Vendure gives an amount without and with tax; the tax is what lies between. */
export function taxedMoney(net: number, gross: number, decimals: number): TaxedAmount {
  return { amount: decimalMoney(net, decimals), tax: decimalMoney(gross - net, decimals) };
}
