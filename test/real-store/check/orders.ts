import { Big } from 'big.js';
import { idOf, rowOf, rowsOf, textOf } from '../../../src/sandbox/checker/raw/row.ts';
import { metafieldValue, type TargetRecord, type TargetStore } from '../../../src/sandbox/checker/raw/target-store.ts';
import { sameInstant } from '../../../src/sandbox/checker/rules/normalise.ts';
import type { OrderLineRow, OrderRow } from '../read/rows.ts';
import { compareWith, decimal, money, type Want, words } from './expect.ts';
import { type Checked, checkPairs, type Pairings } from './pairs.ts';
import { addressForm, formOf, sameAddress } from './people.ts';

/** What a shopper and an accountant see at the target: its statuses by number. */
const STATUSES: Readonly<Record<string, number>> = {
  PaymentAuthorized: 7,
  PaymentSettled: 11,
  PartiallyShipped: 3,
  Shipped: 2,
  PartiallyDelivered: 3,
  Delivered: 10,
  Modifying: 7,
  ArrangingAdditionalPayment: 7,
  Cancelled: 5,
};
const REFUNDED = 4;
const PARTLY_REFUNDED = 14;

export interface OrderCheck extends Checked {
  readonly pairings: Pairings;
  readonly store: TargetStore;
}

export function checkOrders(check: OrderCheck, rows: readonly OrderRow[]): void {
  checkPairs(check, rows, (row, target) => {
    compareWith(check.report, { ...check, sourceId: row.id, target }, orderWants(row, check));
  });
  checkSums(check, rows);
}

function orderWants(row: OrderRow, { pairings, store }: OrderCheck): Want[] {
  const customer = pairings.customer.pairs.get(Number(row.customer?.id ?? 0));
  const refunded = refundedOf(row);
  const { billingAddress, shippingAddress } = row;
  return [
    { field: 'is_deleted', is: false },
    { field: 'status_id', is: statusOf(row) },
    { field: 'default_currency_code', is: row.currencyCode },
    { field: 'date_created', is: row.orderPlacedAt, agrees: (actual) => sameInstant(row.orderPlacedAt ?? '', actual) },
    {
      field: 'customer_id',
      is: customer?.id ?? 0,
      agrees: (actual) => isOrWas(idOf(actual), customer, store.customers),
    },
    ...totals(row),
    addressWant('billing_address', addressForm(billingAddress ?? shippingAddress ?? NOWHERE), ({ row: target }) =>
      rowOf(target['billing_address']),
    ),
    {
      field: 'billing_address.email',
      is: row.customer?.emailAddress ?? '',
      read: ({ row: target }) => textOf(rowOf(target['billing_address'])['email']),
    },
    addressWant('shipping_addresses', addressForm(shippingAddress ?? NOWHERE), ({ row: target }) =>
      rowOf(rowsOf(target['shipping_addresses'])[0]),
    ),
    { field: 'products', is: Math.max(1, row.lines.length), read: (target) => rowsOf(target.row['products']).length },
    ...row.lines.flatMap((line, at) => lineWants(line, at, pairings, store)),
    feesWant(row),
    ...(refunded.eq(0)
      ? []
      : [
          {
            field: 'refund_total',
            is: refunded.toFixed(2),
            read: ({ metafields }: TargetRecord) => metafieldValue(metafields, 'storeferry', 'refund_total'),
            agrees: (actual: unknown) => textOf(actual) !== '' && refunded.eq(textOf(actual)),
          },
        ]),
    saysAll('staff_notes', [
      row.code,
      ...row.couponCodes,
      ...row.fulfillments.flatMap(({ trackingCode }) => trackingCode || []),
    ]),
  ];
}

const NOWHERE = {
  fullName: '',
  company: '',
  streetLine1: '',
  streetLine2: '',
  city: '',
  province: '',
  postalCode: '',
  phoneNumber: '',
  countryCode: '',
};

/** Only what was really given back; what waits to be settled may still be called off. */
function refundedOf({ payments }: OrderRow): Big {
  const settled = payments.flatMap(({ refunds }) => refunds).filter(({ state }) => state === 'Settled');
  return new Big(decimal(settled.reduce((sum, { total }) => sum + total, 0)));
}

/** Vendure leaves the state as it is when money goes back. */
function statusOf(row: OrderRow): number {
  const refunded = refundedOf(row);
  const paid = row.payments.filter(({ state }) => state === 'Settled').reduce((sum, { amount }) => sum + amount, 0);
  if (row.state !== 'Cancelled' && refunded.gt(0) && refunded.gte(decimal(paid))) return REFUNDED;
  if (row.state === 'Delivered' && refunded.gt(0)) return PARTLY_REFUNDED;
  return STATUSES[row.state] ?? 0;
}

/** The figures of Vendure's books, in the target's words. What was taken off is what lies between the lines and the subtotal. */
function totals(row: OrderRow): Want[] {
  const lines = row.lines.reduce((sum, { linePrice }) => sum + linePrice, 0);
  const linesWithTax = row.lines.reduce((sum, { linePriceWithTax }) => sum + linePriceWithTax, 0);
  const fees = row.surcharges.reduce((sum, { price }) => sum + price, 0);
  return [
    money('total_inc_tax', row.totalWithTax),
    money('total_ex_tax', row.total),
    money('subtotal_ex_tax', lines),
    money('subtotal_inc_tax', linesWithTax),
    money('shipping_cost_ex_tax', row.shipping),
    money('shipping_cost_inc_tax', row.shippingWithTax),
    money('discount_amount', lines + fees - row.subTotal),
  ];
}

/** A line that was called off has no pieces left: it stands for itself, and costs nothing. */
function lineWants(line: OrderLineRow, at: number, { product }: Pairings, store: TargetStore): Want[] {
  const read = (field: string) => (target: TargetRecord) => rowsOf(target.row['products'])[at]?.[field];
  const pieces = Math.max(1, line.quantity);
  const label = (field: string) => `products[${at}].${field}`;
  const pair = product.pairs.get(Number(line.productVariant.productId));
  const price = (field: string, total: number): Want => ({
    field: label(field),
    is: new Big(decimal(total)).div(pieces).toFixed(4),
    read: read(field),
    agrees: (actual) => new Big(textOf(actual) || '0').times(pieces).minus(decimal(total)).abs().lte(0.005),
  });
  return [
    {
      ...words('name', line.productVariant.name, 200, read('name')),
      field: label('name'),
      ...begins(line.productVariant.name),
    },
    { field: label('quantity'), is: pieces, read: read('quantity') },
    price('price_ex_tax', line.linePrice),
    price('price_inc_tax', line.linePriceWithTax),
    // Without goods at the target, or with goods that are no longer what was sold, the line stands for itself.
    {
      field: label('product_id'),
      is: pair?.id ?? 0,
      read: read('product_id'),
      agrees: (actual) => idOf(actual) === 0 || isOrWas(idOf(actual), pair, store.products),
    },
  ];
}

/** The one that is meant; of what is gone, nobody, or the one that it was when the order was carried and that nobody is now. */
function isOrWas(id: number, meant: TargetRecord | undefined, all: readonly TargetRecord[]): boolean {
  return meant === undefined ? all.every((record) => record.id !== id) : id === meant.id;
}

/** The name, and after it perhaps what was chosen. */
function begins(name: string): Pick<Want, 'agrees'> {
  const start = name.replaceAll(/\s+/g, ' ').trim().slice(0, 180);
  return { agrees: (actual) => textOf(actual).normalize('NFC').startsWith(start.normalize('NFC')) };
}

function feesWant(row: OrderRow): Want {
  const is = row.surcharges.map((fee) => [fee.description, decimal(fee.price), decimal(fee.priceWithTax)].join(' '));
  return { field: 'fees', is, read: feesAt, agrees: (actual) => JSON.stringify(actual) === JSON.stringify(is) };
}

function feesAt({ row: target }: TargetRecord): string[] {
  return rowsOf(target['fees']).map((fee) => {
    const amount = (field: string) => new Big(textOf(fee[field]) || '0').toFixed(2);
    return [textOf(fee['display_name_customer']), amount('cost_ex_tax'), amount('cost_inc_tax')].join(' ');
  });
}

function addressWant(field: string, is: string, at: (target: TargetRecord) => Readonly<Record<string, unknown>>): Want {
  const read = (target: TargetRecord) => {
    const address = at(target);
    const name = [address['first_name'], address['last_name']].map(textOf).join(' ');
    const lines = ['company', 'street_1', 'street_2', 'city', 'zip'].map((line) => address[line]);
    return formOf({ name, lines, country: address['country_iso2'] });
  };
  return { field, is, read, agrees: (actual) => sameAddress(is, actual as string) };
}

/** What has no field is kept in words. */
function saysAll(field: string, texts: readonly string[]): Want {
  return { field, is: texts, agrees: (actual) => texts.every((text) => textOf(actual).includes(text)) };
}

/** What the accountant adds up, by currency: to the cent. */
function checkSums({ report, pairings, isFailed }: OrderCheck, rows: readonly OrderRow[]): void {
  const there = rows.filter(({ id }) => pairings.order.pairs.has(Number(id)) && !isFailed(id));
  for (const currency of new Set(there.map(({ currencyCode }) => currencyCode))) {
    const own = there.filter(({ currencyCode }) => currencyCode === currency);
    const expected = new Big(decimal(own.reduce((sum, { totalWithTax }) => sum + totalWithTax, 0)));
    const found = own.reduce(
      (sum, { id }) => sum.plus(textOf(pairings.order.pairs.get(Number(id))?.row['total_inc_tax']) || '0'),
      new Big(0),
    );
    if (found.eq(expected)) continue;
    report.add('different', {
      entity: 'order',
      scope: 'order',
      field: `Σ total_inc_tax ${currency}`,
      expected: expected.toFixed(2),
      target: found.toFixed(2),
      rule: 'Vendure',
    });
  }
}
