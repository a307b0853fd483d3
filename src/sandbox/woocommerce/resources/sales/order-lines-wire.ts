import { decimal, fixed } from '../../store/money.ts';
import type { MetaRow } from '../../store/rows.ts';
import type { CouponLineRow, OrderLineRow, SaleRow, TaxShare } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { slugOf } from '../../store/text.ts';
import { imageWire } from '../images.ts';

/** Lines of orders and refunds in their recorded shapes ("create order", "partial refund"). */
export function lineWire(shop: Shop, line: OrderLineRow, dp: number): Record<string, unknown> {
  const product = shop.products.get(line.productId);
  const variation = shop.variations.get(line.variationId);
  const stays = shop.unconfirmed.deletedProductIdsStay;
  const sold = variation ?? (line.variationId > 0 ? undefined : product);
  return {
    id: line.id,
    name: line.name,
    product_id: product || stays ? line.productId : 0,
    variation_id: variation || stays ? line.variationId : 0,
    quantity: line.quantity,
    tax_class: line.taxClass,
    subtotal: fixed(line.subtotal, dp),
    subtotal_tax: fixed(line.subtotalTax, dp),
    total: fixed(line.total, dp),
    total_tax: fixed(line.totalTax, dp),
    taxes: line.taxes,
    meta_data: line.meta.map((meta) => shownMeta(shop, line, meta)),
    // A product that is gone leaves the line's own name and amounts, and nothing else.
    sku: sold ? sold.sku || (product?.sku ?? '') : null,
    global_unique_id: sold ? sold.globalUniqueId : null,
    // The one amount that is a number (source-apis §1.6).
    price: line.quantity === 0 ? 0 : decimal(line.total).div(line.quantity).toNumber(),
    image: lineImage(shop, line),
    parent_name: variation ? (product?.name ?? null) : null,
  };
}

/** Without a picture a simple product shows `""` as its id, a variation and a deleted product 0. */
function lineImage(shop: Shop, line: OrderLineRow): { id: number | string; src: string } {
  const product = shop.products.get(line.productId);
  const variation = shop.variations.get(line.variationId);
  const image = shop.attachments.get(variation?.imageId || (product?.imageIds[0] ?? 0));
  if (image) return { id: variation ? image.id : String(image.id), src: String(imageWire(shop, image)['src']) };
  return { id: variation || !product ? 0 : '', src: '' };
}

/** Attribute values of a variation are shown by name beside their stored form. */
function shownMeta(shop: Shop, line: OrderLineRow, meta: MetaRow): Record<string, unknown> {
  const attribute = [...shop.attributes.values()].find((row) => row.slug === meta.key);
  const term = attribute
    ? [...shop.terms.values()].find((row) => row.taxonomy === meta.key && row.slug === meta.value)
    : undefined;
  const local = shop.products.get(line.productId)?.attributes.find((row) => slugOf(row.name) === meta.key);
  return {
    ...meta,
    display_key: attribute?.name ?? local?.name ?? meta.key,
    display_value: term?.name ?? meta.value,
  };
}

function plainMeta(meta: MetaRow): Record<string, unknown> {
  return { ...meta, display_key: meta.key, display_value: meta.value };
}

export function otherLinesWire(
  sale: SaleRow,
  dp: number,
): Record<'tax_lines' | 'shipping_lines' | 'fee_lines', unknown> {
  const taxed = (row: { total: string; totalTax: string; taxes: TaxShare[] }): object => ({
    total: fixed(row.total, dp),
    total_tax: fixed(row.totalTax, dp),
    taxes: row.taxes,
  });
  return {
    tax_lines: sale.taxLines.map((row) => ({
      id: row.id,
      rate_code: row.rateCode,
      rate_id: row.rateId,
      label: row.label,
      compound: row.compound,
      tax_total: fixed(row.taxTotal, dp),
      shipping_tax_total: fixed(row.shippingTaxTotal, dp),
      rate_percent: row.ratePercent,
      meta_data: row.meta.map(plainMeta),
    })),
    shipping_lines: sale.shippingLines.map((row) => ({
      id: row.id,
      method_title: row.methodTitle,
      method_id: row.methodId,
      instance_id: row.instanceId,
      ...taxed(row),
      tax_status: row.taxStatus,
      meta_data: row.meta.map(plainMeta),
    })),
    fee_lines: sale.feeLines.map((row) => ({
      id: row.id,
      name: row.name,
      tax_class: row.taxClass,
      tax_status: row.taxStatus,
      amount: row.amount,
      ...taxed(row),
      meta_data: row.meta.map(plainMeta),
    })),
  };
}

export function couponLinesWire(rows: readonly CouponLineRow[]): unknown[] {
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    // Not rounded to the asked places: `11.9` and `0` (recording "create order").
    discount: row.discount,
    discount_tax: row.discountTax,
    meta_data: row.meta.map(plainMeta),
    discount_type: row.discountType,
    nominal_amount: row.nominalAmount,
    free_shipping: row.freeShipping,
  }));
}
