import type { SandboxClock } from '../../shared/clock.ts';
import type { ArticleRow } from './content-rows.ts';
import type { CustomerRow, ReviewRow } from './people-rows.ts';
import type {
  AttachmentRow,
  AttributeRow,
  MetaRow,
  PostRow,
  ProductRow,
  TaxClassRow,
  TermRow,
  VariationRow,
} from './rows.ts';
import type { CouponRow, OrderNoteRow, OrderRow, RefundRow, StockMoveRow, TaxRateRow } from './sales-rows.ts';
import { defaultSettings } from './settings.ts';
import type { SettingValues } from './settings.ts';
import type { HookState, WaitingDelivery, WebhookRow } from './webhook-rows.ts';
import { createHookState } from './webhook-rows.ts';
import type { ShopZone } from './zone.ts';
import { createZone } from './zone.ts';

/**
 * One id sequence per WordPress table: products, variations, images, orders, refunds, coupons, posts and pages share
 * one (source-apis §1.6); reviews and order notes are comments and share another.
 */
export interface Sequences {
  post: number;
  term: number;
  attribute: number;
  meta: number;
  user: number;
  comment: number;
  orderItem: number;
  orderItemMeta: number;
  orderMeta: number;
  userMeta: number;
  taxRate: number;
  webhook: number;
}

/** Everything that survives a restart. */
export interface ShopTables {
  products: Map<number, ProductRow>;
  variations: Map<number, VariationRow>;
  attachments: Map<number, AttachmentRow>;
  terms: Map<number, TermRow>;
  attributes: Map<number, AttributeRow>;
  customers: Map<number, CustomerRow>;
  orders: Map<number, OrderRow>;
  refunds: Map<number, RefundRow>;
  notes: Map<number, OrderNoteRow>;
  coupons: Map<number, CouponRow>;
  reviews: Map<number, ReviewRow>;
  posts: Map<number, ArticleRow>;
  pages: Map<number, ArticleRow>;
  taxRates: Map<number, TaxRateRow>;
  webhooks: Map<number, WebhookRow>;
}

/** Facts that the sheet leaves open: a shop may behave either way. */
export interface Unconfirmed {
  /** A line of a product that was deleted keeps its `product_id`; else it shows 0. Default false. */
  deletedProductIdsStay: boolean;
  /** `/refunds` shows `parent_id`, and not only the link to the order. Default true. */
  refundsNameTheirOrder: boolean;
}

export interface Shop extends ShopTables {
  clock: SandboxClock;
  zone: ShopZone;
  settings: SettingValues;
  /** Beside the standard class, which is always there. */
  taxClasses: TaxClassRow[];
  sequences: Sequences;
  defaultCategoryId: number;
  /** Statuses of orders that plugins have added, with their names. */
  customStatuses: Record<string, string>;
  stockMoves: StockMoveRow[];
  /** Deliveries of webhooks that wait for cron. */
  hookQueue: WaitingDelivery[];
  hooks: HookState;
  unconfirmed: Unconfirmed;
  /** Lists answer as if the table were empty (an outage, never a delete). */
  scared: boolean;
  /** Grows with every change. */
  revision: number;
  /** Base address as clients see it; set when the server listens. */
  baseUrl: string;
}

export function createShop(clock: SandboxClock, timeZone: string, seed = 1): Shop {
  return {
    clock,
    zone: createZone(timeZone),
    settings: defaultSettings(),
    taxClasses: [
      { slug: 'reduced-rate', name: 'Reduced rate' },
      { slug: 'zero-rate', name: 'Zero rate' },
    ],
    // Neither sequence starts at 1: posts follow the pages and images of a real shop, terms its defaults.
    sequences: {
      post: 2e3,
      term: 14,
      attribute: 0,
      meta: 19e3,
      user: 1e3,
      comment: 1500,
      orderItem: 2e3,
      orderItemMeta: 14800,
      orderMeta: 2040,
      userMeta: 23e3,
      taxRate: 0,
      webhook: 0,
    },
    defaultCategoryId: 0,
    customStatuses: {},
    stockMoves: [],
    hookQueue: [],
    hooks: createHookState(seed),
    unconfirmed: { deletedProductIdsStay: false, refundsNameTheirOrder: true },
    scared: false,
    revision: 0,
    baseUrl: '',
    products: new Map(),
    variations: new Map(),
    attachments: new Map(),
    terms: new Map(),
    attributes: new Map(),
    customers: new Map(),
    orders: new Map(),
    refunds: new Map(),
    notes: new Map(),
    coupons: new Map(),
    reviews: new Map(),
    posts: new Map(),
    pages: new Map(),
    taxRates: new Map(),
    webhooks: new Map(),
  };
}

export function nextId(shop: Shop, sequence: keyof Sequences): number {
  shop.sequences[sequence] += 1;
  return shop.sequences[sequence];
}

/** The store's time on whole seconds: all stamps have that precision (source-apis §1.3). */
export function nowSeconds(shop: Shop): number {
  return Math.floor(shop.clock.now() / 1_000) * 1_000;
}

/** The columns of a new post. Its id comes last, from `nextId`: a refused write uses none up. */
export function newPost(shop: Shop, createdGmt: number | null): Omit<PostRow, 'status' | 'slug'> {
  const now = nowSeconds(shop);
  const created = createdGmt ?? now;
  return {
    id: 0,
    createdGmt: created,
    createdLocal: shop.zone.local(created),
    modifiedGmt: now,
    modifiedLocal: shop.zone.local(now),
    visibleSinceMs: shop.clock.now(),
    menuOrder: 0,
    meta: [],
  };
}

/** Moves both modified columns to now (source-apis §1.4 says which actions do). */
export function bump(shop: Shop, row: PostRow): void {
  row.modifiedGmt = nowSeconds(shop);
  row.modifiedLocal = shop.zone.local(row.modifiedGmt);
  shop.revision += 1;
}

/** To be called when a slug was written: a published row remembers the one it had. */
export function rememberSlug(row: PostRow, before: Pick<PostRow, 'slug' | 'status'>): void {
  if (before.status !== 'publish' || before.slug === '' || before.slug === row.slug || row.status === 'trash') return;
  row.oldSlugs = [...(row.oldSlugs ?? []).filter((slug) => slug !== row.slug), before.slug];
}

type MetaTable = 'meta' | 'orderMeta' | 'orderItemMeta' | 'userMeta';

export function newMeta(shop: Shop, key: string, value: MetaRow['value'], table: MetaTable = 'meta'): MetaRow {
  return { id: nextId(shop, table), key, value };
}

export function variationsOf(shop: Shop, productId: number): VariationRow[] {
  const index = variationIndex(shop);
  return (index.get(productId) ?? []).flatMap((id) => shop.variations.get(id) ?? []);
}

const indexes = new WeakMap<Shop, { size: number; last: number; byParent: Map<number, number[]> }>();

/** Parent → variation ids, in (menu_order, id) order as the storefront matches them; rebuilt when the table changed. */
function variationIndex(shop: Shop): Map<number, number[]> {
  const known = indexes.get(shop);
  if (known && known.size === shop.variations.size && known.last === shop.revision) return known.byParent;
  const byParent = new Map<number, number[]>();
  const rows = [...shop.variations.values()].sort((a, b) => a.menuOrder - b.menuOrder || a.id - b.id);
  for (const row of rows) {
    const list = byParent.get(row.parentId);
    if (list) list.push(row.id);
    else byParent.set(row.parentId, [row.id]);
  }
  indexes.set(shop, { size: shop.variations.size, last: shop.revision, byParent });
  return byParent;
}

export function termsOf(shop: Shop, taxonomy: string): TermRow[] {
  return [...shop.terms.values()].filter((term) => term.taxonomy === taxonomy);
}
