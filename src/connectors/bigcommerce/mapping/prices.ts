import type { Pricing } from '../../../domain/product.ts';
import type { Decimal } from '../../../domain/record.ts';
import { atFourDecimals, parseDecimal, wireNumber } from './decimals.ts';
import type { Findings } from './findings.ts';

/** Largest amount that still has four exact decimals as a JSON number. */
const MOST = 1e11 - 1;

/** A price as the target keeps it; null when the source has none (which is not zero) or one that cannot be sold at. */
export function wirePrice(price: Decimal | null, field: string, findings: Findings): number | null {
  const exact = parseDecimal(price);
  if (exact === null || exact.lt(0) || exact.gt(MOST)) return null;
  const rounded = atFourDecimals(exact);
  if (!rounded.eq(exact)) {
    findings.adjust('price-rounded', field, price, rounded.toString(), 'the target keeps four decimals of a price');
  }
  return wireNumber(rounded);
}

/** The sale price while the source says that it applies (fidelity T9); 0 is the target's word for none. */
export function wireSalePrice(pricing: Pricing, field: string, findings: Findings): number {
  return pricing.onSale ? (wirePrice(pricing.sale, field, findings) ?? 0) : 0;
}

/** The dates of a sale have no field; they are kept so that the product can be read again when one passes. */
export function saleSchedule(pricing: Pricing, field: string, findings: Findings): string | null {
  if (pricing.saleFrom === null && pricing.saleTo === null) return null;
  const schedule = { from: pricing.saleFrom, to: pricing.saleTo, price: pricing.sale };
  findings.adjust(
    'sale-schedule-dropped',
    field,
    schedule,
    pricing.onSale ? pricing.sale : null,
    'the target has no sale calendar: the price in force is carried, and the product is read again when a date passes',
  );
  return JSON.stringify(schedule);
}

/** Lowest of some prices, as text; null when none has one. */
export function lowestPrice(prices: readonly (Decimal | null)[]): Decimal | null {
  let lowest: Decimal | null = null;
  for (const price of prices) {
    const value = parseDecimal(price);
    const known = parseDecimal(lowest);
    if (value !== null && value.gte(0) && (known === null || value.lt(known))) lowest = price;
  }
  return lowest;
}
