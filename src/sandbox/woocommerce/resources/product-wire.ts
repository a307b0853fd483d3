import type { View } from '../rest/resource.ts';
import type { ProductAttributeRow, ProductRow, TermRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { variationsOf } from '../store/shop.ts';
import { productIdsWith } from '../store/term-use.ts';
import { renderedHtml, slugOf } from '../store/text.ts';
import { imageWire } from './images.ts';
import { links } from './links.ts';
import { priceHtml } from './price-html.ts';
import { priceOf, sellableWire, shownStockStatus, stampsWire } from './sellable.ts';

/** A product as `wc/v3` shows it; key order as recorded ("create simple product"). */
export function productWire(shop: Shop, product: ProductRow, view: View): Record<string, unknown> {
  const priced = priceOf(shop, product);
  const common = sellableWire(shop, product, product);
  const shippingClass = shop.terms.get(product.shippingClassId);
  const pick = (...names: string[]): Record<string, unknown> =>
    Object.fromEntries(names.map((name) => [name, common[name]]));
  const wire: Record<string, unknown> = {
    id: product.id,
    name: product.name,
    slug: product.slug,
    permalink: productPermalink(shop, product),
    ...stampsWire(shop, product),
    type: product.type,
    status: product.status,
    featured: product.featured,
    catalog_visibility: product.catalogVisibility,
    // Raw in edit, with paragraphs and expanded shortcodes in view (fidelity §1 T7).
    description: view === 'edit' ? product.description : renderedHtml(product.description),
    short_description: view === 'edit' ? product.shortDescription : renderedHtml(product.shortDescription),
    sku: product.sku,
    price: priced.price,
    ...pick('regular_price', 'sale_price', 'date_on_sale_from', 'date_on_sale_from_gmt'),
    ...pick('date_on_sale_to', 'date_on_sale_to_gmt'),
    on_sale: priced.onSale,
    purchasable: priced.price !== '' && !['external', 'grouped'].includes(product.type),
    total_sales: product.totalSales,
    ...pick('virtual', 'downloadable', 'downloads', 'download_limit', 'download_expiry'),
    external_url: product.externalUrl,
    button_text: product.buttonText,
    tax_status: product.taxStatus,
    tax_class: product.taxClass,
    manage_stock: product.manageStock,
    ...pick('stock_quantity', 'backorders', 'backorders_allowed', 'backordered'),
    low_stock_amount: product.lowStockAmount,
    sold_individually: product.soldIndividually,
    weight: product.weight,
    dimensions: { length: product.length, width: product.width, height: product.height },
    shipping_required: !product.virtual,
    shipping_taxable: !product.virtual && product.taxStatus !== 'none',
    shipping_class: shippingClass?.slug ?? '',
    shipping_class_id: product.shippingClassId,
    reviews_allowed: product.reviewsAllowed,
    average_rating: view === 'edit' ? product.averageRating : Number(product.averageRating).toFixed(2),
    rating_count: product.ratingCount,
    upsell_ids: product.upsellIds,
    cross_sell_ids: product.crossSellIds,
    parent_id: product.parentId,
    purchase_note: product.purchaseNote,
    categories: termRefs(shop, product.categoryIds),
    brands: termRefs(shop, product.brandIds),
    tags: termRefs(shop, product.tagIds),
    images: product.imageIds.flatMap((id) => {
      const row = shop.attachments.get(id);
      return row ? [imageWire(shop, row)] : [];
    }),
    attributes: product.attributes.map((attribute) => attributeWire(shop, attribute)),
    default_attributes: product.defaultAttributes.map(({ id, name, option }) => ({ id, name, option })),
    variations: product.type === 'variable' ? variationIds(shop, product.id) : [],
    grouped_products: product.groupedIds,
    menu_order: product.menuOrder,
    price_html: priceHtml(shop, product, priced),
    related_ids: relatedIds(shop, product),
    meta_data: [...product.meta],
    stock_status: shownStockStatus(shop, product),
    has_options: product.type === 'variable',
    post_password: product.postPassword,
    global_unique_id: product.globalUniqueId,
  };
  if (view === 'edit') {
    wire['permalink_template'] = `${shop.baseUrl}${productBase(shop, product)}/%pagename%/`;
    wire['generated_slug'] = product.slug.replace(/__trashed$/, '') || slugOf(product.name);
  }
  const parentPath = product.parentId > 0 ? `/wc/v3/products/${product.parentId}` : undefined;
  return { ...wire, _links: links(shop, '/wc/v3/products', product.id, parentPath) };
}

/** Without a public address (drafts, trash) the link is a query (fidelity §1 T22, recording "force delete product"). */
export function productPermalink(shop: Shop, product: ProductRow): string {
  if (product.slug === '' || ['draft', 'pending', 'future', 'auto-draft', 'trash'].includes(product.status)) {
    return `${shop.baseUrl}/?post_type=product&p=${product.id}`;
  }
  return `${shop.baseUrl}${productBase(shop, product)}/${product.slug}/`;
}

function productBase(shop: Shop, product: ProductRow): string {
  const base = shop.settings['permalinks']?.['product_base'] ?? '/product';
  const category = shop.terms.get(product.categoryIds[0] ?? 0)?.slug ?? 'uncategorized';
  return base.replace('%product_cat%', category);
}

function termRefs(shop: Shop, ids: readonly number[]): { id: number; name: string; slug: string }[] {
  return ids.flatMap((id) => {
    const term = shop.terms.get(id);
    return term ? [{ id, name: term.name, slug: term.slug }] : [];
  });
}

/** Values of a global attribute come in term order, by (menu_order, name), whatever order was written. */
function sortedTerms(terms: readonly TermRow[]): TermRow[] {
  return [...terms].sort((a, b) => a.menuOrder - b.menuOrder || compareText(a.name, b.name) || a.id - b.id);
}

export function compareText(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function attributeWire(shop: Shop, row: ProductAttributeRow): Record<string, unknown> {
  const { position, visible, variation } = row;
  if (row.id === 0) {
    return { id: 0, name: row.name, slug: row.name, position, visible, variation, options: row.options };
  }
  const attribute = shop.attributes.get(row.id);
  const terms = sortedTerms(row.termIds.flatMap((id) => shop.terms.get(id) ?? []));
  const options = terms.map((term) => term.name);
  const slug = attribute?.slug ?? row.name;
  return { id: row.id, name: attribute?.name ?? row.name, slug, position, visible, variation, options };
}

/** Published and private variations; trashed ones are not children any more. */
function variationIds(shop: Shop, productId: number): number[] {
  return variationsOf(shop, productId)
    .filter((row) => row.status === 'publish' || row.status === 'private')
    .map((row) => row.id);
}

/** Five of the products that share a category or tag, other ones at each look: a volatile field. */
function relatedIds(shop: Shop, product: ProductRow): number[] {
  const found: number[] = [];
  for (const term of [...product.categoryIds, ...product.tagIds]) {
    const candidates = productIdsWith(shop, term);
    const start = Math.floor(Math.random() * candidates.length);
    for (let step = 0; step < Math.min(candidates.length, 6) && found.length < 5; step += 1) {
      const id = candidates[(start + step) % candidates.length]!;
      if (id !== product.id && !found.includes(id)) found.push(id);
    }
  }
  return found;
}
