import { attributeWire } from './resources/attributes.ts';
import { customerWire } from './resources/people/customers.ts';
import { reviewWire } from './resources/people/reviews.ts';
import { productWire } from './resources/product-wire.ts';
import { couponWire } from './resources/sales/coupons.ts';
import { noteWire } from './resources/sales/order-notes.ts';
import { orderWire } from './resources/sales/order-wire.ts';
import { refundWire } from './resources/sales/refund-wire.ts';
import { taxRateWire } from './resources/sales/tax-rates.ts';
import { taxClasses } from './resources/tax-classes.ts';
import { attributeTermKind, brandKind, categoryKind, shippingClassKind, tagKind } from './resources/term-kinds.ts';
import type { TermKind } from './resources/terms.ts';
import { termWire } from './resources/terms.ts';
import { variationWire } from './resources/variation-wire.ts';
import { webhookWire } from './resources/webhooks/webhooks.ts';
import { articleWire } from './resources/wordpress/article-wire.ts';
import { mediaWire } from './resources/wordpress/media.ts';
import { userLink } from './resources/wordpress/users.ts';
import { termLink } from './resources/wordpress/terms.ts';
import type { Shop } from './store/shop.ts';
import { termsOf } from './store/shop.ts';
import { naive } from './store/zone.ts';

type Part = (shop: Shop) => unknown;

/** Amounts of orders as they are stored, not as an answer would round them. */
const STORED_PLACES = 6;

function terms(shop: Shop, taxonomy: string, kind: TermKind, collection: string): unknown[] {
  return termsOf(shop, taxonomy).map((term) => ({
    ...termWire(shop, term, kind, collection),
    permalink: termLink(shop, term),
  }));
}

const catalogue: Record<string, Part> = {
  categories: (shop) => terms(shop, 'product_cat', categoryKind, categoryKind.path),
  brands: (shop) => terms(shop, 'product_brand', brandKind, brandKind.path),
  tags: (shop) => terms(shop, 'product_tag', tagKind, tagKind.path),
  shippingClasses: (shop) => terms(shop, 'product_shipping_class', shippingClassKind, shippingClassKind.path),
  attributes: (shop) =>
    [...shop.attributes.values()].map((row) => ({
      ...attributeWire(shop, row),
      terms: terms(shop, row.slug, attributeTermKind, `/wc/v3/products/attributes/${row.id}/terms`),
    })),
  taxClasses,
  products: (shop) => [...shop.products.values()].map((row) => productWire(shop, row, 'edit')),
  variations: (shop) => [...shop.variations.values()].map((row) => variationWire(shop, row)),
  settings: (shop) => shop.settings,
  missingImages: (shop) => [...shop.attachments.values()].filter((row) => row.missing).map((row) => row.id),
  loopingImages: (shop) => [...shop.attachments.values()].flatMap((row) => (row.redirectTo ? [row.id] : [])),
};

/** Customers of every role; refunds name their order whatever the switch says; notes name theirs as `order_id`. */
const trade: Record<string, Part> = {
  customers: (shop) => [...shop.customers.values()].map((row) => customerWire(shop, row)),
  orders: (shop) => [...shop.orders.values()].map((row) => orderWire(shop, row, STORED_PLACES)),
  refunds: (shop) =>
    [...shop.refunds.values()].map((row) => ({
      ...refundWire(shop, row, STORED_PLACES, false),
      parent_id: row.parentId,
      date_modified_gmt: naive(row.modifiedGmt),
    })),
  orderNotes: (shop) => [...shop.notes.values()].map((row) => ({ ...noteWire(shop, row), order_id: row.orderId })),
  coupons: (shop) => [...shop.coupons.values()].map((row) => couponWire(shop, row)),
  reviews: (shop) => [...shop.reviews.values()].map((row) => reviewWire(shop, row, 'edit')),
  taxRates: (shop) => [...shop.taxRates.values()].map((row) => taxRateWire(shop, row)),
  orderStatuses: (shop) => shop.customStatuses,
  stockMoves: (shop) => shop.stockMoves,
  webhooks: (shop) => [...shop.webhooks.values()].map((row) => webhookWire(shop, row)),
};

const site: Record<string, Part> = {
  posts: (shop) => [...shop.posts.values()].map((row) => articleWire(shop, 'posts', row, 'edit')),
  pages: (shop) => [...shop.pages.values()].map((row) => articleWire(shop, 'pages', row, 'edit')),
  media: (shop) => [...shop.attachments.values()].map((row) => mediaWire(shop, row, 'edit')),
  authors: (shop) => [...shop.customers.values()].map((row) => ({ id: row.id, link: userLink(shop, row) })),
  postCategories: (shop) => blogTerms(shop, 'category'),
  postTags: (shop) => blogTerms(shop, 'post_tag'),
};

function blogTerms(shop: Shop, taxonomy: string): unknown[] {
  return termsOf(shop, taxonomy).map((term) => {
    const { id, name, slug, parent } = term;
    return { id, name, slug, parent, link: termLink(shop, term) };
  });
}

/** Names of what the raw state holds beside `baseUrl` and `timeZone`. */
const parts: Record<string, Part> = { ...catalogue, ...trade, ...site };

/**
 * The whole shop in REST form (`context=edit`), trashed rows included; terms with the `permalink` that only wp/v2
 * shows. This is what a checker compares with the target, so nothing is left out and nothing is paged. `only` names
 * the parts wanted: a shop of 150,000 records is too long for one text.
 */
export function rawState(shop: Shop, only?: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(rawParts(shop, only));
}

/** The same, part by part. */
export function* rawParts(shop: Shop, only?: readonly string[]): Generator<[string, unknown]> {
  yield ['baseUrl', shop.baseUrl];
  yield ['timeZone', shop.zone.name];
  for (const [name, part] of Object.entries(parts)) if (!only || only.includes(name)) yield [name, part(shop)];
}
