import type { CanonicalBrand } from './brand.ts';
import type { CanonicalCategory } from './category.ts';
import type { CanonicalBlogPost, CanonicalPage } from './content.ts';
import type { CanonicalCoupon } from './coupon.ts';
import type { CanonicalCustomer, CanonicalCustomerGroup } from './customer.ts';
import type { Entity, RecordRef } from './entity.ts';
import type { Json } from './json.ts';
import type { CanonicalOrder } from './order.ts';
import type { CanonicalProduct } from './product.ts';
import type { CanonicalRedirect } from './redirect.ts';
import type { CanonicalReview } from './review.ts';
import type { CanonicalStock } from './stock.ts';

/** The canonical form of each entity; a new entity adds one line here and one file beside this. */
export interface CanonicalForms {
  category: CanonicalCategory;
  brand: CanonicalBrand;
  product: CanonicalProduct;
  customer_group: CanonicalCustomerGroup;
  customer: CanonicalCustomer;
  order: CanonicalOrder;
  coupon: CanonicalCoupon;
  review: CanonicalReview;
  redirect: CanonicalRedirect;
  blog_post: CanonicalBlogPost;
  page: CanonicalPage;
  stock: CanonicalStock;
}
export type MovedEntity = keyof CanonicalForms & Entity;
export type Canonical<E extends MovedEntity = MovedEntity> = CanonicalForms[E];

/** An instant as ISO-8601 UTC text, `2026-11-20T15:47:50.000Z`. */
export type Instant = string;

/** A decimal as text (`"19.95"`); never a float. */
export type Decimal = string;

/**
 * A reference to another record. `hard` ones make a record wait until the other is at the target; `soft` ones fill a
 * later part (design P9).
 */
export interface Reference extends RecordRef {
  readonly kind: 'hard' | 'soft';
  /** The field of the canonical form that holds the reference, for messages. */
  readonly field: string;
}

/** One record as a source connector read it. Everything in it is already canonical; nothing platform-specific remains. */
export interface SourceRecord<E extends MovedEntity = MovedEntity> extends RecordRef {
  readonly entity: E;
  /** The source's own stamp, when it has one. Steers capture; never discards a change (P3). */
  readonly modifiedAt: Instant | null;
  readonly canonical: Canonical<E>;
  /** Hash of the canonical form without volatile fields; made by `canonical/content-hash`. */
  readonly contentHash: string;
  readonly references: readonly Reference[];
  /** Paths under which the record can be seen at the source, such as `/product/blue-tee/` (P11). */
  readonly urls: readonly string[];
  /** Source values that no canonical field carries: reported, never dropped silently. */
  readonly reports: readonly ReportItem[];
}

/** A value that cannot be carried: a key of the rulebook's REPORTED list, and a short sample without personal data. */
export interface ReportItem {
  readonly key: string;
  readonly field: string;
  readonly sample?: string;
}

/** A record that the connector could read but not understand; becomes a dead letter, never a failed slice. */
export interface UnreadableRecord extends RecordRef {
  /** In a merchant's words. */
  readonly reason: string;
  readonly remedy: string;
}

/** A named, recorded fix that makes a record acceptable to the target; keys are those of the rulebook's §15. */
export interface Adjustment {
  readonly key: string;
  readonly field: string;
  readonly before: Json;
  readonly after: Json;
  readonly why: string;
}

export interface CanonicalImage {
  /** The source's own id of the image; the same key twice in one record is the same image. */
  readonly key: string;
  readonly url: string;
  readonly alt: string;
}

/** A field of the source with no canonical meaning: travels as a metafield at the target. */
export interface MetaField {
  readonly key: string;
  readonly value: Json;
}

export type { Json };
