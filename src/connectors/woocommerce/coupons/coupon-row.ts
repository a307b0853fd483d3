import { z } from 'zod';
import { contentHash } from '../../../canonical/content-hash.ts';
import type { CanonicalCoupon, CouponKind } from '../../../domain/coupon.ts';
import type { Reference, ReportItem, SourceRecord } from '../../../domain/record.ts';
import type { EntityRow } from '../entity-row.ts';
import { metaFields } from '../products/meta-fields.ts';
import { decimal, derived, flag, gmt, id, ids, integer, listOf, meta, text } from '../wire/fields.ts';
import { readRows, rowId } from '../wire/read-row.ts';

const limit = integer.nullable().default(null);

const couponSchema = z.looseObject({
  id,
  code: text,
  amount: decimal.default(null),
  status: text.default('publish'),
  date_modified_gmt: gmt.default(null),
  discount_type: text,
  description: text.default(''),
  date_expires_gmt: gmt.default(null),
  usage_count: integer.default(0),
  individual_use: flag.default(false),
  product_ids: ids.default([]),
  excluded_product_ids: ids.default([]),
  usage_limit: limit,
  usage_limit_per_user: limit,
  limit_usage_to_x_items: limit,
  free_shipping: flag.default(false),
  product_categories: ids.default([]),
  excluded_product_categories: ids.default([]),
  exclude_sale_items: flag.default(false),
  minimum_amount: decimal.default(null),
  maximum_amount: decimal.default(null),
  email_restrictions: listOf(text).default([]),
  used_by: listOf(text).default([]),
  meta_data: listOf(meta).default([]),
  date_created: derived,
  date_created_gmt: derived,
  date_modified: derived,
  date_expires: derived,
});
type WireCoupon = z.output<typeof couponSchema>;

const KINDS: Readonly<Record<string, CouponKind>> = {
  percent: 'percent',
  fixed_cart: 'fixed_cart',
  fixed_product: 'fixed_product',
};

/** Coupons of every status but the trash (fidelity §9). */
export function couponRow(): EntityRow {
  return {
    entity: 'coupon',
    brings: [],
    modifiedFilter: true,
    pageSize: 100,
    route: '/coupons',
    listQuery: { status: 'any' },
    scanFields: ['id', 'code'],
    hasTrash: true,
    goneCodes: ['woocommerce_rest_shop_coupon_invalid_id'],
    async read(rows) {
      const { good, unreadable } = await readRows('coupon', couponSchema, rows);
      return { records: good.map(({ row, unknown }) => couponRecord(row, unknown)), unreadable };
    },
    keys: (rows) =>
      Promise.resolve(
        rows.map((row) => {
          const { code } = row as { code?: unknown };
          const name = typeof code === 'string' ? code : '';
          return { sourceId: rowId(row), name, sku: '', slug: '', parent: null, modifiedAt: null, children: [] };
        }),
      ),
  };
}

function refer(entity: 'product' | 'category', field: string, sourceIds: readonly string[]): Reference[] {
  return sourceIds.map((sourceId) => ({ entity, sourceId, kind: 'hard', field }));
}

function couponRecord(row: WireCoupon, unknown: readonly ReportItem[]): SourceRecord<'coupon'> {
  const canonical = canonicalCoupon(row);
  const { meta: kept, reports } = metaFields(row.meta_data);
  return {
    entity: 'coupon',
    sourceId: row.id,
    modifiedAt: row.date_modified_gmt,
    canonical,
    contentHash: contentHash('coupon', canonical),
    // What is excluded is not carried, so nobody waits for it.
    references: [
      ...refer('product', 'product_ids', canonical.products),
      ...refer('category', 'product_categories', canonical.categories),
    ],
    urls: [],
    reports: [
      ...unknown,
      ...reports,
      ...(row.used_by.length > 0 ? [{ key: 'coupon-used-by', field: 'used_by' }] : []),
      ...(row.description !== '' || kept.length > 0 ? [{ key: 'coupon-details', field: 'description' }] : []),
    ],
  };
}

function canonicalCoupon(row: WireCoupon): CanonicalCoupon {
  return {
    code: row.code,
    kind: KINDS[row.discount_type] ?? 'unknown',
    sourceType: row.discount_type,
    amount: row.amount ?? '0',
    freeShipping: row.free_shipping,
    published: row.status === 'publish',
    expiresAt: row.date_expires_gmt,
    minimumAmount: positive(row.minimum_amount),
    maximumAmount: positive(row.maximum_amount),
    usageLimit: known(row.usage_limit),
    usageCount: Math.max(0, row.usage_count),
    usageLimitPerUser: known(row.usage_limit_per_user),
    itemLimit: known(row.limit_usage_to_x_items),
    individualUse: row.individual_use,
    products: sorted(row.product_ids),
    excludedProducts: sorted(row.excluded_product_ids),
    categories: sorted(row.product_categories),
    excludedCategories: sorted(row.excluded_product_categories),
    excludesSaleItems: row.exclude_sale_items,
    emailRestrictions: row.email_restrictions.length,
    otherConditions: [],
    description: row.description,
  };
}

/** 0 means without limit to WooCommerce. */
function known(value: number | null): number | null {
  return value === null || value <= 0 ? null : value;
}

function positive(amount: string | null): string | null {
  return amount === null || Number(amount) <= 0 ? null : amount;
}

function sorted(list: readonly string[]): readonly string[] {
  return [...new Set(list)].toSorted((a, b) => Number(a) - Number(b));
}
