import { RestError } from '../rest/errors.ts';
import { pagingParams } from '../rest/paging.ts';
import type { Params, ParamSpecs } from '../rest/params.ts';
import { flag, ids, text } from '../rest/params.ts';
import type { Call, Resource } from '../rest/resource.ts';
import type { VariationRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { bump, newPost, nextId, variationsOf } from '../store/shop.ts';
import type { ImageBody } from './images.ts';
import { attachmentFor } from './images.ts';
import { dateFilter, idFilter, postListParams, sortPosts, statusFilter } from './post-query.ts';
import { variationValues } from './product-attributes.ts';
import { skuFilter } from './product-query.ts';
import { saleRuns } from './sellable.ts';
import { emptySellable, sellableParams, writeSellable } from './sellable-write.ts';
import { variationWire } from './variation-wire.ts';

const orders = ['date', 'id', 'include', 'title', 'slug', 'modified', 'menu_order'] as const;

const listParams: ParamSpecs = {
  ...pagingParams,
  ...postListParams,
  orderby: { type: 'string', default: 'date', enum: orders },
  sku: { type: 'string' },
  on_sale: { type: 'boolean' },
  stock_status: { type: 'string', enum: ['instock', 'outofstock', 'onbackorder'] },
  has_price: { type: 'boolean' },
  virtual: { type: 'boolean' },
  downloadable: { type: 'boolean' },
};

const writeParams: ParamSpecs = {
  ...sellableParams,
  status: { type: 'string', enum: ['draft', 'pending', 'private', 'publish', 'future', 'auto-draft', 'trash'] },
  // `parent` or a boolean; anything else WordPress would turn into one.
  manage_stock: { type: 'any' },
  image: { type: 'any' },
  attributes: { type: 'array' },
};

function listVariations(call: Call, candidates: Iterable<VariationRow>): VariationRow[] {
  const { shop, params, controls } = call;
  const filters: ((row: VariationRow) => boolean)[] = [
    controls.shows,
    statusFilter(params),
    idFilter(params),
    dateFilter(params, shop.zone),
  ];
  const [parents, without] = [ids(params, 'parent'), ids(params, 'parent_exclude')];
  if (parents.length > 0) filters.push((row) => parents.includes(row.parentId));
  if (without.length > 0) filters.push((row) => !without.includes(row.parentId));
  const sku = text(params, 'sku');
  if (sku) filters.push(skuFilter(sku));
  if (params['on_sale'] !== undefined) {
    filters.push((row) => saleRuns(row, shop.clock.now()) === flag(params, 'on_sale'));
  }
  if (params['has_price'] !== undefined) {
    filters.push((row) => (row.regularPrice !== '') === flag(params, 'has_price'));
  }
  const rows = [...candidates].filter((row) => filters.every((filter) => filter(row)));
  return sortPosts(rows, params, { title: (row: VariationRow) => String(row.id) });
}

/** Below one product. Whether the product exists is not asked: an unknown one has an empty list. */
export const productVariations: Resource = {
  path: '/wc/v3/products/:product_id(^\\d+$)/variations',
  listParams,
  writeParams,
  batch: true,
  list: (call) => listVariations(call, variationsOf(call.shop, call.ids['product_id']!)),
  render: (call, row: VariationRow) => variationWire(call.shop, row),
  read: (call, id) => variationWire(call.shop, variationOr404(call, id, 404)),
  create: (call, body) =>
    variationWire(call.shop, createVariation(call.shop, call.ids['product_id']!, body, true), true),
  update: (call, id, body) => {
    const row = variationOr404(call, id, 400);
    updateVariation(call.shop, row, body, true);
    return variationWire(call.shop, row);
  },
  remove: (call, id, force) => {
    const row = variationOr404(call, id, 404);
    const before = variationWire(call.shop, row);
    // Without force it goes to the trash (source-apis §1.5); either way the parent's stamp moves (§1.4).
    if (force) call.shop.variations.delete(row.id);
    else row.status = 'trash';
    bump(call.shop, row);
    bumpParent(call.shop, row);
    return before;
  },
};

/** All variations of the shop: the only way to ask for changed ones at once (source-apis §1.6). */
export const allVariations: Resource = {
  path: '/wc/v3/variations',
  listParams,
  writeParams: {},
  list: (call) => listVariations(call, call.shop.variations.values()),
  render: (call, row: VariationRow) => variationWire(call.shop, row),
};

function variationOr404(call: Call, id: number, status: 400 | 404): VariationRow {
  const row = call.shop.variations.get(id);
  if (!row || row.parentId !== call.ids['product_id']) {
    throw new RestError('woocommerce_rest_product_variation_invalid_id', 'Invalid ID.', status);
  }
  return row;
}

export function createVariation(shop: Shop, parentId: number, body: Params, strict: boolean): VariationRow {
  const row: VariationRow = {
    ...newPost(shop, null),
    ...emptySellable(),
    taxClass: 'parent',
    status: 'publish',
    slug: '',
    parentId,
    imageId: 0,
    attributes: {},
  };
  writeVariation(shop, row, body, strict);
  const parent = shop.products.get(parentId);
  row.id = nextId(shop, 'post');
  row.slug = `${parent?.slug ?? 'product'}-${row.id}`;
  shop.variations.set(row.id, row);
  shop.revision += 1;
  bumpParent(shop, row);
  return row;
}

function updateVariation(shop: Shop, row: VariationRow, body: Params, strict: boolean): void {
  const draft = structuredClone(row);
  writeVariation(shop, draft, body, strict);
  Object.assign(row, draft);
  bump(shop, row);
  bumpParent(shop, row);
}

function writeVariation(shop: Shop, row: VariationRow, body: Params, strict: boolean): void {
  if (typeof body['status'] === 'string') row.status = body['status'];
  if (body['manage_stock'] === 'parent') row.manageStock = false;
  const { manage_stock: manage, ...rest } = body;
  const own = manage === undefined || manage === 'parent' ? rest : { ...rest, manage_stock: manage === true };
  writeSellable(shop, row, own, { strictSku: strict });
  if (body['image'] !== undefined) row.imageId = imageId(shop, body['image']);
  if (body['attributes'] !== undefined) {
    row.attributes = variationValues(shop, shop.products.get(row.parentId), body['attributes']);
  }
}

function imageId(shop: Shop, given: unknown): number {
  const body = typeof given === 'object' && given !== null ? (given as ImageBody) : {};
  return body.id === undefined && body.src === undefined ? 0 : attachmentFor(shop, body, 'variation').id;
}

function bumpParent(shop: Shop, row: VariationRow): void {
  const parent = shop.products.get(row.parentId);
  if (parent) bump(shop, parent);
}
