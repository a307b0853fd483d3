import type { z } from 'zod';
import type { ExplicitRecords, storeRecords } from './explicit-seed.ts';
import { seedRecords } from './explicit-seed.ts';
import { addAttachment } from './resources/images.ts';
import { createCustomer } from './resources/people/customer-write.ts';
import { createReview } from './resources/people/review-write.ts';
import { createCoupon } from './resources/sales/coupon-write.ts';
import { addNote } from './resources/sales/order-notes.ts';
import { createOrder } from './resources/sales/order-write.ts';
import { createRefund } from './resources/sales/refund-write.ts';
import { createTaxRate } from './resources/sales/tax-rates.ts';
import { createTerm } from './resources/terms.ts';
import { createArticle } from './resources/wordpress/article-write.ts';
import type { Params } from './rest/params.ts';
import { textOf } from './rest/params.ts';
import type { Shop } from './store/shop.ts';

export type StoreRecords = z.input<typeof storeRecords>;

/**
 * Adds records of every kind, in REST form, and returns their ids by kind. Nothing is checked that REST would check:
 * e-mails and codes may repeat, lines may sell what is gone, and `raw` sets single columns afterwards.
 */
export function seedStoreRecords(shop: Shop, given: StoreRecords): Record<string, number[]> {
  Object.assign(shop.customStatuses, given.orderStatuses);
  const made = seedRecords(shop, catalogueOf(given));
  const put = (kind: string, records: readonly Params[] | undefined, make: (body: Params) => { id: number }): void => {
    for (const { raw, ...body } of records ?? []) {
      const row = make(body);
      Object.assign(row, raw);
      (made[kind] ??= []).push(row.id);
    }
  };
  put('taxRates', given.taxRates, (body) => createTaxRate(shop, body));
  put('media', given.media, (body) => addAttachment(shop, body as { file: string }));
  put('customers', given.customers, (body) => createCustomer(shop, body, { strict: false }));
  put('coupons', given.coupons, (body) => createCoupon(shop, body, { strict: false }));
  put('orders', given.orders, (body) => seedOrder(shop, body, made));
  put('reviews', given.reviews, (body) => createReview(shop, { ...body, ...productOf(shop, body) }, { strict: false }));
  put('postCategories', given.postCategories, (body) => createTerm(shop, 'category', body, false));
  put('postTags', given.postTags, (body) => createTerm(shop, 'post_tag', body, false));
  put('posts', given.posts, (body) => createArticle(shop, 'posts', body));
  put('pages', given.pages, (body) => createArticle(shop, 'pages', body));
  shop.revision += 1;
  return made;
}

function catalogueOf(given: StoreRecords): ExplicitRecords {
  const { categories, brands, tags, shippingClasses, attributes, products } = given;
  return { categories, brands, tags, shippingClasses, attributes, products };
}

function productOf(shop: Shop, body: Params): Params {
  const sku = textOf(body['product_sku']);
  if (sku === '') return {};
  return { product_id: [...shop.products.values()].find((row) => row.sku === sku)?.id ?? 0 };
}

/** An order with its refunds and notes; a refund names lines by their place in the order, counted from 0, as `line`. */
function seedOrder(shop: Shop, given: Params, made: Record<string, number[]>): { id: number } {
  const { refunds, notes, customer_email: email, ...body } = given;
  const buyer = [...shop.customers.values()].find((row) => row.email === email);
  const order = createOrder(shop, { ...body, ...(buyer ? { customer_id: buyer.id } : {}) }, { strict: false });
  for (const { raw, ...note } of (notes ?? []) as Params[]) {
    const row = addNote(shop, order.id, textOf(note['note']), { customerNote: note['customer_note'] === true });
    Object.assign(row, raw);
    (made['orderNotes'] ??= []).push(row.id);
  }
  for (const { raw, ...refund } of (refunds ?? []) as Params[]) {
    const lines = Array.isArray(refund['line_items']) ? (refund['line_items'] as Params[]) : [];
    const named = lines.map((line) => ({ id: order.lines[Number(line['line'] ?? -1)]?.id, ...line }));
    const row = createRefund(shop, order, { ...refund, line_items: named }, { strict: false });
    Object.assign(row, raw);
    (made['refunds'] ??= []).push(row.id);
  }
  return order;
}
