import { RestError } from '../../rest/errors.ts';
import type { Params, ParamSpecs } from '../../rest/params.ts';
import { textOf } from '../../rest/params.ts';
import { writtenMeta } from '../../store/meta.ts';
import type { CouponRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { bump, newPost, nextId } from '../../store/shop.ts';
import { decimalText, slugOf } from '../../store/text.ts';
import { writtenInstant } from '../../store/zone.ts';

export const couponWriteParams: ParamSpecs = {
  code: { type: 'string', required: true },
  amount: { type: 'any' },
  status: { type: 'string' },
  discount_type: { type: 'string', enum: ['percent', 'fixed_cart', 'fixed_product'] },
  description: { type: 'string' },
  date_expires: { type: 'any' },
  date_expires_gmt: { type: 'any' },
  individual_use: { type: 'boolean' },
  product_ids: { type: 'idList' },
  excluded_product_ids: { type: 'idList' },
  usage_limit: { type: 'integer', nullable: true },
  usage_limit_per_user: { type: 'integer', nullable: true },
  limit_usage_to_x_items: { type: 'integer', nullable: true },
  free_shipping: { type: 'boolean' },
  product_categories: { type: 'idList' },
  excluded_product_categories: { type: 'idList' },
  exclude_sale_items: { type: 'boolean' },
  minimum_amount: { type: 'any' },
  maximum_amount: { type: 'any' },
  email_restrictions: { type: 'array' },
  meta_data: { type: 'array' },
};

export function createCoupon(shop: Shop, body: Params, options: { strict: boolean }): CouponRow {
  const row: CouponRow = {
    ...newPost(shop, null),
    status: 'publish',
    slug: '',
    code: '',
    description: '',
    discountType: 'fixed_cart',
    amount: '0',
    expiresGmt: null,
    usageCount: 0,
    usedBy: [],
    individualUse: false,
    productIds: [],
    excludedProductIds: [],
    usageLimit: null,
    usageLimitPerUser: null,
    limitUsageToItems: null,
    freeShipping: false,
    categoryIds: [],
    excludedCategoryIds: [],
    excludeSaleItems: false,
    minimumAmount: '',
    maximumAmount: '',
    emailRestrictions: [],
  };
  writeCoupon(shop, row, body, options.strict);
  row.id = nextId(shop, 'post');
  shop.coupons.set(row.id, row);
  shop.revision += 1;
  return row;
}

/** The stamp moves only with code, description or status: amounts and limits are meta (source-apis §1.4). */
export function updateCoupon(shop: Shop, row: CouponRow, body: Params): void {
  const before = [row.code, row.description, row.status].join('\n');
  writeCoupon(shop, row, body, true);
  shop.revision += 1;
  if ([row.code, row.description, row.status].join('\n') !== before) bump(shop, row);
}

function writeCoupon(shop: Shop, row: CouponRow, body: Params, strict: boolean): void {
  if (typeof body['code'] === 'string') {
    // Codes are kept in lower case (recording "create coupon").
    const code = body['code'].trim().toLowerCase();
    if (strict) refuseCode(shop, code, row.id);
    row.code = code;
    row.slug = slugOf(code);
  }
  if (typeof body['status'] === 'string') row.status = body['status'];
  if (typeof body['description'] === 'string') row.description = body['description'];
  if (typeof body['discount_type'] === 'string') row.discountType = body['discount_type'];
  writeLimits(row, body);
  writeExpiry(shop, row, body);
  row.productIds = idList(body['product_ids']) ?? row.productIds;
  row.excludedProductIds = idList(body['excluded_product_ids']) ?? row.excludedProductIds;
  row.categoryIds = idList(body['product_categories']) ?? row.categoryIds;
  row.excludedCategoryIds = idList(body['excluded_product_categories']) ?? row.excludedCategoryIds;
  if (Array.isArray(body['email_restrictions'])) row.emailRestrictions = body['email_restrictions'].map(String);
  if (body['meta_data'] !== undefined) row.meta = writtenMeta(shop, row.meta, body['meta_data']);
}

function writeLimits(row: CouponRow, body: Params): void {
  if (body['amount'] !== undefined) row.amount = decimalText(body['amount']) || '0';
  if (body['minimum_amount'] !== undefined) row.minimumAmount = decimalText(body['minimum_amount']);
  if (body['maximum_amount'] !== undefined) row.maximumAmount = decimalText(body['maximum_amount']);
  if (body['individual_use'] !== undefined) row.individualUse = body['individual_use'] === true;
  if (body['free_shipping'] !== undefined) row.freeShipping = body['free_shipping'] === true;
  if (body['exclude_sale_items'] !== undefined) row.excludeSaleItems = body['exclude_sale_items'] === true;
  // 0 means without a limit and shows as null.
  const limit = (name: string, held: number | null): number | null =>
    body[name] === undefined ? held : Number(body[name]) || null;
  row.usageLimit = limit('usage_limit', row.usageLimit);
  row.usageLimitPerUser = limit('usage_limit_per_user', row.usageLimitPerUser);
  row.limitUsageToItems = limit('limit_usage_to_x_items', row.limitUsageToItems);
}

function writeExpiry(shop: Shop, row: CouponRow, body: Params): void {
  for (const [name, gmt] of [
    ['date_expires', false],
    ['date_expires_gmt', true],
  ] as const) {
    if (body[name] === undefined) continue;
    const given = textOf(body[name]);
    row.expiresGmt = given === '' ? null : writtenInstant(given, shop.zone, gmt);
  }
}

function idList(given: unknown): number[] | null {
  return Array.isArray(given) ? given.map(Number).filter((id) => id > 0) : null;
}

/** Without regard to case (source-apis §1.7). */
function refuseCode(shop: Shop, code: string, ownId: number): void {
  for (const row of shop.coupons.values()) {
    if (row.id === ownId || row.status === 'trash' || row.code.toLowerCase() !== code) continue;
    throw new RestError('woocommerce_rest_coupon_code_already_exists', 'The coupon code already exists', 400);
  }
}
