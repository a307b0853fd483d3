import { RestError } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import type { ParamSpecs } from '../../rest/params.ts';
import { text } from '../../rest/params.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import { fixed, places } from '../../store/money.ts';
import type { CouponRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { bump, newMeta, nowSeconds } from '../../store/shop.ts';
import { naive } from '../../store/zone.ts';
import { links } from '../links.ts';
import { dateFilter, idFilter, postListParams, sortPosts, statusFilter } from '../post-query.ts';
import { couponWriteParams, createCoupon, updateCoupon } from './coupon-write.ts';

const path = '/wc/v3/coupons';

const listParams: ParamSpecs = {
  ...pagingParams,
  ...postListParams,
  orderby: { type: 'string', default: 'date', enum: ['date', 'id', 'include', 'title', 'slug', 'modified'] },
  code: { type: 'string' },
};
// Drafts and trash are not listed unless asked for (source-apis §1.6).
listParams['status'] = { ...listParams['status']!, default: 'publish' };

export function couponWire(shop: Shop, row: CouponRow): Record<string, unknown> {
  const dp = places(shop);
  const { expiresGmt } = row;
  return {
    id: row.id,
    code: row.code,
    amount: fixed(row.amount, dp),
    status: row.status,
    date_created: row.createdLocal,
    date_created_gmt: naive(row.createdGmt),
    date_modified: row.modifiedLocal,
    date_modified_gmt: naive(row.modifiedGmt),
    discount_type: row.discountType,
    description: row.description,
    date_expires: expiresGmt === null ? null : shop.zone.local(expiresGmt),
    date_expires_gmt: expiresGmt === null ? null : naive(expiresGmt),
    usage_count: row.usageCount,
    individual_use: row.individualUse,
    product_ids: row.productIds,
    excluded_product_ids: row.excludedProductIds,
    usage_limit: row.usageLimit,
    usage_limit_per_user: row.usageLimitPerUser,
    limit_usage_to_x_items: row.limitUsageToItems,
    free_shipping: row.freeShipping,
    product_categories: row.categoryIds,
    excluded_product_categories: row.excludedCategoryIds,
    exclude_sale_items: row.excludeSaleItems,
    minimum_amount: fixed(row.minimumAmount, dp),
    maximum_amount: fixed(row.maximumAmount, dp),
    email_restrictions: row.emailRestrictions,
    used_by: row.usedBy,
    meta_data: [...row.meta],
    _links: links(shop, path, row.id),
  };
}

function listCoupons(call: Call): CouponRow[] {
  const { shop, params, controls } = call;
  const filters = [controls.shows, statusFilter(params), idFilter(params), dateFilter(params, shop.zone)];
  const code = text(params, 'code')?.toLowerCase();
  const search = text(params, 'search')?.toLowerCase();
  const rows = [...shop.coupons.values()].filter(
    (row) =>
      filters.every((filter) => filter(row)) &&
      (code === undefined || row.code.toLowerCase() === code) &&
      (!search || `${row.code} ${row.description}`.toLowerCase().includes(search)),
  );
  return sortPosts(rows, params, { title: (row: CouponRow) => row.code });
}

export const coupons: Resource = {
  path,
  ownFieldOrder: true,
  listParams,
  writeParams: couponWriteParams,
  batch: true,
  list: listCoupons,
  render: (call, row: CouponRow) => couponWire(call.shop, row),
  read: (call, id) => couponWire(call.shop, couponOr404(call.shop, id, 404)),
  create: (call, body) => couponWire(call.shop, createCoupon(call.shop, body, { strict: true })),
  update: (call, id, body) => {
    const row = couponOr404(call.shop, id, 400);
    updateCoupon(call.shop, row, body);
    return couponWire(call.shop, row);
  },
  remove: (call, id, force) => {
    const row = couponOr404(call.shop, id, 404);
    const before = couponWire(call.shop, row);
    if (force) call.shop.coupons.delete(id);
    else if (row.status === 'trash') {
      throw new RestError('woocommerce_rest_already_trashed', 'The shop_coupon has already been deleted.', 410);
    } else trashCoupon(call.shop, row);
    call.shop.revision += 1;
    return before;
  },
};

function trashCoupon(shop: Shop, row: CouponRow): void {
  row.meta.push(
    newMeta(shop, '_wp_trash_meta_status', row.status),
    newMeta(shop, '_wp_trash_meta_time', String(Math.floor(nowSeconds(shop) / 1_000))),
    newMeta(shop, '_wp_desired_post_slug', row.slug),
  );
  row.status = 'trash';
  row.slug = `${row.slug}__trashed`;
  bump(shop, row);
}

function couponOr404(shop: Shop, id: number, status: 400 | 404): CouponRow {
  const row = shop.coupons.get(id);
  if (!row) throw new RestError('woocommerce_rest_shop_coupon_invalid_id', 'Invalid ID.', status);
  return row;
}
