import type { View } from '../../rest/resource.ts';
import type { ArticleRow } from '../../store/content-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { renderedHtml, slugOf } from '../../store/text.ts';
import { naive } from '../../store/zone.ts';
import { links } from '../links.ts';

/** `posts` are of the blog, with categories and tags; `pages` form a tree. */
export type ArticleKind = 'posts' | 'pages';

const unaddressed = ['draft', 'pending', 'future', 'auto-draft', 'trash'];

/** Without a public address the link is a query (recording "trash post"). */
export function articleLink(shop: Shop, kind: ArticleKind, row: ArticleRow): string {
  if (unaddressed.includes(row.status) || row.slug === '') {
    return `${shop.baseUrl}/?${kind === 'pages' ? 'page_id' : 'p'}=${row.id}`;
  }
  return `${shop.baseUrl}/${pathOf(shop, kind, row).join('/')}/`;
}

/** A page lies below its parents (source-apis §1.6: parent + slug). */
function pathOf(shop: Shop, kind: ArticleKind, row: ArticleRow): string[] {
  const slugs = [row.slug];
  const seen = new Set([row.id]);
  let above = kind === 'pages' ? shop.pages.get(row.parentId) : undefined;
  while (above && !seen.has(above.id)) {
    slugs.unshift(above.slug);
    seen.add(above.id);
    above = shop.pages.get(above.parentId);
  }
  return slugs;
}

/** A post or page; key order as recorded ("create blog post", "create page"). */
export function articleWire(shop: Shop, kind: ArticleKind, row: ArticleRow, view: View): Record<string, unknown> {
  const edit = view === 'edit';
  const type = kind === 'pages' ? 'page' : 'post';
  const text = (raw: string, rendered: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
    edit ? { raw, rendered, ...more } : { rendered, ...more };
  const hidden = { protected: row.password !== '' };
  const body = renderedHtml(row.content);
  return {
    id: row.id,
    date: row.createdLocal,
    date_gmt: naive(row.createdGmt),
    guid: {
      rendered: `${shop.baseUrl}${row.guid}`,
      ...(edit ? { raw: `${shop.baseUrl}${row.guid}` } : {}),
    },
    modified: row.modifiedLocal,
    modified_gmt: naive(row.modifiedGmt),
    ...(edit ? { password: row.password } : {}),
    slug: row.slug,
    status: row.status,
    type,
    link: articleLink(shop, kind, row),
    title: edit
      ? {
          raw: row.title,
          rendered: row.title,
        }
      : { rendered: row.title },
    content: text(row.content, row.password !== '' && !edit ? '' : body, {
      ...hidden,
      ...(edit ? { block_version: row.content.includes('<!-- wp:') ? 1 : 0 } : {}),
    }),
    excerpt: text(row.excerpt, renderedHtml(row.excerpt) || body, hidden),
    author: row.author,
    featured_media: row.featuredMedia,
    ...(kind === 'pages'
      ? {
          parent: row.parentId,
          menu_order: row.menuOrder,
        }
      : {}),
    comment_status: row.commentStatus,
    ping_status: row.pingStatus,
    ...(kind === 'posts' ? { sticky: row.sticky } : {}),
    template: row.template,
    ...(kind === 'posts' ? { format: row.format } : {}),
    meta: { footnotes: '' },
    ...(kind === 'posts'
      ? {
          categories: row.categoryIds,
          tags: row.tagIds,
        }
      : {}),
    ...(edit ? editOnly(shop, kind, row) : {}),
    class_list: classList(shop, kind, row),
    _links: articleLinks(shop, kind, row, edit),
  };
}

function editOnly(shop: Shop, kind: ArticleKind, row: ArticleRow): Record<string, unknown> {
  const name = kind === 'pages' ? '%pagename%' : '%postname%';
  const trashed = row.status === 'trash';
  return {
    permalink_template: trashed ? articleLink(shop, kind, row) : `${shop.baseUrl}/${name}/`,
    generated_slug: row.slug.replace(/__trashed$/, '') || slugOf(row.title),
  };
}

function classList(shop: Shop, kind: ArticleKind, row: ArticleRow): string[] {
  const type = kind === 'pages' ? 'page' : 'post';
  const common = [`post-${row.id}`, type, `type-${type}`, `status-${row.status}`];
  if (kind === 'pages') return [...common, 'hentry'];
  const named = (ids: readonly number[], prefix: string): string[] =>
    ids.flatMap((id) => (shop.terms.has(id) ? [`${prefix}-${shop.terms.get(id)!.slug}`] : []));
  const terms = [...named(row.categoryIds, 'category'), ...named(row.tagIds, 'tag')];
  return [...common, `format-${row.format}`, 'hentry', ...terms];
}

const postActions = 'sticky,assign-author,create-categories,assign-categories,create-tags,assign-tags'.split(',');

function articleLinks(shop: Shop, kind: ArticleKind, row: ArticleRow, edit: boolean): Record<string, unknown> {
  const wp = `${shop.baseUrl}/wp-json/wp/v2`;
  const own = `${wp}/${kind}/${row.id}`;
  const out: Record<string, unknown> = {
    ...links(shop, `/wp/v2/${kind}`, row.id),
    about: [{ href: `${wp}/types/${kind === 'pages' ? 'page' : 'post'}` }],
    author: [{ embeddable: true, href: `${wp}/users/${row.author}` }],
    replies: [{ embeddable: true, href: `${wp}/comments?post=${row.id}` }],
    'version-history': [{ count: row.revisions.length, href: `${own}/revisions` }],
  };
  const last = row.revisions.at(-1);
  if (last !== undefined) out['predecessor-version'] = [{ id: last, href: `${own}/revisions/${last}` }];
  if (row.parentId > 0) out['up'] = [{ embeddable: true, href: `${wp}/${kind}/${row.parentId}` }];
  if (row.featuredMedia > 0) {
    out['wp:featuredmedia'] = [{ embeddable: true, href: `${wp}/media/${row.featuredMedia}` }];
  }
  out['wp:attachment'] = [{ href: `${wp}/media?parent=${row.id}` }];
  if (kind === 'posts') {
    out['wp:term'] = [
      { taxonomy: 'category', embeddable: true, href: `${wp}/categories?post=${row.id}` },
      { taxonomy: 'post_tag', embeddable: true, href: `${wp}/tags?post=${row.id}` },
    ];
  }
  if (edit) {
    const actions = kind === 'posts' ? postActions : ['assign-author'];
    for (const action of ['publish', 'unfiltered-html', ...actions]) out[`wp:action-${action}`] = [{ href: own }];
  }
  return { ...out, curies: [{ name: 'wp', href: 'https://api.w.org/{rel}', templated: true }] };
}
