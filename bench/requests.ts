import { ENTITIES, type Entity } from '../src/domain/entity.ts';
import type { Journal } from './sandbox-admin.ts';

/** What a request was for, as far as its method and the names of its parameters tell. */
export const PURPOSES = ['sourceReads', 'scans', 'writes', 'lookUps', 'polls', 'readBacks', 'matching'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Requests of one entity, by what they were for. */
export type Requests = Readonly<Record<Purpose, number>>;

const NONE: Requests = { sourceReads: 0, scans: 0, writes: 0, lookUps: 0, polls: 0, readBacks: 0, matching: 0 };

/** Routes of the shop; the first that fits decides. What is no entity's belongs to the store as a whole. */
const SHOP_ROUTES: readonly (readonly [RegExp, Entity | 'store' | 'theirs'])[] = [
  // Pictures are fetched by the target; we only ask whether some are there.
  [/^GET \/wp-content\//, 'theirs'],
  [/^HEAD \/wp-content\//, 'product'],
  [/\/products\/categories|\/wp\/v2\/product_cat/, 'category'],
  [/\/products\/brands|\/wp\/v2\/product_brand/, 'brand'],
  [/\/products\/reviews/, 'review'],
  [/\/products\/(tags|shipping_classes)|\/wp\/v2\/product_tag/, 'store'],
  [/\/products|\/variations/, 'product'],
  [/\/customers/, 'customer'],
  [/\/orders|\/refunds/, 'order'],
  [/\/coupons/, 'coupon'],
  [/\/wp\/v2\/posts/, 'blog_post'],
  [/\/wp\/v2\/pages/, 'page'],
];

const STORE_ROUTES: readonly (readonly [RegExp, Entity])[] = [
  [/\/catalog\/(trees\/)?categories/, 'category'],
  [/\/catalog\/brands/, 'brand'],
  [/\/reviews/, 'review'],
  [/\/inventory\/(adjustments|items)/, 'stock'],
  [/\/catalog\/(products|variants)/, 'product'],
  [/\/customer_groups/, 'customer_group'],
  [/\/v3\/customers/, 'customer'],
  [/\/v[23]\/orders(?!\/settings)/, 'order'],
  [/\/coupons/, 'coupon'],
  [/\/redirects/, 'redirect'],
  [/\/blog\/posts/, 'blog_post'],
  [/\/content\/pages/, 'page'],
];

export type Owner = Entity | 'store';

/** Every request that both stores got, by the entity that it was about. */
export function requestsOf(
  shop: Pick<Journal, 'byQuery'>,
  store: Pick<Journal, 'byQuery'>,
): Readonly<Record<Owner, Requests>> {
  const found = Object.fromEntries([...ENTITIES, 'store'].map((owner) => [owner, { ...NONE }])) as Record<
    Owner,
    Record<Purpose, number>
  >;
  for (const [asked, count] of Object.entries(shop.byQuery)) {
    const owner = SHOP_ROUTES.find(([route]) => route.test(asked))?.[1] ?? 'store';
    if (owner !== 'theirs') found[owner][purposeAtShop(asked)] += count;
  }
  for (const [asked, count] of Object.entries(store.byQuery)) {
    const owner = STORE_ROUTES.find(([route]) => route.test(asked))?.[1] ?? 'store';
    found[owner][purposeAtStore(asked)] += count;
  }
  return found;
}

export function sumOf(requests: Requests): number {
  return PURPOSES.reduce((sum, purpose) => sum + requests[purpose], 0);
}

/** A scan asks for some fields of all; the rest reads whole rows. */
function purposeAtShop(asked: string): Purpose {
  return asked.startsWith('HEAD ') || namesOf(asked).includes('_fields') ? 'scans' : 'sourceReads';
}

const POLL = ['date_modified:min', 'min_date_modified', 'modified_since'];
const BY_ID = ['id:in', 'category_id:in', 'ids'];
const BY_KEY = ['name', 'name:in', 'sku', 'sku:in', 'email:in', 'code', 'keyword', 'external_order_id', 'min_id'];

function purposeAtStore(asked: string): Purpose {
  if (!asked.startsWith('GET ')) return 'writes';
  const names = namesOf(asked);
  if (names.some((name) => POLL.includes(name))) return 'polls';
  if (names.some((name) => BY_ID.includes(name))) return 'readBacks';
  // A part of one record (its options, its images) is looked up by the record.
  if (names.some((name) => BY_KEY.includes(name)) || asked.includes('/:id/')) return 'lookUps';
  return 'matching';
}

function namesOf(asked: string): string[] {
  return (asked.split('?', 2)[1] ?? '').split(',');
}
