import { RestError } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import type { ParamSpecs } from '../../rest/params.ts';
import { ids, text, whole } from '../../rest/params.ts';
import type { Resource } from '../../rest/resource.ts';
import type { ArticleRow } from '../../store/content-rows.ts';
import type { TermRow } from '../../store/rows.ts';
import type { Shop } from '../../store/shop.ts';
import { termsOf } from '../../store/shop.ts';
import { publishedCount } from '../../store/term-use.ts';
import { compareText } from '../product-wire.ts';

const listParams: ParamSpecs = {
  ...pagingParams,
  order: { type: 'string', default: 'asc', enum: ['asc', 'desc'] },
  orderby: { type: 'string', default: 'name', enum: ['id', 'include', 'name', 'slug', 'term_group', 'count'] },
  slug: { type: 'string' },
  parent: { type: 'integer' },
};

/** Path of a term's page: its slugs from the top, below the base of its taxonomy; tags are flat. */
export function termLink(shop: Shop, term: TermRow): string {
  const bases: Record<string, string> = {
    product_cat: shop.settings['permalinks']?.['category_base'] ?? 'product-category',
    product_tag: shop.settings['permalinks']?.['tag_base'] ?? 'product-tag',
    product_brand: shop.settings['permalinks']?.['brand_base'] ?? 'brand',
    post_tag: 'tag',
  };
  const slugs: string[] = [];
  const seen = new Set<number>();
  for (let at: TermRow | undefined = term; at && !seen.has(at.id); at = shop.terms.get(at.parent)) {
    slugs.unshift(at.slug);
    seen.add(at.id);
  }
  return `${shop.baseUrl}/${bases[term.taxonomy] ?? term.taxonomy}/${slugs.join('/')}/`;
}

function wire(shop: Shop, term: TermRow): Record<string, unknown> {
  const collection = `${shop.baseUrl}/wp-json/wp/v2/${pathOf(term.taxonomy)}`;
  return {
    id: term.id,
    count: countOf(shop, term),
    description: term.description,
    link: termLink(shop, term),
    name: term.name,
    slug: term.slug,
    taxonomy: term.taxonomy,
    ...(term.taxonomy.endsWith('_tag') ? {} : { parent: term.parent }),
    meta: [],
    _links: { self: [{ href: `${collection}/${term.id}` }], collection: [{ href: collection }] },
  };
}

/** The blog's own taxonomies are called differently in addresses. */
function pathOf(taxonomy: string): string {
  return { category: 'categories', post_tag: 'tags' }[taxonomy] ?? taxonomy;
}

function countOf(shop: Shop, term: TermRow): number {
  if (!['category', 'post_tag'].includes(term.taxonomy)) return publishedCount(shop, term.id);
  const carries = (row: ArticleRow): boolean => [...row.categoryIds, ...row.tagIds].includes(term.id);
  return [...shop.posts.values()].filter((row) => row.status === 'publish' && carries(row)).length;
}

type Taxonomy = 'product_cat' | 'product_tag' | 'product_brand' | 'category' | 'post_tag';

/** `wp/v2` terms: the only answers with a link (fidelity §1 T21). Open to everybody, read only. */
export function wordpressTerms(taxonomy: Taxonomy): Resource {
  return {
    path: `/wp/v2/${pathOf(taxonomy)}`,
    open: true,
    // Beyond the last page wp/v2 refuses, unlike wc/v3 (source-apis §1.2).
    strictPages: true,
    listParams,
    writeParams: {},
    list: ({ shop, params, controls }) => {
      const include = ids(params, 'include');
      const exclude = ids(params, 'exclude');
      const slug = text(params, 'slug')?.split(',');
      const parent = whole(params, 'parent');
      const direction = text(params, 'order') === 'desc' ? -1 : 1;
      const byId = text(params, 'orderby') === 'id';
      return termsOf(shop, taxonomy)
        .filter((term) => controls.shows(term) && (include.length === 0 || include.includes(term.id)))
        .filter((term) => !exclude.includes(term.id) && (!slug || slug.includes(term.slug)))
        .filter((term) => parent === undefined || term.parent === parent)
        .sort((a, b) => direction * (byId ? a.id - b.id : compareText(a.name, b.name)) || a.id - b.id);
    },
    render: ({ shop }, row: TermRow) => wire(shop, row),
    read: ({ shop }, id) => {
      const term = shop.terms.get(id);
      if (term?.taxonomy !== taxonomy) throw new RestError('rest_term_invalid', 'Term does not exist.', 404);
      return wire(shop, term);
    },
  };
}
