import type { VariationRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { renderedHtml } from '../store/text.ts';
import { imageWire } from './images.ts';
import { links } from './links.ts';
import { variationAttributesWire } from './product-attributes.ts';
import { productPermalink } from './product-wire.ts';
import { ownPrice, saleRuns, sellableWire, stampsWire, stockOwner } from './sellable.ts';

/**
 * A variation as `wc/v3` shows it: where it has no SKU, weight, dimensions, tax class, shipping class or image of its
 * own it shows its parent's (fidelity §1 T3). Only the answer to its creation shows what it has itself, with
 * `tax_class: "parent"` (recording "create variation"): its parent's data are not loaded yet.
 */
export function variationWire(shop: Shop, row: VariationRow, fresh = false): Record<string, unknown> {
  const parent = shop.products.get(row.parentId);
  const above = fresh ? undefined : parent;
  const stock = stockOwner(row, above);
  const common = sellableWire(shop, row, stock);
  const now = shop.clock.now();
  const values = variationAttributesWire(shop, parent, row);
  const price = ownPrice(row, now);
  const classId = row.shippingClassId || (above?.shippingClassId ?? 0);
  const image = shop.attachments.get(row.imageId || (above?.imageIds[0] ?? 0));
  const pick = (...names: string[]): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, common[name]]));
  return {
    id: row.id,
    type: 'variation',
    ...stampsWire(shop, row),
    description: renderedHtml(row.description),
    permalink: variationPermalink(shop, row),
    sku: row.sku || (above?.sku ?? ''),
    global_unique_id: row.globalUniqueId,
    price,
    ...pick('regular_price', 'sale_price', 'date_on_sale_from', 'date_on_sale_from_gmt'),
    ...pick('date_on_sale_to', 'date_on_sale_to_gmt'),
    on_sale: saleRuns(row, now),
    status: row.status,
    purchasable: row.status === 'publish' && price !== '',
    ...pick('virtual', 'downloadable', 'downloads', 'download_limit', 'download_expiry'),
    tax_status: above?.taxStatus ?? row.taxStatus,
    tax_class: row.taxClass === 'parent' && above ? above.taxClass : row.taxClass,
    manage_stock: stock === row ? row.manageStock : 'parent',
    stock_quantity: common['stock_quantity'],
    stock_status: stock.stockStatus,
    ...pick('backorders', 'backorders_allowed', 'backordered'),
    low_stock_amount: row.lowStockAmount,
    weight: row.weight || (above?.weight ?? ''),
    dimensions: {
      length: row.length || (above?.length ?? ''),
      width: row.width || (above?.width ?? ''),
      height: row.height || (above?.height ?? ''),
    },
    shipping_class: shop.terms.get(classId)?.slug ?? '',
    shipping_class_id: classId,
    image: image ? imageWire(shop, image) : null,
    attributes: values,
    menu_order: row.menuOrder,
    meta_data: [...row.meta],
    // All "any" gives an empty name (fidelity §1 T4).
    name: values.map((value) => value.option).join(', '),
    parent_id: row.parentId,
    _links: links(shop, variationsPath(row.parentId), row.id, `/wc/v3/products/${row.parentId}`),
  };
}

function variationsPath(productId: number): string {
  return `/wc/v3/products/${productId}/variations`;
}

function variationPermalink(shop: Shop, row: VariationRow): string {
  const parent = shop.products.get(row.parentId);
  const base = parent ? productPermalink(shop, parent) : `${shop.baseUrl}/?p=${row.id}`;
  const query = Object.entries(row.attributes)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `attribute_${key}=${encodeURIComponent(value).replace(/%20/g, '+')}`);
  if (query.length === 0) return base;
  return `${base}${base.includes('?') ? '&' : '?'}${query.join('&')}`;
}
