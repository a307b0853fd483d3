import { z } from 'zod';
import { contentHash } from '../../../canonical/content-hash.ts';
import type { CanonicalCoupon } from '../../../domain/coupon.ts';
import { compareSourceIds } from '../../../domain/entity.ts';
import type { ReportItem, SourceRecord } from '../../../domain/record.ts';
import type { EntityRow } from '../entity-row.ts';
import type { Filter, ListRoot, Lists } from '../lists.ts';
import { countUses, loadProducts } from './promotion-surroundings.ts';
import type { ShopFacts } from '../shop-facts.ts';
import { id, text } from '../wire/fields.ts';
import { customMeta, customSelection, readRows } from '../wire/read-row.ts';
import { conditionsOf, effectOf, type ProductOf } from './promotion-rules.ts';
import { PROMOTION_FIELDS, promotionSchema, type WirePromotion } from './promotion-schema.ts';

const ROOT: ListRoot = { list: 'promotions', options: 'PromotionListOptions', item: 'promotion' };

/** Promotions that a code sets off; those that apply by themselves are no coupons. */
const WITH_CODE: Filter = { couponCode: { isNull: false, notEq: '' } };

const scanSchema = z.looseObject({ id, couponCode: text });

export function promotionRow(lists: Lists, now: () => number = Date.now): EntityRow {
  return {
    entity: 'coupon',
    brings: [],
    modifiedFilter: true,
    pageSize: 100,
    root: ROOT,
    filter: () => WITH_CODE,
    fields: (facts) => `${PROMOTION_FIELDS} ${customSelection(facts, 'Promotion')}`,
    scanFields: 'id couponCode',
    looks: [],
    async read(rows, facts, signal) {
      const { good: promotions, unreadable } = readRows('coupon', promotionSchema, rows);
      const productOf = await loadProducts(lists, promotions, signal);
      const uses = await countUses(lists, promotions, signal);
      return {
        records: promotions.map((row) => couponRecord(row, { facts, productOf, uses, now: now() })),
        unreadable,
      };
    },
    keys: (rows) =>
      rows.map((row) => {
        const { id: sourceId, couponCode } = scanSchema.parse(row);
        return { sourceId, name: couponCode, sku: '', slug: '', parent: null, modifiedAt: null, children: [] };
      }),
  };
}

interface Surroundings {
  readonly facts: ShopFacts;
  readonly productOf: ProductOf;
  readonly uses: ReadonlyMap<string, number>;
  readonly now: number;
}

function couponRecord(row: WirePromotion, { facts, productOf, uses, now }: Surroundings): SourceRecord<'coupon'> {
  const effect = effectOf(row, facts, productOf);
  const { minimumAmount, others } = conditionsOf(row, facts);
  const products = effect.products.toSorted(compareSourceIds);
  // The target has no first day: until it comes the coupon is off, and the next look at everything finds it on.
  const hasBegun = row.startsAt === null || Date.parse(row.startsAt) <= now;
  const canonical: CanonicalCoupon = {
    code: row.couponCode,
    kind: effect.kind,
    sourceType: row.actions.map(({ code }) => code).join(' + '),
    amount: effect.amount,
    freeShipping: effect.freeShipping,
    published: row.enabled && hasBegun,
    expiresAt: row.endsAt,
    minimumAmount,
    maximumAmount: null,
    usageLimit: row.usageLimit ?? null,
    // Counted for those with a limit only: elsewhere every order would be an edit of its coupon.
    usageCount: uses.get(row.id) ?? 0,
    usageLimitPerUser: row.perCustomerUsageLimit ?? null,
    itemLimit: null,
    individualUse: false,
    products,
    excludedProducts: [],
    categories: [],
    excludedCategories: [],
    excludesSaleItems: false,
    emailRestrictions: 0,
    otherConditions: [...effect.narrowedBy, ...others].toSorted(),
    description: row.description,
  };
  return {
    entity: 'coupon',
    sourceId: row.id,
    modifiedAt: row.updatedAt,
    canonical,
    contentHash: contentHash('coupon', canonical),
    references: products.map((sourceId) => ({ entity: 'product', sourceId, kind: 'hard', field: 'actions' })),
    urls: [],
    reports: couponReports(row, facts),
  };
}

function couponReports(row: WirePromotion, facts: ShopFacts): ReportItem[] {
  const { meta, reports } = customMeta(row.customFields, facts, 'Promotion');
  const hasDetails = row.description !== '' || row.name !== row.couponCode || row.startsAt !== null || meta.length > 0;
  return [
    ...reports,
    ...(typeof row.perCustomerUsageLimit === 'number'
      ? [{ key: 'coupon-used-by', field: 'perCustomerUsageLimit' }]
      : []),
    ...(hasDetails ? [{ key: 'coupon-details', field: 'description' }] : []),
  ];
}
