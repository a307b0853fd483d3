import { tidyText } from '../../../canonical/plain-text.ts';
import type { Json } from '../../../domain/json.ts';
import type {
  CanonicalFee,
  CanonicalOrderCoupon,
  CanonicalOrderLine,
  CanonicalShippingLine,
  CanonicalTaxLine,
} from '../../../domain/order.ts';
import type { MetaField } from '../../../domain/record.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { decimalMoney, taxedMoney } from '../wire/money.ts';
import { customMeta } from '../wire/read-row.ts';
import type { WireLine, WireOrder } from './order-schema.ts';

/** Every figure as the server gives it; the discount of a line is what lies between before and after. */
export function orderLine(row: WireLine, facts: ShopFacts): CanonicalOrderLine {
  const { moneyDecimals: decimals } = facts;
  const { productVariant: variant } = row;
  return {
    sourceId: row.id,
    name: tidyText(variant.name),
    product: variant.productId,
    variant: variant.id,
    sku: tidyText(variant.sku),
    gtin: '',
    quantity: String(row.quantity),
    subtotal: taxedMoney(row.linePrice, row.linePriceWithTax, decimals),
    total: taxedMoney(row.proratedLinePrice, row.proratedLinePriceWithTax, decimals),
    taxClass: '',
    taxes: row.taxLines.map(({ description, taxRate }) => ({ description, rate: taxRate })),
    options: variant.options.map(({ name, group }) => ({ name: tidyText(group.name), value: tidyText(name) })),
    meta: [
      ...orderedMeta(row, decimals),
      ...discountMeta(row),
      ...customMeta(row.customFields, facts, 'OrderLine').meta,
    ],
  };
}

/** Of what was cancelled the line keeps nothing but how much was ordered, and at which price. */
function orderedMeta(row: WireLine, decimals: number): MetaField[] {
  if (row.orderPlacedQuantity === row.quantity) return [];
  const price = taxedMoney(row.unitPrice, row.unitPriceWithTax, decimals);
  return [{ key: 'ordered', value: { quantity: row.orderPlacedQuantity, price: { ...price } } }];
}

function discountMeta({ discounts }: WireLine): MetaField[] {
  return discounts.length === 0
    ? []
    : [{ key: 'discounts', value: discounts.map(({ description, type }) => ({ description, type })) }];
}

/** As charged; a discount on shipping is told beside it. */
export function shippingLine(
  row: WireOrder['shippingLines'][number],
  { moneyDecimals: decimals }: ShopFacts,
): CanonicalShippingLine {
  const full = taxedMoney(row.price, row.priceWithTax, decimals);
  const isDiscounted = row.price !== row.discountedPrice || row.priceWithTax !== row.discountedPriceWithTax;
  return {
    sourceId: row.id,
    title: tidyText(row.shippingMethod?.name ?? ''),
    method: row.shippingMethod?.code ?? '',
    instance: row.shippingMethod?.id ?? '',
    total: taxedMoney(row.discountedPrice, row.discountedPriceWithTax, decimals),
    taxes: null,
    meta: isDiscounted ? [{ key: 'before_discount', value: { ...full } }] : [],
  };
}

export function surchargeFee(
  row: WireOrder['surcharges'][number],
  { moneyDecimals: decimals }: ShopFacts,
): CanonicalFee {
  return {
    sourceId: row.id,
    name: tidyText(row.description),
    total: taxedMoney(row.price, row.priceWithTax, decimals),
    taxClass: '',
    taxes: row.taxLines.map(({ description, taxRate }) => ({ description, rate: taxRate })),
    meta: row.sku === '' ? [] : [{ key: 'sku', value: row.sku }],
  };
}

/** Codes with what they took off; a discount names its promotion as `PROMOTION:<id>`. */
export function orderCoupons(order: WireOrder, { moneyDecimals: decimals }: ShopFacts): CanonicalOrderCoupon[] {
  return order.couponCodes.map((code) => {
    const ids = new Set(order.promotions.filter(({ couponCode }) => couponCode === code).map(({ id }) => id));
    const own = order.discounts.filter(({ adjustmentSource }) => ids.has(adjustmentSource.split(':')[1] ?? ''));
    const net = own.reduce((sum, { amount }) => sum - amount, 0);
    const gross = own.reduce((sum, { amountWithTax }) => sum - amountWithTax, 0);
    const type = own.map((one) => one.type).join(', ');
    return { code, discount: taxedMoney(net, gross, decimals), type, nominalAmount: null, freeShipping: false };
  });
}

/** Goods and shipping together, as the server sums its taxes up. */
export function taxLine(
  row: WireOrder['taxSummary'][number],
  { moneyDecimals: decimals }: ShopFacts,
): CanonicalTaxLine {
  return {
    code: '',
    label: tidyText(row.description),
    compound: false,
    percent: String(row.taxRate),
    total: decimalMoney(row.taxTotal, decimals),
    shippingTotal: decimalMoney(0, decimals),
  };
}

/** What reduced the order and has no code: promotions that apply by themselves, and what somebody took off by hand. */
export function discountFields(order: WireOrder, { moneyDecimals: decimals }: ShopFacts): Json {
  return order.discounts.map(({ description, type, adjustmentSource, amount, amountWithTax }) => ({
    description,
    type,
    source: adjustmentSource,
    ...taxedMoney(amount, amountWithTax, decimals),
  }));
}
