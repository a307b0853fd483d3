import { createHash } from 'node:crypto';
import { RestError } from '../rest/errors.ts';
import type { Params, ParamSpecs } from '../rest/params.ts';
import type { PostRow, SellableRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { writtenMeta } from '../store/meta.ts';
import { cleanText, decimalText } from '../store/text.ts';
import { writtenInstant } from '../store/zone.ts';
import { savedStockStatus } from './sellable.ts';
import { textOf } from '../rest/params.ts';

/** Fields that products and variations take alike, with the types of the recorded route index. */
export const sellableParams: ParamSpecs = {
  description: { type: 'string' },
  sku: { type: 'string' },
  global_unique_id: { type: 'string' },
  regular_price: { type: 'string' },
  sale_price: { type: 'string' },
  date_on_sale_from: { type: 'any' },
  date_on_sale_from_gmt: { type: 'any' },
  date_on_sale_to: { type: 'any' },
  date_on_sale_to_gmt: { type: 'any' },
  virtual: { type: 'boolean' },
  downloadable: { type: 'boolean' },
  downloads: { type: 'array' },
  download_limit: { type: 'integer' },
  download_expiry: { type: 'integer' },
  tax_status: { type: 'string', enum: ['taxable', 'shipping', 'none'] },
  tax_class: { type: 'string' },
  stock_quantity: { type: 'integer', nullable: true },
  stock_status: { type: 'string', enum: ['instock', 'outofstock', 'onbackorder'] },
  backorders: { type: 'string', enum: ['no', 'notify', 'yes'] },
  low_stock_amount: { type: 'integer', nullable: true },
  weight: { type: 'string' },
  dimensions: { type: 'object' },
  shipping_class: { type: 'string' },
  menu_order: { type: 'integer' },
  meta_data: { type: 'array' },
};

export function emptySellable(): Omit<SellableRow, keyof PostRow> {
  return {
    sku: '',
    globalUniqueId: '',
    regularPrice: '',
    salePrice: '',
    saleFrom: null,
    saleTo: null,
    description: '',
    virtual: false,
    downloadable: false,
    downloads: [],
    downloadLimit: -1,
    downloadExpiry: -1,
    taxStatus: 'taxable',
    taxClass: '',
    manageStock: false,
    stockQuantity: null,
    stockStatus: 'instock',
    backorders: 'no',
    lowStockAmount: null,
    weight: '',
    length: '',
    width: '',
    height: '',
    shippingClassId: 0,
  };
}

const textFields: Record<string, 'description' | 'globalUniqueId' | 'taxStatus' | 'weight'> = {
  description: 'description',
  global_unique_id: 'globalUniqueId',
  tax_status: 'taxStatus',
  weight: 'weight',
};

/** Applies a written body to a row; throws RestError and leaves stock and prices consistent otherwise. */
export function writeSellable(shop: Shop, row: SellableRow, body: Params, options: { strictSku: boolean }): void {
  for (const [name, field] of Object.entries(textFields)) {
    if (typeof body[name] === 'string') row[field] = body[name];
  }
  if (typeof body['sku'] === 'string') writeSku(shop, row, cleanText(body['sku']), options.strictSku);
  if (typeof body['tax_class'] === 'string') row.taxClass = body['tax_class'] === 'standard' ? '' : body['tax_class'];
  for (const name of ['virtual', 'downloadable'] as const) {
    if (body[name] !== undefined) row[name] = body[name] === true;
  }
  writeDownloads(row, body);
  const dimensions = body['dimensions'] as Params | undefined;
  for (const side of ['length', 'width', 'height'] as const) {
    if (dimensions?.[side] !== undefined) row[side] = textOf(dimensions[side]);
  }
  if (typeof body['shipping_class'] === 'string') row.shippingClassId = shippingClassId(shop, body['shipping_class']);
  if (typeof body['menu_order'] === 'number') row.menuOrder = body['menu_order'];
  writePrices(shop, row, body);
  writeStock(row, body);
  if (body['meta_data'] !== undefined) row.meta = writtenMeta(shop, row.meta, body['meta_data']);
}

function writeDownloads(row: SellableRow, body: Params): void {
  if (typeof body['download_limit'] === 'number') row.downloadLimit = body['download_limit'];
  if (typeof body['download_expiry'] === 'number') row.downloadExpiry = body['download_expiry'];
  if (!Array.isArray(body['downloads'])) return;
  row.downloads = (body['downloads'] as Params[]).map((one) => {
    const [file, name] = [textOf(one['file']), textOf(one['name'])];
    const id = typeof one['id'] === 'string' ? one['id'] : createHash('md5').update(file).digest('hex');
    return { id, name, file };
  });
}

function shippingClassId(shop: Shop, slug: string): number {
  const term = [...shop.terms.values()].find((one) => one.taxonomy === 'product_shipping_class' && one.slug === slug);
  return term?.id ?? 0;
}

function writePrices(shop: Shop, row: SellableRow, body: Params): void {
  if (body['regular_price'] !== undefined) row.regularPrice = decimalText(body['regular_price']);
  if (body['sale_price'] !== undefined) row.salePrice = decimalText(body['sale_price']);
  // A sale that is not below the regular price is stored as none (fidelity §1 T9).
  if (row.salePrice !== '' && Number(row.salePrice) >= Number(row.regularPrice || 0)) row.salePrice = '';
  for (const [name, field] of [
    ['date_on_sale_from', 'saleFrom'],
    ['date_on_sale_to', 'saleTo'],
  ] as const) {
    const [local, gmt] = [body[name], body[`${name}_gmt`]];
    if (local !== undefined) row[field] = typeof local === 'string' ? writtenInstant(local, shop.zone, false) : null;
    if (gmt !== undefined) row[field] = typeof gmt === 'string' ? writtenInstant(gmt, shop.zone, true) : null;
  }
}

function writeStock(row: SellableRow, body: Params): void {
  if (typeof body['stock_status'] === 'string') row.stockStatus = body['stock_status'];
  if (body['manage_stock'] !== undefined) row.manageStock = body['manage_stock'] === true;
  if (typeof body['backorders'] === 'string') row.backorders = body['backorders'];
  if (row.manageStock) {
    const quantity = body['stock_quantity'];
    // A managed quantity may be null or negative (fidelity §1 T19).
    if (quantity !== undefined) row.stockQuantity = quantity === null ? null : Math.trunc(Number(quantity));
    else if (body['inventory_delta'] !== undefined) {
      row.stockQuantity = (row.stockQuantity ?? 0) + Number(body['inventory_delta']);
    }
    const low = body['low_stock_amount'];
    if (low !== undefined) row.lowStockAmount = low === null ? null : Number(low);
  } else {
    row.backorders = 'no';
    row.stockQuantity = null;
    row.lowStockAmount = null;
  }
  row.stockStatus = savedStockStatus(row);
}

/** The holder of a SKU among products and variations that are not in the trash; compared without case. */
function skuHolder(shop: Shop, sku: string, exceptId: number): SellableRow | undefined {
  const wanted = sku.toLowerCase();
  const holds = (row: SellableRow): boolean =>
    row.id !== exceptId && row.status !== 'trash' && row.sku.toLowerCase() === wanted;
  for (const row of shop.products.values()) if (holds(row)) return row;
  for (const row of shop.variations.values()) if (holds(row)) return row;
  return undefined;
}

/** Recording "duplicate sku": the refusal names the holder and a SKU that would be free. */
function writeSku(shop: Shop, row: SellableRow, sku: string, strict: boolean): void {
  const holder = sku === '' || !strict ? undefined : skuHolder(shop, sku, row.id);
  if (!holder) {
    row.sku = sku;
    return;
  }
  let suffix = 1;
  while (skuHolder(shop, `${sku}-${suffix}`, row.id)) suffix += 1;
  throw new RestError('product_invalid_sku', 'Invalid or duplicated SKU.', 400, {
    resource_id: holder.id,
    unique_sku: `${sku}-${suffix}`,
  });
}
