import { Big } from 'big.js';
import type { Decimal } from '../../../domain/record.ts';

/** Catalogue prices, weights and lengths are compared and kept at four decimals, half up (fidelity N2, N4). */
const DECIMALS = 4;

/** A decimal as text, exact; null for what is no number. */
export function parseDecimal(text: Decimal | null): Big | null {
  if (text === null || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(text)) return null;
  return new Big(text.trim().replace(/^\+/, ''));
}

export function atFourDecimals(value: Big): Big {
  return value.round(DECIMALS, Big.roundHalfUp);
}

/** For the wire, where money and measures are JSON numbers. Exact for up to 15 digits. */
export function wireNumber(value: Big): number {
  return Number(value.toString());
}
