import { RestError } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import type { ParamSpecs } from '../../rest/params.ts';
import { flag, ids, text, texts } from '../../rest/params.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import type { ArticleRow } from '../../store/content-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { dateFilter, idFilter, sortPosts } from '../post-query.ts';
import type { ArticleKind } from './article-wire.ts';
import { articleWire } from './article-wire.ts';
import { articleWriteParams, createArticle, trashArticle, updateArticle } from './article-write.ts';
import { refusePrivateView } from './public-view.ts';

const statuses = ['publish', 'future', 'draft', 'pending', 'private', 'trash', 'auto-draft', 'inherit', 'any'];
const everyday = ['publish', 'future', 'draft', 'pending', 'private'];
const orders = 'author,date,id,include,modified,parent,relevance,slug,title';

/** Filters of WordPress's own lists of posts. There is no `dates_are_gmt` (source-apis §1.3). */
export const wordpressListParams: ParamSpecs = {
  ...pagingParams,
  after: { type: 'date' },
  before: { type: 'date' },
  modified_after: { type: 'date' },
  modified_before: { type: 'date' },
  order: { type: 'string', default: 'desc', enum: ['asc', 'desc'] },
  orderby: { type: 'string', default: 'date', enum: orders.split(',') },
  author: { type: 'idList' },
  author_exclude: { type: 'idList' },
  slug: { type: 'textList' },
  status: { type: 'textList', default: ['publish'], enum: statuses },
};

const listParams: Record<ArticleKind, ParamSpecs> = {
  posts: {
    ...wordpressListParams,
    categories: { type: 'idList' },
    tags: { type: 'idList' },
    sticky: { type: 'boolean' },
  },
  pages: {
    ...wordpressListParams,
    orderby: { type: 'string', default: 'date', enum: [...orders.split(','), 'menu_order'] },
    parent: { type: 'idList' },
  },
};

/** Posts and pages are filtered by their local columns, whatever a client says about GMT (source-apis §1.3). */
export function localDateFilter(call: Call): ReturnType<typeof dateFilter> {
  return dateFilter({ ...call.params, dates_are_gmt: false }, call.shop.zone);
}

function listArticles(call: Call, kind: ArticleKind): ArticleRow[] {
  const { shop, params, controls } = call;
  refusePrivateView(call, `posts in this post type`);
  const wanted = new Set(texts(params, 'status').flatMap((status) => (status === 'any' ? everyday : [status])));
  const filters: ((row: ArticleRow) => boolean)[] = [
    (row) => wanted.has(row.status),
    controls.shows,
    idFilter(params),
    localDateFilter(call),
  ];
  const among = (name: string, values: (row: ArticleRow) => number[], keep = true): void => {
    const given = ids(params, name);
    if (given.length > 0) filters.push((row) => values(row).some((id) => given.includes(id)) === keep);
  };
  among('author', (row) => [row.author]);
  among('author_exclude', (row) => [row.author], false);
  if (kind === 'posts') {
    among('categories', (row) => row.categoryIds);
    among('tags', (row) => row.tagIds);
    if (params['sticky'] !== undefined) filters.push((row) => row.sticky === flag(params, 'sticky'));
  } else among('parent', (row) => [row.parentId]);
  const slugs = texts(params, 'slug');
  if (slugs.length > 0) filters.push((row) => slugs.includes(row.slug));
  const search = text(params, 'search')?.toLowerCase();
  if (search) filters.push((row) => `${row.title} ${row.excerpt} ${row.content}`.toLowerCase().includes(search));
  const rows = [...shop[kind].values()].filter((row) => filters.every((filter) => filter(row)));
  return sortPosts(rows, params, { title: (row: ArticleRow) => row.title });
}

export function articles(kind: ArticleKind): Resource {
  return {
    path: `/wp/v2/${kind}`,
    open: true,
    // Beyond the last page wp/v2 refuses, unlike wc/v3 (recording "posts page past end").
    strictPages: true,
    ownFieldOrder: true,
    listParams: listParams[kind],
    writeParams: articleWriteParams,
    list: (call) => listArticles(call, kind),
    render: (call, row: ArticleRow) => articleWire(call.shop, kind, row, call.context),
    read: (call, id) => {
      const row = articleOr404(call.shop, kind, id);
      refusePrivateView(call, 'this post');
      if (call.anonymous && row.status !== 'publish') {
        throw new RestError('rest_forbidden', 'Sorry, you are not allowed to do that.', 401);
      }
      return articleWire(call.shop, kind, row, call.context);
    },
    create: (call, body) => articleWire(call.shop, kind, createArticle(call.shop, kind, body), 'edit'),
    update: (call, id, body) => {
      const row = articleOr404(call.shop, kind, id);
      updateArticle(call.shop, kind, row, body);
      return articleWire(call.shop, kind, row, 'edit');
    },
    remove: (call, id, force) => {
      const row = articleOr404(call.shop, kind, id);
      if (!force) {
        // Unlike a product's, the answer shows the trashed post (source-apis §1.6).
        trashArticle(call.shop, row);
        return articleWire(call.shop, kind, row, 'edit');
      }
      const previous = articleWire(call.shop, kind, row, 'edit');
      call.shop[kind].delete(id);
      call.shop.revision += 1;
      return { deleted: true, previous };
    },
  };
}

function articleOr404(shop: Shop, kind: ArticleKind, id: number): ArticleRow {
  const row = shop[kind].get(id);
  if (!row) throw new RestError('rest_post_invalid_id', 'Invalid post ID.', 404);
  return row;
}
