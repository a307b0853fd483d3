import { RestError } from '../../rest/errors.ts';
import type { Params } from '../../rest/params.ts';
import { textOf } from '../../rest/params.ts';
import { writtenMeta } from '../../store/meta.ts';
import { decimal } from '../../store/money.ts';
import type { FeeLineRow, OrderLineRow, OrderRow, ShippingLineRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { newMeta, nextId } from '../../store/shop.ts';
import { decimalText } from '../../store/text.ts';
import { variationAttributesWire } from '../product-attributes.ts';
import { ownPrice } from '../sellable.ts';
import { ratesFor, withoutTax } from './order-totals.ts';

interface Line {
  id: number;
}

/** Written lines: with an `id` they change the held one, without they are new; a null name or product removes. */
export function writtenLines<T extends Line>(
  held: readonly T[],
  given: unknown,
  kind: { removes: string; make: (body: Params) => T; change: (row: T, body: Params) => void },
): T[] {
  let rows = [...held];
  for (const body of Array.isArray(given) ? (given as Params[]) : []) {
    const id = Number(body['id'] ?? 0);
    const row = rows.find((one) => one.id === id);
    if (id > 0 && !row) {
      const message = 'Order item ID provided is not associated with order.';
      throw new RestError('woocommerce_rest_invalid_item_id', message, 400);
    }
    if (row && (body[kind.removes] === null || body['quantity'] === 0)) rows = rows.filter((one) => one !== row);
    else if (row) kind.change(row, body);
    else rows.push(kind.make(body));
  }
  return rows;
}

export function makeLine(shop: Shop, order: OrderRow, body: Params, strict: boolean): OrderLineRow {
  const { productId, variationId } = soldBy(shop, body, strict);
  const product = shop.products.get(productId);
  const variation = shop.variations.get(variationId);
  const quantity = body['quantity'] === undefined ? 1 : Number(body['quantity']);
  const line: OrderLineRow = {
    id: nextId(shop, 'orderItem'),
    productId,
    variationId,
    quantity,
    name: product?.name ?? '',
    taxClass: '',
    subtotal: '0',
    subtotalTax: '0',
    total: '0',
    totalTax: '0',
    taxes: [],
    meta: [],
  };
  const sold = variation ?? product;
  if (sold) {
    const own = sold.taxClass === 'parent' ? (product?.taxClass ?? '') : sold.taxClass;
    line.taxClass = own === 'standard' ? '' : own;
    const price = decimal(ownPrice(sold, shop.clock.now()) || '0').times(quantity);
    const net = order.pricesIncludeTax ? withoutTax(price, ratesFor(shop, order, line.taxClass)) : price;
    line.subtotal = net.toFixed();
    line.total = line.subtotal;
  }
  if (variation) {
    const values = variationAttributesWire(shop, product, variation);
    line.name = `${line.name} - ${values.map((value) => value.option).join(', ')}`;
    line.meta = values.map(({ slug }) => newMeta(shop, slug, variation.attributes[slug] ?? '', 'orderItemMeta'));
  }
  changeLine(shop, line, body);
  return line;
}

/** A line names its product by id, by variation or by SKU; the product need not exist (recording "create order"). */
function soldBy(shop: Shop, body: Params, strict: boolean): { productId: number; variationId: number } {
  const variationId = Number(body['variation_id'] ?? 0);
  const productId = Number(body['product_id'] ?? 0);
  const variation = shop.variations.get(variationId);
  if (variation) return { productId: variation.parentId, variationId };
  if (productId > 0) return { productId: shop.products.has(productId) || !strict ? productId : 0, variationId };
  const sku = textOf(body['sku']).toLowerCase();
  const bySku = sku === '' ? undefined : [...shop.products.values()].find((row) => row.sku.toLowerCase() === sku);
  if (bySku) return { productId: bySku.id, variationId: 0 };
  if (!strict) return { productId: 0, variationId: 0 };
  const message = 'Product ID or SKU is required.';
  throw new RestError('woocommerce_rest_required_product_reference', message, 400);
}

export function changeLine(shop: Shop, line: OrderLineRow, body: Params): void {
  if (typeof body['name'] === 'string') line.name = body['name'];
  if (body['quantity'] !== undefined) line.quantity = Number(body['quantity']);
  if (typeof body['tax_class'] === 'string') line.taxClass = body['tax_class'];
  if (body['subtotal'] !== undefined) line.subtotal = decimalText(body['subtotal']) || '0';
  if (body['total'] !== undefined) {
    line.total = decimalText(body['total']) || '0';
    // A line never costs more after discounts than before.
    if (body['subtotal'] === undefined && decimal(line.subtotal).lt(line.total)) line.subtotal = line.total;
  }
  if (body['meta_data'] !== undefined) line.meta = writtenMeta(shop, line.meta, body['meta_data'], 'orderItemMeta');
}

export function makeShippingLine(shop: Shop, body: Params): ShippingLineRow {
  const row: ShippingLineRow = {
    id: nextId(shop, 'orderItem'),
    methodTitle: '',
    methodId: '',
    instanceId: '',
    taxStatus: 'taxable',
    total: '0',
    totalTax: '0',
    taxes: [],
    meta: [],
  };
  changeShippingLine(shop, row, body);
  return row;
}

export function changeShippingLine(shop: Shop, row: ShippingLineRow, body: Params): void {
  if (typeof body['method_title'] === 'string') row.methodTitle = body['method_title'];
  if (typeof body['method_id'] === 'string') row.methodId = body['method_id'];
  if (body['instance_id'] !== undefined) row.instanceId = textOf(body['instance_id']);
  if (body['total'] !== undefined) row.total = decimalText(body['total']) || '0';
  if (body['meta_data'] !== undefined) row.meta = writtenMeta(shop, row.meta, body['meta_data'], 'orderItemMeta');
}

export function makeFeeLine(shop: Shop, body: Params): FeeLineRow {
  const row: FeeLineRow = {
    id: nextId(shop, 'orderItem'),
    name: '',
    taxClass: '',
    taxStatus: 'taxable',
    amount: '',
    total: '0',
    totalTax: '0',
    taxes: [],
    meta: [],
  };
  changeFeeLine(shop, row, body);
  return row;
}

export function changeFeeLine(shop: Shop, row: FeeLineRow, body: Params): void {
  if (typeof body['name'] === 'string') row.name = body['name'];
  if (typeof body['tax_class'] === 'string') row.taxClass = body['tax_class'];
  if (typeof body['tax_status'] === 'string') row.taxStatus = body['tax_status'];
  if (body['amount'] !== undefined) row.amount = textOf(body['amount']);
  if (body['total'] !== undefined) row.total = decimalText(body['total']) || '0';
  if (body['meta_data'] !== undefined) row.meta = writtenMeta(shop, row.meta, body['meta_data'], 'orderItemMeta');
}
