import { RestError } from '../rest/errors.ts';
import type { Params } from '../rest/params.ts';
import type { Resource } from '../rest/resource.ts';
import type { AttributeRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { nextId, termsOf } from '../store/shop.ts';
import { cleanText, slugOf } from '../store/text.ts';
import { links } from './links.ts';
import { textOf } from '../rest/params.ts';

const path = '/wc/v3/products/attributes';

export function attributeWire(shop: Shop, row: AttributeRow): Record<string, unknown> {
  return {
    id: row.id,
    // Attribute names are not entity-encoded, unlike term names (fidelity §1 T1).
    name: row.name,
    slug: row.slug,
    type: row.type,
    order_by: row.orderBy,
    has_archives: row.hasArchives,
    _links: links(shop, path, row.id),
  };
}

/** Global attributes: the whole list at once, no paging, no filters (source-apis §1.2). */
export const attributes: Resource = {
  path,
  paged: false,
  listParams: { context: { type: 'string', default: 'view', enum: ['view', 'edit'] } },
  writeParams: {
    name: { type: 'string', required: true },
    slug: { type: 'string' },
    type: { type: 'string' },
    order_by: { type: 'string', enum: ['menu_order', 'name', 'name_num', 'id'] },
    has_archives: { type: 'boolean' },
  },
  batch: true,
  list: (call) => [...call.shop.attributes.values()].sort((a, b) => a.id - b.id),
  render: (call, row: AttributeRow) => attributeWire(call.shop, row),
  read: (call, id) => attributeWire(call.shop, attributeOr404(call.shop, id)),
  create: (call, body) => attributeWire(call.shop, createAttribute(call.shop, body)),
  update: (call, id, body) => {
    const row = attributeOr404(call.shop, id);
    if (typeof body['name'] === 'string') row.name = cleanText(body['name']);
    writeDetails(row, body);
    call.shop.revision += 1;
    return attributeWire(call.shop, row);
  },
  remove: (call, id, force) => {
    const row = attributeOr404(call.shop, id);
    if (!force) throw new RestError('woocommerce_rest_trash_not_supported', 'Resource does not support trashing.', 501);
    const before = attributeWire(call.shop, row);
    for (const term of termsOf(call.shop, row.slug)) call.shop.terms.delete(term.id);
    call.shop.attributes.delete(id);
    call.shop.revision += 1;
    return before;
  },
};

function attributeOr404(shop: Shop, id: number): AttributeRow {
  const row = shop.attributes.get(id);
  if (!row) throw new RestError('woocommerce_rest_taxonomy_invalid', 'Resource does not exist.', 404);
  return row;
}

export function createAttribute(shop: Shop, body: Params): AttributeRow {
  const name = cleanText(textOf(body['name']));
  const slug = `pa_${slugOf(textOf(body['slug']) || name).replace(/^pa_/, '')}`;
  if (slug.length > 28 + 3) {
    const message = `Slug "${slug}" is too long (28 characters max). Shorten it, please.`;
    throw new RestError('invalid_product_attribute_slug_too_long', message, 400);
  }
  if ([...shop.attributes.values()].some((row) => row.slug === slug)) {
    const message = `Slug "${slug.slice(3)}" is already in use. Change it, please.`;
    throw new RestError('invalid_product_attribute_slug_already_exists', message, 400);
  }
  const row: AttributeRow = {
    id: nextId(shop, 'attribute'),
    name,
    slug,
    type: 'select',
    orderBy: 'menu_order',
    hasArchives: false,
  };
  writeDetails(row, body);
  shop.attributes.set(row.id, row);
  shop.revision += 1;
  return row;
}

function writeDetails(row: AttributeRow, body: Params): void {
  if (typeof body['type'] === 'string') row.type = body['type'];
  if (typeof body['order_by'] === 'string') row.orderBy = body['order_by'];
  if (body['has_archives'] !== undefined) row.hasArchives = body['has_archives'] === true;
}
