import { RestError } from '../rest/errors.ts';
import { pagingParams } from '../rest/paging.ts';
import type { Params, ParamSpecs } from '../rest/params.ts';
import { textOf, flag, ids, text, whole } from '../rest/params.ts';
import type { Call, Resource } from '../rest/resource.ts';
import type { TermRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { termsOf } from '../store/shop.ts';
import { publishedCount, termIdsOf } from '../store/term-use.ts';
import { cleanText, slugOf, termName } from '../store/text.ts';
import type { ImageBody } from './images.ts';
import { attachmentFor, imageWire } from './images.ts';
import { links } from './links.ts';
import { compareText } from './product-wire.ts';
import { freeTermSlug, makeTerm, refuseDuplicate } from './term-write.ts';

/** What sets one kind of term apart from another on the wire. */
export interface TermKind {
  path: string;
  /** Taxonomy of a call: fixed, or named by the attribute in the path. */
  taxonomy: (call: Call) => string;
  /** Where the collection of this call lives, for `_links`. */
  collection: (call: Call) => string;
  /** Fields beyond id, name, slug and description. */
  fields: readonly ('parent' | 'display' | 'image' | 'menu_order')[];
}

const termListParams: ParamSpecs = {
  ...pagingParams,
  order: { type: 'string', default: 'asc', enum: ['asc', 'desc'] },
  orderby: {
    type: 'string',
    default: 'name',
    enum: ['id', 'include', 'name', 'slug', 'term_group', 'description', 'count'],
  },
  hide_empty: { type: 'boolean', default: false },
  parent: { type: 'integer' },
  product: { type: 'integer' },
  slug: { type: 'string' },
};

const termWriteParams: ParamSpecs = {
  name: { type: 'string', required: true },
  slug: { type: 'string' },
  parent: { type: 'integer' },
  description: { type: 'string' },
  display: { type: 'string', enum: ['default', 'products', 'subcategories', 'both'] },
  image: { type: 'any' },
  menu_order: { type: 'integer' },
};

export function termWire(shop: Shop, term: TermRow, kind: TermKind, collection: string): Record<string, unknown> {
  const image = shop.attachments.get(term.imageId);
  const wire: Record<string, unknown> = { id: term.id, name: term.name, slug: term.slug };
  if (kind.fields.includes('parent')) wire['parent'] = term.parent;
  wire['description'] = term.description;
  if (kind.fields.includes('display')) wire['display'] = term.display;
  if (kind.fields.includes('image')) wire['image'] = image ? imageWire(shop, image) : null;
  if (kind.fields.includes('menu_order')) wire['menu_order'] = term.menuOrder;
  wire['count'] = publishedCount(shop, term.id);
  const up = kind.fields.includes('parent') && term.parent > 0 ? `${collection}/${term.parent}` : undefined;
  wire['_links'] = links(shop, collection, term.id, up);
  return wire;
}

function listTerms(call: Call, taxonomy: string): TermRow[] {
  const { shop, params, controls } = call;
  const include = ids(params, 'include');
  const exclude = ids(params, 'exclude');
  const search = text(params, 'search')?.toLowerCase();
  const slug = text(params, 'slug');
  const parent = whole(params, 'parent');
  const product = shop.products.get(whole(params, 'product') ?? 0);
  const rows = termsOf(shop, taxonomy).filter(
    (term) =>
      controls.shows(term) &&
      (include.length === 0 || include.includes(term.id)) &&
      !exclude.includes(term.id) &&
      (!search || `${term.name} ${term.slug}`.toLowerCase().includes(search)) &&
      (!slug || slug.split(',').includes(term.slug)) &&
      (parent === undefined || term.parent === parent) &&
      (params['product'] === undefined || (product && termIdsOf(product).includes(term.id))) &&
      (!flag(params, 'hide_empty') || publishedCount(shop, term.id) > 0),
  );
  return sortTerms(shop, rows, params);
}

function sortTerms(shop: Shop, rows: TermRow[], params: Params): TermRow[] {
  const direction = text(params, 'order') === 'desc' ? -1 : 1;
  const include = ids(params, 'include');
  const orders: Record<string, (a: TermRow, b: TermRow) => number> = {
    id: (a, b) => a.id - b.id,
    include: (a, b) => include.indexOf(a.id) - include.indexOf(b.id),
    slug: (a, b) => compareText(a.slug, b.slug),
    description: (a, b) => compareText(a.description, b.description),
    count: (a, b) => publishedCount(shop, a.id) - publishedCount(shop, b.id),
    name: (a, b) => compareText(a.name, b.name),
  };
  const compare = orders[text(params, 'orderby') ?? 'name'] ?? orders['name']!;
  return rows.sort((a, b) => direction * compare(a, b) || a.id - b.id);
}

export function termResource(kind: TermKind): Resource {
  const wire = (call: Call, term: TermRow): unknown => termWire(call.shop, term, kind, kind.collection(call));
  return {
    path: kind.path,
    listParams: termListParams,
    writeParams: termWriteParams,
    batch: true,
    list: (call) => listTerms(call, kind.taxonomy(call)),
    render: (call, row: TermRow) => wire(call, row),
    read: (call, id) => wire(call, termOr404(call, kind, id)),
    create: (call, body) => {
      if (typeof body['name'] !== 'string' || body['name'].trim() === '') {
        throw new RestError('empty_term_name', 'A name is required for this term.', 400);
      }
      return wire(call, createTerm(call.shop, kind.taxonomy(call), body, true));
    },
    update: (call, id, body) => {
      const term = termOr404(call, kind, id);
      updateTerm(call.shop, term, body);
      return wire(call, term);
    },
    remove: (call, id, force) => {
      const term = termOr404(call, kind, id);
      // Terms have no trash (source-apis §1.5, recording "category delete without force").
      if (!force)
        throw new RestError('woocommerce_rest_trash_not_supported', 'Resource does not support trashing.', 501);
      const before = wire(call, term);
      removeTerm(call.shop, term);
      return before;
    },
  };
}

function termOr404(call: Call, kind: TermKind, id: number): TermRow {
  const term = call.shop.terms.get(id);
  if (!term || term.taxonomy !== kind.taxonomy(call)) {
    throw new RestError('woocommerce_rest_term_invalid', 'Resource does not exist.', 404);
  }
  return term;
}

export function createTerm(shop: Shop, taxonomy: string, body: Params, strict: boolean): TermRow {
  const fields = {
    name: textOf(body['name']),
    slug: typeof body['slug'] === 'string' ? body['slug'] : undefined,
    parent: Number(body['parent'] ?? 0),
    description: typeof body['description'] === 'string' ? body['description'] : '',
  };
  if (fields.parent > 0 && shop.terms.get(fields.parent)?.taxonomy !== taxonomy) {
    throw new RestError('woocommerce_rest_term_invalid', 'Parent resource does not exist.', 404);
  }
  if (strict) refuseDuplicate(shop, taxonomy, fields);
  const term = makeTerm(shop, taxonomy, fields);
  writeDetails(shop, term, body);
  return term;
}

/** A renamed term bumps no product and has no stamp of its own (source-apis §1.4). */
function updateTerm(shop: Shop, term: TermRow, body: Params): void {
  const parent = body['parent'] === undefined ? term.parent : Number(body['parent']);
  if (parent > 0 && shop.terms.get(parent)?.taxonomy !== term.taxonomy) {
    throw new RestError('woocommerce_rest_term_invalid', 'Parent resource does not exist.', 404);
  }
  if (typeof body['name'] === 'string') term.name = termName(body['name']);
  if (typeof body['description'] === 'string') term.description = body['description'];
  // WordPress refuses to make a loop: the term goes to the top instead.
  term.parent = isBelow(shop, parent, term.id) ? 0 : parent;
  if (typeof body['slug'] === 'string' && body['slug'] !== '') {
    term.slug = freeTermSlug(shop, term.taxonomy, slugOf(body['slug']), term.parent, term.id);
  }
  writeDetails(shop, term, body);
  shop.revision += 1;
}

function isBelow(shop: Shop, id: number, ancestor: number): boolean {
  const seen = new Set<number>();
  for (let at = id; at > 0 && !seen.has(at); at = shop.terms.get(at)?.parent ?? 0) {
    if (at === ancestor) return true;
    seen.add(at);
  }
  return false;
}

function writeDetails(shop: Shop, term: TermRow, body: Params): void {
  if (typeof body['display'] === 'string') term.display = cleanText(body['display']);
  if (typeof body['menu_order'] === 'number') term.menuOrder = body['menu_order'];
  if (body['image'] === undefined) return;
  const image = typeof body['image'] === 'object' && body['image'] !== null ? (body['image'] as ImageBody) : {};
  term.imageId = image.id === undefined && image.src === undefined ? 0 : attachmentFor(shop, image, 'term').id;
}

/** Children move up to the parent; products that lose their last category get the default one. No stamp moves. */
function removeTerm(shop: Shop, term: TermRow): void {
  shop.terms.delete(term.id);
  for (const child of shop.terms.values()) if (child.parent === term.id) child.parent = term.parent;
  const without = (list: number[]): number[] => list.filter((id) => id !== term.id);
  for (const product of shop.products.values()) {
    product.brandIds = without(product.brandIds);
    product.tagIds = without(product.tagIds);
    for (const attribute of product.attributes) attribute.termIds = without(attribute.termIds);
    const had = product.categoryIds.length > 0;
    product.categoryIds = without(product.categoryIds);
    if (had && product.categoryIds.length === 0) product.categoryIds = [shop.defaultCategoryId];
  }
  shop.revision += 1;
}
