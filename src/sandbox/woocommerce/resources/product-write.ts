import { RestError } from '../rest/errors.ts';
import type { Params, ParamSpecs } from '../rest/params.ts';
import type { ProductRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { bump, newMeta, newPost, nextId, nowSeconds, rememberSlug, variationsOf } from '../store/shop.ts';
import { cleanText, productTitle, slugOf, uniqueSlug } from '../store/text.ts';
import { writtenInstant } from '../store/zone.ts';
import type { ImageBody } from './images.ts';
import { attachmentFor } from './images.ts';
import { attributeRows, defaultAttributeRows } from './product-attributes.ts';
import { deleteReviewsOf, restoreReviews, trashReviewsOf } from './people/review-trash.ts';
import { emptySellable, sellableParams, writeSellable } from './sellable-write.ts';

const productTypes = ['simple', 'grouped', 'external', 'variable'] as const;
const hiddenStatuses = ['draft', 'pending', 'auto-draft', 'future'];

export const productWriteParams: ParamSpecs = {
  ...sellableParams,
  name: { type: 'string' },
  slug: { type: 'string' },
  date_created: { type: 'any' },
  date_created_gmt: { type: 'any' },
  type: { type: 'string', enum: productTypes },
  status: {
    type: 'string',
    enum: ['draft', 'pending', 'private', 'publish', 'future', 'auto-draft', 'trash'],
  },
  featured: { type: 'boolean' },
  catalog_visibility: { type: 'string', enum: ['visible', 'catalog', 'search', 'hidden'] },
  short_description: { type: 'string' },
  external_url: { type: 'string' },
  button_text: { type: 'string' },
  manage_stock: { type: 'boolean' },
  sold_individually: { type: 'boolean' },
  reviews_allowed: { type: 'boolean' },
  post_password: { type: 'string' },
  upsell_ids: { type: 'idList' },
  cross_sell_ids: { type: 'idList' },
  grouped_products: { type: 'idList' },
  parent_id: { type: 'integer' },
  purchase_note: { type: 'string' },
  categories: { type: 'array' },
  brands: { type: 'array' },
  tags: { type: 'array' },
  images: { type: 'array' },
  attributes: { type: 'array' },
  default_attributes: { type: 'array' },
};

/** `strict` is how REST writes; seeds write what imports and plugins have left behind. */
export interface WriteOptions {
  strict: boolean;
}

export function createProduct(shop: Shop, body: Params, options: WriteOptions): ProductRow {
  const created = createdInstant(shop, body);
  const row: ProductRow = {
    ...newPost(shop, created),
    ...emptySellable(),
    status: 'publish',
    slug: '',
    name: '',
    type: 'simple',
    featured: false,
    catalogVisibility: 'visible',
    shortDescription: '',
    externalUrl: '',
    buttonText: '',
    soldIndividually: false,
    reviewsAllowed: true,
    postPassword: '',
    upsellIds: [],
    crossSellIds: [],
    groupedIds: [],
    parentId: 0,
    purchaseNote: '',
    categoryIds: [],
    brandIds: [],
    tagIds: [],
    imageIds: [],
    attributes: [],
    defaultAttributes: [],
    totalSales: 0,
    averageRating: '0',
    ratingCount: 0,
  };
  if (typeof body['name'] !== 'string' || body['name'] === '') row.name = 'Product';
  writeProduct(shop, row, body, options);
  if (row.categoryIds.length === 0 && shop.defaultCategoryId > 0) row.categoryIds = [shop.defaultCategoryId];
  row.id = nextId(shop, 'post');
  if (row.slug === '' && !hiddenStatuses.includes(row.status)) row.slug = String(row.id);
  shop.products.set(row.id, row);
  shop.revision += 1;
  return row;
}

/** Any save moves the stamp, even one that changes nothing (source-apis §1.4). */
export function updateProduct(shop: Shop, row: ProductRow, body: Params, options: WriteOptions): void {
  const draft: ProductRow = structuredClone(row);
  writeProduct(shop, draft, body, options);
  const created = createdInstant(shop, body);
  if (created !== null) {
    draft.createdGmt = created;
    draft.createdLocal = shop.zone.local(created);
  }
  if (row.status === 'trash' && draft.status !== 'trash') leaveTrash(shop, draft);
  rememberSlug(draft, row);
  Object.assign(row, draft);
  bump(shop, row);
}

function createdInstant(shop: Shop, body: Params): number | null {
  if (typeof body['date_created_gmt'] === 'string') return writtenInstant(body['date_created_gmt'], shop.zone, true);
  if (typeof body['date_created'] === 'string') return writtenInstant(body['date_created'], shop.zone, false);
  return null;
}

function writeProduct(shop: Shop, row: ProductRow, body: Params, options: WriteOptions): void {
  if (typeof body['name'] === 'string' && body['name'] !== '') row.name = productTitle(body['name']);
  if (typeof body['status'] === 'string') row.status = statusFor(shop, row, body['status']);
  if (typeof body['type'] === 'string') row.type = body['type'];
  writeTexts(row, body);
  writeSellable(shop, row, body, { strictSku: options.strict });
  writeLists(shop, row, body);
  if (Array.isArray(body['images'])) {
    row.imageIds = (body['images'] as ImageBody[]).map((image) => attachmentFor(shop, image, 'product').id);
  }
  if (body['attributes'] !== undefined) row.attributes = attributeRows(shop, body['attributes']);
  if (body['default_attributes'] !== undefined) {
    row.defaultAttributes = defaultAttributeRows(shop, row, body['default_attributes']);
  }
  writeSlug(shop, row, body);
}

/** A publish date in the future schedules the product. */
function statusFor(shop: Shop, row: ProductRow, status: string): string {
  return status === 'publish' && row.createdGmt > nowSeconds(shop) ? 'future' : status;
}

function writeTexts(row: ProductRow, body: Params): void {
  const write = (name: string, apply: (value: string) => void): void => {
    if (typeof body[name] === 'string') apply(body[name]);
  };
  write('catalog_visibility', (value) => (row.catalogVisibility = value));
  write('short_description', (value) => (row.shortDescription = value));
  write('external_url', (value) => (row.externalUrl = value));
  write('button_text', (value) => (row.buttonText = cleanText(value)));
  write('post_password', (value) => (row.postPassword = value));
  write('purchase_note', (value) => (row.purchaseNote = value));
  if (body['featured'] !== undefined) row.featured = body['featured'] === true;
  if (body['sold_individually'] !== undefined) row.soldIndividually = body['sold_individually'] === true;
  if (body['reviews_allowed'] !== undefined) row.reviewsAllowed = body['reviews_allowed'] === true;
  if (typeof body['parent_id'] === 'number') row.parentId = body['parent_id'];
}

function writeLists(shop: Shop, row: ProductRow, body: Params): void {
  const idList = (name: string): number[] | null =>
    Array.isArray(body[name]) ? (body[name] as unknown[]).map(Number).filter((id) => id > 0) : null;
  row.upsellIds = idList('upsell_ids') ?? row.upsellIds;
  row.crossSellIds = idList('cross_sell_ids') ?? row.crossSellIds;
  row.groupedIds = idList('grouped_products') ?? row.groupedIds;
  row.categoryIds = termList(shop, 'product_cat', body['categories']) ?? row.categoryIds;
  row.brandIds = termList(shop, 'product_brand', body['brands']) ?? row.brandIds;
  row.tagIds = termList(shop, 'product_tag', body['tags']) ?? row.tagIds;
}

/** Terms are given by id; unknown ones are dropped without a word. */
function termList(shop: Shop, taxonomy: string, given: unknown): number[] | null {
  if (!Array.isArray(given)) return null;
  const wanted = (given as Params[]).map((entry) => Number(entry['id'] ?? 0));
  return [...new Set(wanted)].filter((id) => shop.terms.get(id)?.taxonomy === taxonomy);
}

/** Drafts have no slug until they are published (fidelity §1 T22); equal ones get `-2` (T18). */
function writeSlug(shop: Shop, row: ProductRow, body: Params): void {
  const given = typeof body['slug'] === 'string' ? slugOf(body['slug']) || body['slug'] : '';
  if (given === '' && row.slug !== '') return;
  if (given === '' && hiddenStatuses.includes(row.status)) return;
  const wanted = given || slugOf(row.name) || (row.id > 0 ? String(row.id) : '');
  if (wanted !== '') row.slug = freeProductSlug(shop, wanted, row.id);
}

function freeProductSlug(shop: Shop, wanted: string, ownId: number): string {
  const taken = new Set<string>();
  for (const product of shop.products.values()) if (product.id !== ownId) taken.add(product.slug);
  return uniqueSlug(wanted, (slug) => taken.has(slug));
}

/** To the trash: the slug is marked, variations follow, the stamp moves (source-apis §1.4, §1.5). */
export function trashProduct(shop: Shop, row: ProductRow): void {
  row.meta.push(
    newMeta(shop, '_wp_trash_meta_status', row.status),
    newMeta(shop, '_wp_trash_meta_time', String(Math.floor(nowSeconds(shop) / 1_000))),
    newMeta(shop, '_wp_desired_post_slug', row.slug),
  );
  const reviews = trashReviewsOf(shop, row.id);
  if (reviews !== null) row.meta.push(newMeta(shop, '_wp_trash_meta_comments_status', reviews));
  for (const variation of variationsOf(shop, row.id)) {
    variation.status = 'trash';
    bump(shop, variation);
  }
  row.status = 'trash';
  if (row.slug !== '') row.slug = `${row.slug}__trashed`;
  bump(shop, row);
}

/** A restore by PUT `status`: slug and variations come back (the cascade is unconfirmed, source-apis §1.5). */
function leaveTrash(shop: Shop, row: ProductRow): void {
  row.slug = freeProductSlug(shop, row.slug.replace(/__trashed$/, ''), row.id);
  restoreReviews(shop, row.meta.find((meta) => meta.key === '_wp_trash_meta_comments_status')?.value);
  row.meta = row.meta.filter((meta) => !meta.key.startsWith('_wp_trash_') && meta.key !== '_wp_desired_post_slug');
  for (const variation of variationsOf(shop, row.id)) {
    if (variation.status === 'trash') variation.status = 'publish';
    bump(shop, variation);
  }
}

/** Gone for good, with its variations; ids that pointed here stay dangling in other products. */
export function deleteProduct(shop: Shop, row: ProductRow): void {
  for (const variation of variationsOf(shop, row.id)) shop.variations.delete(variation.id);
  deleteReviewsOf(shop, row.id);
  shop.products.delete(row.id);
  shop.revision += 1;
}

export function productOr404(shop: Shop, id: number, status: 400 | 404): ProductRow {
  const row = shop.products.get(id);
  // Recording "batch mixed": an unknown id is 400 for an update and 404 for a read or delete.
  if (!row) throw new RestError('woocommerce_rest_product_invalid_id', 'Invalid ID.', status);
  return row;
}
