import { RestError } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import type { ParamSpecs } from '../../rest/params.ts';
import { ids, text, texts } from '../../rest/params.ts';
import type { Call, Resource, View } from '../../rest/resource.ts';
import type { ReviewRow } from '../../store/people-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { renderedHtml } from '../../store/text.ts';
import { filterStamp, naive } from '../../store/zone.ts';
import { links } from '../links.ts';
import { idFilter } from '../post-query.ts';
import { compareText, productPermalink } from '../product-wire.ts';
import { avatarUrls } from './avatars.ts';
import { createReview, rate, updateReview } from './review-write.ts';

const path = '/wc/v3/products/reviews';

const listParams: ParamSpecs = {
  ...pagingParams,
  after: { type: 'date' },
  before: { type: 'date' },
  order: { type: 'string', default: 'desc', enum: ['asc', 'desc'] },
  orderby: { type: 'string', default: 'date_gmt', enum: ['date', 'date_gmt', 'id', 'include', 'product'] },
  reviewer: { type: 'idList' },
  reviewer_email: { type: 'string' },
  product: { type: 'idList', default: [] },
  status: { type: 'string', default: 'approved', enum: ['all', 'hold', 'approved', 'spam', 'trash'] },
};

export function reviewWire(shop: Shop, row: ReviewRow, view: View): Record<string, unknown> {
  const product = shop.products.get(row.productId);
  const up = `/wc/v3/products/${row.productId}`;
  return {
    id: row.id,
    date_created: row.createdLocal,
    date_created_gmt: naive(row.createdGmt),
    product_id: row.productId,
    product_name: product?.name ?? '',
    product_permalink: product ? productPermalink(shop, product) : '',
    status: row.status,
    reviewer: row.reviewer,
    reviewer_email: row.email,
    review: view === 'edit' ? row.review : renderedHtml(row.review),
    rating: row.rating,
    verified: row.verified,
    reviewer_avatar_urls: avatarUrls(row.email),
    _links: links(shop, path, row.id, product ? up : undefined),
  };
}

/** `all` is what waits and what is approved; spam and trash have to be asked for. */
function statusFilter(wanted: string): (row: ReviewRow) => boolean {
  return (row) => (wanted === 'all' ? ['hold', 'approved'].includes(row.status) : row.status === wanted);
}

/** Filters by the time of writing only: an edited review is not found by any (source-apis §1.2, §1.6). */
function listReviews(call: Call): ReviewRow[] {
  const { shop, params, controls } = call;
  const bound = (name: string): string | null => {
    const value = text(params, name);
    return value === undefined ? null : filterStamp(value, shop.zone);
  };
  const [after, before] = [bound('after'), bound('before')];
  const [email, search] = [text(params, 'reviewer_email')?.toLowerCase(), text(params, 'search')?.toLowerCase()];
  const products = ids(params, 'product');
  const filters = [controls.shows, idFilter(params), statusFilter(text(params, 'status') ?? 'approved')];
  const rows = [...shop.reviews.values()].filter(
    (row) =>
      filters.every((filter) => filter(row)) &&
      (after === null || row.createdLocal > after) &&
      (before === null || row.createdLocal < before) &&
      (products.length === 0 || products.includes(row.productId)) &&
      (!email || row.email.toLowerCase() === email) &&
      (!search || `${row.reviewer} ${row.email} ${row.review}`.toLowerCase().includes(search)) &&
      texts(params, 'reviewer').length === 0,
  );
  const direction = text(params, 'order') === 'asc' ? 1 : -1;
  const include = ids(params, 'include');
  const orders: Record<string, (a: ReviewRow, b: ReviewRow) => number> = {
    id: (a, b) => a.id - b.id,
    include: (a, b) => include.indexOf(a.id) - include.indexOf(b.id),
    product: (a, b) => a.productId - b.productId,
    date: (a, b) => compareText(a.createdLocal, b.createdLocal),
    date_gmt: (a, b) => a.createdGmt - b.createdGmt,
  };
  const compare = orders[text(params, 'orderby') ?? 'date_gmt'] ?? orders['date_gmt']!;
  return rows.sort((a, b) => direction * (compare(a, b) || a.id - b.id));
}

export const reviews: Resource = {
  path,
  ownFieldOrder: true,
  listParams,
  writeParams: {
    product_id: { type: 'integer', required: true },
    product_name: { type: 'string' },
    status: { type: 'string', enum: ['approved', 'hold', 'spam', 'unspam', 'trash', 'untrash'] },
    reviewer: { type: 'string', required: true },
    reviewer_email: { type: 'string', required: true },
    review: { type: 'string', required: true },
    rating: { type: 'integer' },
  },
  batch: true,
  list: listReviews,
  render: (call, row: ReviewRow) => reviewWire(call.shop, row, call.context),
  read: (call, id) => reviewWire(call.shop, reviewOr404(call.shop, id), call.context),
  create: (call, body) => reviewWire(call.shop, createReview(call.shop, body, { strict: true }), 'edit'),
  update: (call, id, body) => {
    const row = reviewOr404(call.shop, id);
    updateReview(call.shop, row, body);
    return reviewWire(call.shop, row, 'edit');
  },
  remove: (call, id, force) => {
    const row = reviewOr404(call.shop, id);
    const before = reviewWire(call.shop, row, 'edit');
    if (force) call.shop.reviews.delete(id);
    else if (row.status === 'trash') {
      throw new RestError('woocommerce_rest_already_trashed', 'The object has already been trashed.', 410);
    } else row.status = 'trash';
    rate(call.shop, row.productId);
    call.shop.revision += 1;
    return force ? { deleted: true, previous: before } : before;
  },
};

function reviewOr404(shop: Shop, id: number): ReviewRow {
  const row = shop.reviews.get(id);
  if (!row) throw new RestError('woocommerce_rest_review_invalid_id', 'Invalid review ID.', 404);
  return row;
}
