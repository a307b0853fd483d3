import { z } from 'zod';
import { compareSourceIds } from '../../../domain/entity.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { ADDRESS_LINES, addressLines } from '../wire/address.ts';
import { byId, customFields, id, instant, money, text } from '../wire/fields.ts';
import { customSelection } from '../wire/read-row.ts';

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Of an order as it was placed; nothing of it need be there. */
const address = z
  .looseObject({ ...addressLines, country: text, countryCode: text })
  .nullish()
  .transform((value) => value ?? null);

const discount = z.looseObject({
  adjustmentSource: text,
  type: text,
  description: text,
  amount: money,
  amountWithTax: money,
});
/** They have no ids. */
const discounts = z
  .array(discount)
  .transform((rows) => rows.toSorted((a, b) => compareTexts(JSON.stringify(a), JSON.stringify(b))));
const taxLines = z.array(z.looseObject({ description: text, taxRate: z.number() }));

const line = z.looseObject({
  id,
  quantity: z.number().int(),
  orderPlacedQuantity: z.number().int(),
  unitPrice: money,
  unitPriceWithTax: money,
  linePrice: money,
  linePriceWithTax: money,
  proratedLinePrice: money,
  proratedLinePriceWithTax: money,
  taxLines,
  discounts,
  /** Also of a variant that was deleted since. */
  productVariant: z.looseObject({
    id,
    productId: id,
    name: text,
    sku: text,
    /** In the order of their groups. */
    options: z
      .array(z.looseObject({ name: text, group: z.looseObject({ id, name: text }) }))
      .transform((options) => options.toSorted((a, b) => compareSourceIds(a.group.id, b.group.id))),
  }),
  customFields,
});
export type WireLine = z.output<typeof line>;

const refund = z.looseObject({
  id,
  createdAt: instant,
  total: money,
  items: money,
  shipping: money,
  adjustment: money,
  state: text,
  reason: text,
  method: text,
  transactionId: text,
  lines: z.array(z.looseObject({ orderLineId: id, quantity: z.number().int() })),
});

const payment = z.looseObject({
  id,
  createdAt: instant,
  method: text,
  amount: money,
  state: text,
  transactionId: text,
  refunds: byId(refund),
});

const historyEntry = z.looseObject({
  id,
  type: text,
  createdAt: instant,
  isPublic: z.boolean(),
  data: z.record(z.string(), z.json()).nullable(),
  administrator: z.looseObject({ firstName: text, lastName: text }).nullable(),
});
export const historySchema = z.looseObject({ totalItems: z.number().int(), items: z.array(historyEntry) });
export type WireHistoryEntry = z.output<typeof historyEntry>;

export const orderSchema = z.looseObject({
  id,
  createdAt: instant,
  updatedAt: instant,
  type: text,
  code: text,
  state: text,
  orderPlacedAt: instant,
  currencyCode: text,
  total: money,
  totalWithTax: money,
  shipping: money,
  shippingWithTax: money,
  couponCodes: z.array(z.string()),
  /** null: the account was removed together with its orders' mention of it, or never known. */
  customer: z
    .looseObject({
      id,
      firstName: text,
      lastName: text,
      emailAddress: text,
      phoneNumber: text,
      user: z.looseObject({ id }).nullable(),
    })
    .nullable(),
  billingAddress: address,
  shippingAddress: address,
  lines: byId(line),
  surcharges: byId(z.looseObject({ id, description: text, sku: text, price: money, priceWithTax: money, taxLines })),
  discounts,
  promotions: z.array(z.looseObject({ id, couponCode: text })),
  payments: byId(payment).nullable(),
  fulfillments: byId(
    z.looseObject({ id, createdAt: instant, state: text, method: text, trackingCode: text }),
  ).nullable(),
  shippingLines: byId(
    z.looseObject({
      id,
      price: money,
      priceWithTax: money,
      discountedPrice: money,
      discountedPriceWithTax: money,
      shippingMethod: z.looseObject({ id, code: text, name: text }).nullable(),
    }),
  ),
  taxSummary: z
    .array(z.looseObject({ description: text, taxRate: z.number(), taxTotal: money }))
    .transform((rows) => rows.toSorted((a, b) => b.taxRate - a.taxRate || compareTexts(a.description, b.description))),
  history: historySchema,
  customFields,
});
export type WireOrder = z.output<typeof orderSchema>;

/** Entries that come along with an order; the rest of a longer history is asked for by itself. */
export const HISTORY_PAGE = 50;
const ADDRESS = `${ADDRESS_LINES} country countryCode`;
const DISCOUNT = 'adjustmentSource type description amount amountWithTax';
export const HISTORY_FIELDS =
  'totalItems items { id type createdAt isPublic data administrator { firstName lastName } }';

export function orderFields(facts: ShopFacts): string {
  return `id createdAt updatedAt type code state orderPlacedAt currencyCode total totalWithTax shipping shippingWithTax couponCodes
    customer { id firstName lastName emailAddress phoneNumber user { id } }
    billingAddress { ${ADDRESS} } shippingAddress { ${ADDRESS} }
    lines {
      id quantity orderPlacedQuantity unitPrice unitPriceWithTax linePrice linePriceWithTax
      proratedLinePrice proratedLinePriceWithTax taxLines { description taxRate } discounts { ${DISCOUNT} }
      productVariant { id productId name sku options { name group { id name } } }
      ${customSelection(facts, 'OrderLine')}
    }
    surcharges { id description sku price priceWithTax taxLines { description taxRate } }
    discounts { ${DISCOUNT} } promotions { id couponCode }
    payments {
      id createdAt method amount state transactionId
      refunds { id createdAt total items shipping adjustment state reason method transactionId lines { orderLineId quantity } }
    }
    fulfillments { id createdAt state method trackingCode }
    shippingLines {
      id price priceWithTax discountedPrice discountedPriceWithTax shippingMethod { id code name }
    }
    taxSummary { description taxRate taxTotal }
    history(options: { take: ${HISTORY_PAGE}, sort: { createdAt: ASC, id: ASC } }) { ${HISTORY_FIELDS} }
    ${customSelection(facts, 'Order')}`;
}
