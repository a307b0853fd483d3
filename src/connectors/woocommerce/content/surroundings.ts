import { chunks } from '../../../domain/chunks.ts';
import { z } from 'zod';
import { decodedText } from '../../../canonical/plain-text.ts';
import type { CanonicalImage } from '../../../domain/record.ts';
import { StoreFailure } from '../../http/failures.ts';
import { text } from '../wire/fields.ts';
import { rowId } from '../wire/read-row.ts';
import type { WooApi } from '../woo-api.ts';
import type { WireArticle } from './article-schema.ts';

/** What an article names by id only: how its author, its terms and its picture are called. */
export interface Surroundings {
  readonly authors: ReadonlyMap<string, string>;
  readonly categories: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  readonly images: ReadonlyMap<string, CanonicalImage>;
}

const MOST = 100;
const namedSchema = z.looseObject({ name: text.default('') });
const mediumSchema = z.looseObject({ source_url: text.default(''), alt_text: text.default('') });

/** One request for each kind of thing that a page of articles names. */
export async function readSurroundings(
  api: WooApi,
  articles: readonly WireArticle[],
  signal: AbortSignal,
): Promise<Surroundings> {
  const named = (path: string, ids: readonly string[]) =>
    rowsById(api, path, ids, ['id', 'name'], (row) => decodedText(namedSchema.parse(row).name), signal);
  return {
    authors: await named('/users', ownIds(articles.map(({ author }) => author))),
    categories: await named('/categories', ownIds(articles.flatMap(({ categories }) => categories))),
    tags: await named('/tags', ownIds(articles.flatMap(({ tags }) => tags))),
    images: await rowsById(
      api,
      '/media',
      ownIds(articles.map(({ featured_media: medium }) => medium)),
      ['id', 'source_url', 'alt_text'],
      (row) => {
        const { source_url: url, alt_text: alt } = mediumSchema.parse(row);
        return { key: rowId(row), url, alt: decodedText(alt) };
      },
      signal,
    ),
  };
}

function ownIds(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)].filter((id) => id !== '');
}

async function rowsById<T>(
  api: WooApi,
  path: string,
  ids: readonly string[],
  fields: readonly string[],
  read: (row: unknown) => T,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>();
  for (const include of chunks(ids, MOST)) {
    const query = { include, per_page: MOST, _fields: fields };
    try {
      const { rows } = await api.content.list({ path, route: `wp${path}`, query, signal });
      for (const row of rows) found.set(rowId(row), read(row));
    } catch (error) {
      // Who may read posts need not be allowed to read users: an author without a name is better than no post.
      if (!(error instanceof StoreFailure && error.kind === 'permission-missing')) throw error;
    }
  }
  return found;
}
