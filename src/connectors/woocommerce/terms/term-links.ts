import { z } from 'zod';
import { mayNotRead, StoreFailure } from '../../http/failures.ts';
import { id as idField, text } from '../wire/fields.ts';
import { pathOf } from '../wire/paths.ts';
import { rowId } from '../wire/read-row.ts';
import type { WooApi } from '../woo-api.ts';
import type { WireTerm } from './term-schema.ts';

const PAGE = 100;
const ancestorSchema = z.looseObject({ slug: text.catch(''), parent: idField.catch('') });
/** WordPress stops nobody from making a cycle of parents in the database. */
const MAX_DEPTH = 20;

export interface TermLinks {
  /** Path of each term; one request per 100 terms where the shop gives links. */
  pathsOf(terms: readonly WireTerm[], signal: AbortSignal): Promise<Map<string, string | null>>;
}

/**
 * Paths of categories or brands. wc/v3 gives terms no link, wp/v2 does (fidelity T21), also to anonymous callers unless
 * a plugin forbids it; then the path is put together from the slugs and WooCommerce's default base.
 */
export function createTermLinks(api: WooApi, taxonomy: string, route: string, base: string): TermLinks {
  let linksRefused = false;
  return {
    async pathsOf(terms, signal) {
      if (terms.length === 0) return new Map();
      if (!linksRefused) {
        try {
          const links = await readLinks(api, taxonomy, terms, signal);
          if (terms.every((term) => links.has(term.id))) return links;
        } catch (error) {
          if (!isRefusal(error)) throw error;
          linksRefused = true;
        }
      }
      return slugPaths(api, route, base, terms, signal);
    },
  };
}

async function readLinks(
  api: WooApi,
  taxonomy: string,
  terms: readonly WireTerm[],
  signal: AbortSignal,
): Promise<Map<string, string | null>> {
  const query = { include: terms.map((term) => term.id), per_page: PAGE, _fields: ['id', 'link'] };
  const { rows } = await api.content.list({ path: `/${taxonomy}`, route: `wp/${taxonomy}`, query, signal });
  return new Map(
    rows.map((row) => {
      const link = (row as { link?: unknown }).link;
      return [rowId(row), typeof link === 'string' ? pathOf(link) : null];
    }),
  );
}

/** The shop's own refusal in its own words: no rights, no such route. Faults are faults. */
function isRefusal(error: unknown): boolean {
  return mayNotRead(error) || (error instanceof StoreFailure && error.status === 404);
}

async function slugPaths(
  api: WooApi,
  route: string,
  base: string,
  terms: readonly WireTerm[],
  signal: AbortSignal,
): Promise<Map<string, string | null>> {
  const known = new Map(terms.map(({ id, slug, parent }) => [id, { slug, parent }]));
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const absent = [...known.values()].map(({ parent }) => parent).filter((id) => id !== '' && !known.has(id));
    if (absent.length === 0) break;
    const include = [...new Set(absent)].slice(0, PAGE);
    const query = { include, per_page: PAGE, _fields: ['id', 'slug', 'parent'] };
    const { rows } = await api.list({ path: route, route: route.slice(1), query, signal });
    for (const id of include) known.set(id, { slug: '', parent: '' });
    for (const row of rows) {
      const { slug, parent } = ancestorSchema.parse(row);
      known.set(rowId(row), { slug, parent });
    }
  }
  return new Map(terms.map((term) => [term.id, slugPath(term.id, known, base)]));
}

function slugPath(
  termId: string,
  known: ReadonlyMap<string, { readonly slug: string; readonly parent: string }>,
  base: string,
): string | null {
  const slugs: string[] = [];
  for (let id = termId, depth = 0; id !== '' && depth < MAX_DEPTH; depth++) {
    const term = known.get(id);
    if (term === undefined || term.slug === '') break;
    slugs.unshift(term.slug);
    id = term.parent;
  }
  return slugs.length === 0 ? null : `/${base}/${slugs.join('/')}/`;
}
