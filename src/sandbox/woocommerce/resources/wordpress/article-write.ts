import { RestError } from '../../rest/errors.ts';
import type { Params, ParamSpecs } from '../../rest/params.ts';
import { textOf } from '../../rest/params.ts';
import type { ArticleRow } from '../../store/content-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { bump, newMeta, newPost, nextId, nowSeconds, rememberSlug } from '../../store/shop.ts';
import { productTitle, slugOf, uniqueSlug } from '../../store/text.ts';
import { writtenInstant } from '../../store/zone.ts';
import type { ArticleKind } from './article-wire.ts';

const statuses = ['publish', 'future', 'draft', 'pending', 'private', 'trash'] as const;

export const articleWriteParams: ParamSpecs = {
  date: { type: 'any' },
  date_gmt: { type: 'any' },
  slug: { type: 'string' },
  status: { type: 'string', enum: statuses },
  password: { type: 'string' },
  author: { type: 'integer' },
  featured_media: { type: 'integer' },
  comment_status: { type: 'string', enum: ['open', 'closed'] },
  ping_status: { type: 'string', enum: ['open', 'closed'] },
  sticky: { type: 'boolean' },
  template: { type: 'string' },
  format: { type: 'string' },
  parent: { type: 'integer' },
  menu_order: { type: 'integer' },
  categories: { type: 'idList' },
  tags: { type: 'idList' },
};

export function createArticle(shop: Shop, kind: ArticleKind, body: Params): ArticleRow {
  const replies = kind === 'posts' ? 'open' : 'closed';
  const row: ArticleRow = {
    ...newPost(shop, writtenAt(shop, body)),
    status: 'draft',
    slug: '',
    title: '',
    content: '',
    excerpt: '',
    password: '',
    author: 1,
    featuredMedia: 0,
    commentStatus: replies,
    pingStatus: replies,
    sticky: false,
    template: '',
    format: 'standard',
    parentId: 0,
    categoryIds: kind === 'posts' ? [1] : [],
    tagIds: [],
    guid: '',
    revisions: [],
  };
  writeArticle(shop, kind, row, body);
  row.id = nextId(shop, 'post');
  row.guid = row.slug === '' ? `/?p=${row.id}` : `/${row.slug}/`;
  shop[kind].set(row.id, row);
  shop.revision += 1;
  return row;
}

/** Any save moves the stamp, an empty one too (source-apis §1.6). */
export function updateArticle(shop: Shop, kind: ArticleKind, row: ArticleRow, body: Params): void {
  const before = { slug: row.slug, status: row.status };
  writeArticle(shop, kind, row, body);
  const at = writtenAt(shop, body);
  if (at !== null) {
    row.createdGmt = at;
    row.createdLocal = shop.zone.local(at);
  }
  if (before.status === 'trash' && row.status !== 'trash') {
    row.slug = freeSlug(shop, kind, row, row.slug.replace(/__trashed$/, ''));
    row.meta = row.meta.filter((meta) => !meta.key.startsWith('_wp_'));
  }
  rememberSlug(row, before);
  bump(shop, row);
}

/** To the trash: the slug is marked, a revision takes an id of the shared sequence (recording "trash post"). */
export function trashArticle(shop: Shop, row: ArticleRow): void {
  if (row.status === 'trash') throw new RestError('rest_already_trashed', 'The post has already been deleted.', 410);
  row.meta.push(newMeta(shop, '_wp_trash_meta_status', row.status));
  row.status = 'trash';
  if (row.slug !== '') row.slug = `${row.slug}__trashed`;
  row.revisions.push(nextId(shop, 'post'));
  bump(shop, row);
}

function writtenAt(shop: Shop, body: Params): number | null {
  if (typeof body['date_gmt'] === 'string') return writtenInstant(body['date_gmt'], shop.zone, true);
  if (typeof body['date'] === 'string') return writtenInstant(body['date'], shop.zone, false);
  return null;
}

/** Long texts come as text or as `{raw}`. */
function rawOf(given: unknown): string | undefined {
  if (typeof given === 'object' && given !== null) return rawOf((given as Params)['raw']);
  return given === undefined ? undefined : textOf(given);
}

function writeArticle(shop: Shop, kind: ArticleKind, row: ArticleRow, body: Params): void {
  const title = rawOf(body['title']);
  if (title !== undefined) row.title = productTitle(title);
  row.content = rawOf(body['content']) ?? row.content;
  row.excerpt = rawOf(body['excerpt']) ?? row.excerpt;
  const texts = { password: 'password', comment_status: 'commentStatus', ping_status: 'pingStatus' } as const;
  for (const [name, field] of Object.entries({ ...texts, template: 'template', format: 'format' } as const)) {
    if (typeof body[name] === 'string') row[field] = body[name];
  }
  if (typeof body['author'] === 'number') row.author = body['author'];
  if (typeof body['featured_media'] === 'number') row.featuredMedia = body['featured_media'];
  if (typeof body['menu_order'] === 'number') row.menuOrder = body['menu_order'];
  if (typeof body['parent'] === 'number') row.parentId = body['parent'];
  if (body['sticky'] !== undefined) row.sticky = body['sticky'] === true;
  if (kind === 'posts') writeTerms(shop, row, body);
  if (typeof body['status'] === 'string') {
    row.status = body['status'] === 'publish' && row.createdGmt > nowSeconds(shop) ? 'future' : body['status'];
  }
  const given = typeof body['slug'] === 'string' ? slugOf(body['slug']) : '';
  if (given !== '') row.slug = freeSlug(shop, kind, row, given);
  else if (row.slug === '' && ['publish', 'private', 'future'].includes(row.status)) {
    row.slug = freeSlug(shop, kind, row, slugOf(row.title) || String(shop.sequences.post + 1));
  }
}

/** A post without a category gets the blog's default one. */
function writeTerms(shop: Shop, row: ArticleRow, body: Params): void {
  const list = (name: string, taxonomy: string): number[] | undefined =>
    Array.isArray(body[name])
      ? body[name].map(Number).filter((id) => shop.terms.get(id)?.taxonomy === taxonomy)
      : undefined;
  const categories = list('categories', 'category');
  if (categories) row.categoryIds = categories.length === 0 ? [1] : categories;
  row.tagIds = list('tags', 'post_tag') ?? row.tagIds;
}

/** Slugs of posts are unique among posts, those of pages below one parent. */
function freeSlug(shop: Shop, kind: ArticleKind, row: ArticleRow, wanted: string): string {
  const taken = new Set<string>();
  for (const other of shop[kind].values()) {
    if (other.id !== row.id && (kind === 'posts' || other.parentId === row.parentId)) taken.add(other.slug);
  }
  return uniqueSlug(wanted, (slug) => taken.has(slug));
}
