import { RestError } from '../../rest/errors.ts';
import type { Params } from '../../rest/params.ts';
import { textOf } from '../../rest/params.ts';
import type { ReviewRow } from '../../store/people-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { bump, nextId, nowSeconds } from '../../store/shop.ts';
import { writtenInstant } from '../../store/zone.ts';

/**
 * A new review bumps its product (source-apis §1.4). Over REST the product's rating does not follow until a review is
 * changed or trashed (recordings "create review", "trash product"). Seeds may review products that are gone.
 */
export function createReview(shop: Shop, body: Params, options: { strict: boolean }): ReviewRow {
  const productId = Number(body['product_id'] ?? 0);
  const product = shop.products.get(productId);
  if (!product && options.strict) {
    throw new RestError('woocommerce_rest_product_invalid_id', 'Invalid product ID.', 404);
  }
  const written = options.strict ? null : writtenInstant(textOf(body['date_created_gmt']), shop.zone, true);
  const now = written ?? nowSeconds(shop);
  const email = textOf(body['reviewer_email']);
  const row: ReviewRow = {
    id: nextId(shop, 'comment'),
    createdGmt: now,
    createdLocal: shop.zone.local(now),
    visibleSinceMs: shop.clock.now(),
    productId,
    status: 'approved',
    reviewer: textOf(body['reviewer']),
    email,
    review: '',
    rating: 0,
    verified: hasBought(shop, productId, email),
  };
  writeReview(row, body);
  shop.reviews.set(row.id, row);
  if (!options.strict) rate(shop, productId);
  else if (product) bump(shop, product);
  shop.revision += 1;
  return row;
}

/** No stamp moves: only a comparison of contents finds an edited review (source-apis §1.6). */
export function updateReview(shop: Shop, row: ReviewRow, body: Params): void {
  writeReview(row, body);
  if (typeof body['product_id'] === 'number') row.productId = body['product_id'];
  rate(shop, row.productId);
  shop.revision += 1;
}

const statuses: Record<string, string> = { unspam: 'approved', untrash: 'approved' };

function writeReview(row: ReviewRow, body: Params): void {
  if (typeof body['status'] === 'string') row.status = statuses[body['status']] ?? body['status'];
  if (typeof body['reviewer'] === 'string') row.reviewer = body['reviewer'];
  if (typeof body['reviewer_email'] === 'string') row.email = body['reviewer_email'];
  if (typeof body['review'] === 'string') row.review = body['review'];
  if (body['rating'] !== undefined) row.rating = Number(body['rating']);
}

/** Average and count of what is approved and rated, computed anew. */
export function rate(shop: Shop, productId: number): void {
  const product = shop.products.get(productId);
  if (!product) return;
  const ratings: number[] = [];
  for (const row of shop.reviews.values()) {
    if (row.productId === productId && row.status === 'approved' && row.rating > 0) ratings.push(row.rating);
  }
  product.ratingCount = ratings.length;
  const sum = ratings.reduce((one, other) => one + other, 0);
  product.averageRating = ratings.length === 0 ? '0' : (sum / ratings.length).toFixed(2);
}

/** "Verified owner": an order of that address that was paid for holds the product. */
function hasBought(shop: Shop, productId: number, email: string): boolean {
  for (const order of shop.orders.values()) {
    if (!['processing', 'completed'].includes(order.status)) continue;
    const own = order.billing.email.toLowerCase() === email.toLowerCase();
    if (own && order.lines.some((line) => line.productId === productId)) return true;
  }
  return false;
}
