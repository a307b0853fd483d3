import { contentHash } from '../../../canonical/content-hash.ts';
import { decodedText } from '../../../canonical/plain-text.ts';
import type { CanonicalBlogPost, CanonicalPage } from '../../../domain/content.ts';
import type { Json } from '../../../domain/json.ts';
import type { ReportItem, SourceRecord } from '../../../domain/record.ts';
import type { EntityRow } from '../entity-row.ts';
import { metaFields } from '../products/meta-fields.ts';
import { pathOf } from '../wire/paths.ts';
import { readRows, rowId, unnamed } from '../wire/read-row.ts';
import type { WooApi } from '../woo-api.ts';
import { articleSchema, type WireArticle } from './article-schema.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';
import { createSystemPages } from './system-pages.ts';

/** Drafts included; the trash is asked for by itself (source-apis §1.5). */
const ALL = 'publish,future,draft,pending,private';
const EDIT = { context: 'edit' };

const COMMON = {
  brings: [],
  // Lists sort and filter by the local clock, and old rows keep the zone they were written in (source-apis §1.3): hashes tell.
  modifiedFilter: false,
  pageSize: 100,
  namespace: 'wp/v2' as const,
  listQuery: { ...EDIT, status: ALL },
  itemQuery: EDIT,
  scanFields: ['id'],
  hasTrash: true,
  goneCodes: ['rest_post_invalid_id'],
  keys: (rows: readonly unknown[]) => Promise.resolve(rows.map((row) => unnamed(rowId(row)))),
};

export function blogPostRow(api: WooApi): EntityRow {
  return {
    ...COMMON,
    entity: 'blog_post',
    route: '/posts',
    read: async (rows, signal) => {
      const { good: articles, unreadable } = await readRows('blog_post', articleSchema, rows);
      const around = await readSurroundings(
        api,
        articles.map(({ row }) => row),
        signal,
      );
      return { records: articles.map(({ row, unknown }) => postRecord(row, around, unknown)), unreadable };
    },
  };
}

export function pageRow(api: WooApi): EntityRow {
  const systemPages = createSystemPages(api);
  return {
    ...COMMON,
    entity: 'page',
    route: '/pages',
    read: async (rows, signal) => {
      const { good: articles, unreadable } = await readRows('page', articleSchema, rows);
      const isSystem = await systemPages.of(signal);
      return {
        records: articles.map(({ row, unknown }) => pageRecord(row, isSystem(row), unknown)),
        unreadable,
      };
    },
  };
}

const STATUSES: Readonly<Record<string, CanonicalPage['status']>> = {
  publish: 'published',
  future: 'scheduled',
  private: 'private',
};

/** Title and excerpt as typed, the text as shown (fidelity §10, T7). */
function writing(row: WireArticle) {
  return {
    title: decodedText(row.title.raw ?? row.title.rendered),
    content: row.content.rendered,
    // WordPress makes an excerpt of its own where nobody typed one: that one is not carried (fidelity §14).
    excerpt: row.excerpt.raw ?? '',
    slug: row.slug,
    path: pathOf(row.link),
    status: STATUSES[row.status] ?? ('draft' as const),
    passwordProtected: row.password !== '' || row.content.protected,
    meta: fieldsOf(row).meta,
  };
}

/** wp/v2 gives an object of the keys that plugins let through; footnotes are the editor's. */
function fieldsOf({ meta }: WireArticle): ReturnType<typeof metaFields> {
  if (typeof meta !== 'object' || meta === null || Array.isArray(meta)) return metaFields([]);
  const rows = Object.entries(meta as Record<string, Json>).map(([key, value]) => ({ key, value }));
  return metaFields(rows.filter(({ key, value }) => key !== 'footnotes' && value !== '' && value !== null));
}

function namesOf(ids: readonly string[], names: ReadonlyMap<string, string>): readonly string[] {
  return ids.flatMap((one) => names.get(one) ?? []);
}

function postRecord(row: WireArticle, around: Surroundings, unknown: readonly ReportItem[]): SourceRecord<'blog_post'> {
  const canonical: CanonicalBlogPost = {
    ...writing(row),
    publishedAt: row.date_gmt,
    author: around.authors.get(row.author) ?? null,
    categories: namesOf(row.categories, around.categories),
    tags: namesOf(row.tags, around.tags),
    featuredImage: around.images.get(row.featured_media) ?? null,
  };
  const extras = row.sticky || row.format !== 'standard' || row.template !== '' || row.password !== '';
  return {
    ...recordOf('blog_post', row, canonical),
    references: [],
    reports: [...unknown, ...fieldsOf(row).reports, ...(extras ? [{ key: 'post-extras', field: 'sticky' }] : [])],
  };
}

function pageRecord(row: WireArticle, isSystem: boolean, unknown: readonly ReportItem[]): SourceRecord<'page'> {
  const parent = row.parent === '' ? null : row.parent;
  const canonical: CanonicalPage = { ...writing(row), parent, position: row.menu_order, isSystem };
  const extras = row.template !== '' || row.featured_media !== '' || row.password !== '';
  return {
    ...recordOf('page', row, canonical),
    references:
      parent === null || isSystem ? [] : [{ entity: 'page', sourceId: parent, kind: 'hard', field: 'parent' }],
    reports: [...unknown, ...fieldsOf(row).reports, ...(extras ? [{ key: 'page-extras', field: 'template' }] : [])],
  };
}

function recordOf<E extends 'blog_post' | 'page'>(
  entity: E,
  row: WireArticle,
  canonical: E extends 'page' ? CanonicalPage : CanonicalBlogPost,
) {
  const { path, status } = canonical;
  return {
    entity,
    sourceId: row.id,
    modifiedAt: null,
    canonical: canonical as never,
    contentHash: contentHash(entity, canonical as never),
    // An address that the public never saw needs no redirect.
    urls: path === null || status !== 'published' ? [] : [path],
  };
}
