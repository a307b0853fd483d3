/** The raw tables of the shop. Instants are milliseconds since 1970 on whole seconds. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface MetaRow {
  id: number;
  key: string;
  value: Json;
}

/** What WordPress keeps of every post. The local columns hold the zone that was in force when they were written. */
export interface PostRow {
  id: number;
  status: string;
  slug: string;
  createdGmt: number;
  createdLocal: string;
  modifiedGmt: number;
  modifiedLocal: string;
  /** When the row came into being by the store's clock; `date_created` may be set by the client, this not. */
  visibleSinceMs: number;
  menuOrder: number;
  meta: MetaRow[];
  /** Slugs that published rows had before: no API lists them, but their addresses still lead here (source-apis §1.6). */
  oldSlugs?: string[];
}

interface DownloadRow {
  id: string;
  name: string;
  file: string;
}

/** What products and variations have in common. */
export interface SellableRow extends PostRow {
  sku: string;
  globalUniqueId: string;
  regularPrice: string;
  salePrice: string;
  saleFrom: number | null;
  saleTo: number | null;
  description: string;
  virtual: boolean;
  downloadable: boolean;
  downloads: DownloadRow[];
  downloadLimit: number;
  downloadExpiry: number;
  taxStatus: string;
  taxClass: string;
  manageStock: boolean;
  stockQuantity: number | null;
  stockStatus: string;
  backorders: string;
  lowStockAmount: number | null;
  weight: string;
  length: string;
  width: string;
  height: string;
  shippingClassId: number;
}

/** `id` 0 is a local attribute with its own `options`; else a global one whose values are terms. */
export interface ProductAttributeRow {
  id: number;
  name: string;
  position: number;
  visible: boolean;
  variation: boolean;
  options: string[];
  termIds: number[];
}

export interface DefaultAttributeRow {
  id: number;
  name: string;
  /** Slug for a global attribute, text for a local one (fidelity §1 T5). */
  option: string;
}

export interface ProductRow extends SellableRow {
  name: string;
  type: string;
  featured: boolean;
  catalogVisibility: string;
  shortDescription: string;
  externalUrl: string;
  buttonText: string;
  soldIndividually: boolean;
  reviewsAllowed: boolean;
  postPassword: string;
  upsellIds: number[];
  crossSellIds: number[];
  groupedIds: number[];
  parentId: number;
  purchaseNote: string;
  categoryIds: number[];
  brandIds: number[];
  tagIds: number[];
  imageIds: number[];
  attributes: ProductAttributeRow[];
  defaultAttributes: DefaultAttributeRow[];
  totalSales: number;
  averageRating: string;
  ratingCount: number;
}

export interface VariationRow extends SellableRow {
  parentId: number;
  imageId: number;
  /** By `pa_slug` or sanitised local name; a missing or empty value means "any" (fidelity §1 T4). */
  attributes: Record<string, string>;
}

export interface AttachmentRow {
  id: number;
  /** Path below `/wp-content/uploads/`, or an absolute URL of a host that is not the shop's. */
  file: string;
  name: string;
  alt: string;
  createdGmt: number;
  modifiedGmt: number;
  caption?: string;
  description?: string;
  /** The file is gone although the shop still names it. */
  missing: boolean;
  /** Asking for the file leads to this one instead; two may lead to each other for ever. */
  redirectTo?: string;
}

export interface TermRow {
  id: number;
  taxonomy: string;
  name: string;
  slug: string;
  parent: number;
  description: string;
  display: string;
  imageId: number;
  menuOrder: number;
  visibleSinceMs: number;
}

export interface AttributeRow {
  id: number;
  name: string;
  /** With its `pa_` prefix. */
  slug: string;
  type: string;
  orderBy: string;
  hasArchives: boolean;
}

export interface TaxClassRow {
  slug: string;
  name: string;
}
