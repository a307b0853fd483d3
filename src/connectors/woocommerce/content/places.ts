import { z } from 'zod';
import { decodedText } from '../../../canonical/plain-text.ts';
import type { Place, StorePage } from '../../../domain/redirect.ts';
import { mayNotRead, StoreFailure } from '../../http/failures.ts';
import type { Query } from '../../http/request-form.ts';
import { walkAll } from '../../walks/whole-walk.ts';
import { flag, id, text } from '../wire/fields.ts';
import { pathOf } from '../wire/paths.ts';
import type { ContentApi, WooApi } from '../woo-api.ts';
import { readSystemPages } from './system-pages.ts';

const PAGE_SIZE = 100;

const linkedSchema = z.looseObject({ name: text.catch(''), link: text.catch('') });
const termSchema = z.looseObject({ name: text.catch(''), slug: text.catch('') });
const attributeSchema = z.looseObject({ id, slug: text.catch(''), has_archives: flag.catch(false) });
const postSchema = z.looseObject({ date: text.catch(''), author: id.catch('') });

/**
 * Addresses that a shop shows and that are nobody's record (fidelity §12): the pages of its software, the lists of a tag, of an
 * attribute's term, of the blog. A list that these credentials may not read is passed over: it is among what is reported.
 */
export async function* readPlaces(api: WooApi, signal: AbortSignal): AsyncGenerator<readonly Place[]> {
  yield* passing(systemPlaces(api, signal));
  yield* passing(tagPlaces(api, signal));
  yield* passing(attributePlaces(api, signal));
  for (const path of ['/categories', '/tags']) yield* passing(blogLists(api, path, signal));
  yield* passing(blogArchives(api, signal));
}

async function* passing(places: AsyncGenerator<readonly Place[]>): AsyncGenerator<readonly Place[]> {
  try {
    yield* places;
  } catch (error) {
    const isMissing = error instanceof StoreFailure && (error.kind === 'missing' || error.status === 404);
    if (!isMissing && !mayNotRead(error)) throw error;
  }
}

async function* systemPlaces(api: WooApi, signal: AbortSignal): AsyncGenerator<readonly Place[]> {
  yield ['/feed/', '/comments/feed/'].map((path) => ({ path, to: { page: 'blog' } }));
  const { pages, accountEndpoints } = await readSystemPages(api, signal);
  if (pages.size === 0) return;
  const query = { include: [...pages.keys()], per_page: PAGE_SIZE, _fields: ['id', 'link'] };
  const { rows } = await api.content.list({ path: '/pages', route: 'wp/pages', query, signal });
  yield rows.flatMap((row) => {
    const to = pages.get(z.looseObject({ id }).parse(row).id);
    const path = pathOf(linkedSchema.parse(row).link);
    if (to === undefined || path === null) return [];
    const below = to.page === 'account' ? accountEndpoints.map((endpoint) => `${path}${endpoint}/`) : [];
    return [path, ...below].map((one) => ({ path: one, to }));
  });
}

async function* tagPlaces(api: WooApi, signal: AbortSignal): AsyncGenerator<readonly Place[]> {
  for await (const rows of allRows(api.content, '/product_tag', ['id', 'name', 'link'], signal)) {
    yield linked(rows, (name) => ({ page: 'search', words: name, of: 'tag' }));
  }
}

/** Terms are given without a link; their base cannot be asked for, so it is the attribute's own name as by default. */
async function* attributePlaces(api: WooApi, signal: AbortSignal): AsyncGenerator<readonly Place[]> {
  const path = '/products/attributes';
  const { rows } = await api.list({ path, route: path.slice(1), query: {}, signal });
  for (const attribute of rows.map((row) => attributeSchema.parse(row))) {
    if (!attribute.has_archives) continue;
    const base = attribute.slug.replace(/^pa_/, '');
    for await (const terms of allRows(api, `${path}/${attribute.id}/terms`, ['id', 'name', 'slug'], signal)) {
      yield terms.flatMap((row) => {
        const { name, slug } = termSchema.parse(row);
        const to: StorePage = { page: 'search', words: decodedText(name), of: 'attribute' };
        return slug === '' ? [] : [{ path: `/${base}/${slug}/`, to }];
      });
    }
  }
}

async function* blogLists(api: WooApi, path: string, signal: AbortSignal): AsyncGenerator<readonly Place[]> {
  for await (const rows of allRows(api.content, path, ['id', 'name', 'link'], signal)) {
    yield linked(rows, () => ({ page: 'blog' }));
  }
}

/** Years, months and days in which something was published, by the shop's own clock; then who published it. */
async function* blogArchives(api: WooApi, signal: AbortSignal): AsyncGenerator<readonly Place[]> {
  const authors = new Set<string>();
  for await (const rows of allRows(api.content, '/posts', ['id', 'date', 'author'], signal)) {
    const posts = rows.map((row) => postSchema.parse(row));
    for (const { author } of posts) if (author !== '') authors.add(author);
    const paths = posts.flatMap(({ date }) => {
      const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)T/.exec(date) ?? [];
      return year === undefined ? [] : [`/${year}/`, `/${year}/${month}/`, `/${year}/${month}/${day}/`];
    });
    yield [...new Set(paths)].map((path) => ({ path, to: { page: 'blog' } }));
  }
  for (const include of chunked([...authors])) {
    const query = { include, per_page: PAGE_SIZE, _fields: ['id', 'link'] };
    const { rows } = await api.content.list({ path: '/users', route: 'wp/users', query, signal });
    yield linked(rows, () => ({ page: 'blog' }));
  }
}

function chunked(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / PAGE_SIZE) }, (_, at) =>
    ids.slice(at * PAGE_SIZE, (at + 1) * PAGE_SIZE),
  );
}

function linked(rows: readonly unknown[], to: (name: string) => StorePage): readonly Place[] {
  return rows.flatMap((row) => {
    const { name, link } = linkedSchema.parse(row);
    const path = pathOf(link);
    return path === null ? [] : [{ path, to: to(decodedText(name)) }];
  });
}

function allRows(
  from: ContentApi,
  path: string,
  fields: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly unknown[]> {
  const query: Query = { _fields: fields, orderby: 'id', order: 'asc', per_page: PAGE_SIZE };
  const route = path.slice(1).replace(/\d+/g, ':id');
  return walkAll((offset) => from.list({ path, route, query: { ...query, offset }, signal }), PAGE_SIZE);
}
