import type { Big } from 'big.js';
import { decimal, places, rounded, total } from '../../store/money.ts';
import type { OrderRow, TaxLineRow, TaxRateRow, TaxShare } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { nextId } from '../../store/shop.ts';

/** The rates that apply at an address, one per priority, in the order of priorities. */
export function ratesFor(shop: Shop, order: OrderRow, taxClass: string): TaxRateRow[] {
  if (shop.settings['general']?.['woocommerce_calc_taxes'] !== 'yes') return [];
  const { shipping, billing } = order;
  const place = shipping.country === '' ? billing : shipping;
  const wanted = taxClass === '' ? 'standard' : taxClass;
  const matching = [...shop.taxRates.values()].filter(
    (rate) =>
      rate.taxClass === wanted &&
      (rate.country === '' || rate.country === place.country) &&
      (rate.state === '' || rate.state === place.state) &&
      (rate.postcodes.length === 0 || rate.postcodes.includes(place.postcode)),
  );
  matching.sort((a, b) => a.priority - b.priority || a.order - b.order || a.id - b.id);
  return matching.filter((rate, at) => matching.findIndex((one) => one.priority === rate.priority) === at);
}

/** Tax on an amount without tax; a compound rate also taxes the taxes before it. */
function taxesOn(amount: Big, rates: readonly TaxRateRow[], dp: number): { id: number; tax: Big }[] {
  let before = decimal(0);
  return rates.map((rate) => {
    const base = rate.compound ? amount.plus(before) : amount;
    const tax = decimal(rounded(base.times(rate.rate).div(100), dp));
    before = before.plus(tax);
    return { id: rate.id, tax };
  });
}

/** What is left of a price that contains its tax. */
export function withoutTax(price: Big, rates: readonly TaxRateRow[]): Big {
  const factor = rates.reduce((sum, rate) => sum.plus(decimal(rate.rate).div(100)), decimal(1));
  return decimal(rounded(price.div(factor), 6));
}

/** Computes taxes and totals anew from lines, shipping and fees, as a save of changed lines does. */
export function recalculate(shop: Shop, order: OrderRow): void {
  const dp = places(shop);
  const bill = new Map<number, { cart: Big; shipping: Big }>();
  const charge = (id: number, kind: 'cart' | 'shipping', tax: Big): void => {
    const held = bill.get(id) ?? { cart: decimal(0), shipping: decimal(0) };
    held[kind] = held[kind].plus(tax);
    bill.set(id, held);
  };
  const apply = (
    row: { total: string; totalTax: string; taxes: TaxShare[] },
    rates: TaxRateRow[],
    kind: 'cart' | 'shipping',
  ): void => {
    const taxes = taxesOn(decimal(row.total), rates, dp);
    row.taxes = taxes.map(({ id, tax }) => ({ id, total: tax.toFixed(), subtotal: '' }));
    row.totalTax = total(taxes.map(({ tax }) => tax.toFixed())).toFixed();
    for (const { id, tax } of taxes) charge(id, kind, tax);
  };
  for (const line of order.lines) {
    const rates = ratesFor(shop, order, line.taxClass);
    apply(line, rates, 'cart');
    const before = taxesOn(decimal(line.subtotal), rates, dp);
    line.subtotalTax = total(before.map(({ tax }) => tax.toFixed())).toFixed();
    line.taxes = line.taxes.map((share, at) => ({ ...share, subtotal: before[at]?.tax.toFixed() ?? '' }));
  }
  for (const fee of order.feeLines) {
    apply(fee, fee.taxStatus === 'none' ? [] : ratesFor(shop, order, fee.taxClass), 'cart');
  }
  for (const line of order.shippingLines) {
    const rates = line.taxStatus === 'none' ? [] : ratesFor(shop, order, '').filter((rate) => rate.shipping);
    apply(line, rates, 'shipping');
  }
  order.taxLines = [...bill].map(([id, sums]) => taxLine(shop, order, id, sums));
  sumUp(order);
}

function taxLine(shop: Shop, order: OrderRow, rateId: number, sums: { cart: Big; shipping: Big }): TaxLineRow {
  const rate = shop.taxRates.get(rateId)!;
  const held = order.taxLines.find((line) => line.rateId === rateId);
  const code = [rate.country, rate.state, rate.name, String(rate.priority)].filter((part) => part !== '').join('-');
  return {
    id: held?.id ?? nextId(shop, 'orderItem'),
    rateCode: code.toUpperCase(),
    rateId,
    label: rate.name,
    compound: rate.compound,
    taxTotal: sums.cart.toFixed(),
    shippingTaxTotal: sums.shipping.toFixed(),
    ratePercent: Number(rate.rate),
    meta: held?.meta ?? [],
  };
}

function sumUp(order: OrderRow): void {
  const { lines, feeLines, shippingLines } = order;
  const lineTotal = total(lines.map((line) => line.total));
  const lineTax = total(lines.map((line) => line.totalTax));
  const shippingTotal = total(shippingLines.map((line) => line.total));
  const shippingTax = total(shippingLines.map((line) => line.totalTax));
  const cartTax = lineTax.plus(total(feeLines.map((line) => line.totalTax)));
  order.discountTotal = total(lines.map((line) => line.subtotal))
    .minus(lineTotal)
    .toFixed();
  order.discountTax = total(lines.map((line) => line.subtotalTax))
    .minus(lineTax)
    .toFixed();
  order.shippingTotal = shippingTotal.toFixed();
  order.shippingTax = shippingTax.toFixed();
  order.cartTax = cartTax.toFixed();
  order.totalTax = cartTax.plus(shippingTax).toFixed();
  const fees = total(feeLines.map((line) => line.total));
  order.total = lineTotal.plus(fees).plus(shippingTotal).plus(cartTax).plus(shippingTax).toFixed();
}
