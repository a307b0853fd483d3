import { decodedText } from '../../../canonical/plain-text.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { WooApi } from '../woo-api.ts';
import type { TermName } from './product-attributes.ts';

/** Terms of an attribute change seldom; a renamed one is seen again after this. */
const FRESH_MS = 60_000;
const PAGE = 100;

interface TermNames {
  /** Reads the terms of these attributes, unless that was done within the last minute. */
  lookUp(attributeIds: Iterable<string>, signal: AbortSignal): Promise<TermName>;
}

/**
 * Slug → name of attribute terms: a product gives the default of a global attribute as a slug, its options as names
 * (fidelity T5), and names do not tell slugs (a renamed term keeps its slug).
 */
export function createTermNames(api: WooApi): TermNames {
  const known = new Map<string, { readonly at: number; readonly names: ReadonlyMap<string, string> }>();
  return {
    async lookUp(attributeIds, signal) {
      for (const attributeId of new Set(attributeIds)) {
        const at = performance.now();
        if ((known.get(attributeId)?.at ?? -FRESH_MS) + FRESH_MS > at) continue;
        known.set(attributeId, { at, names: await readTerms(api, attributeId, signal) });
      }
      return (attributeId, slug) => known.get(attributeId)?.names.get(slug) ?? null;
    },
  };
}

async function readTerms(api: WooApi, attributeId: string, signal: AbortSignal): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (let page = 1; ; page++) {
    const query = { per_page: PAGE, page, orderby: 'id', order: 'asc', _fields: ['id', 'name', 'slug'] };
    const path = `/products/attributes/${attributeId}/terms`;
    const rows = await api
      .list({ path, route: 'products/attributes/:id/terms', query, signal })
      .then((list) => list.rows as { name?: unknown; slug?: unknown }[], attributeGone);
    for (const { name, slug } of rows) {
      if (typeof name === 'string' && typeof slug === 'string') names.set(slug, decodedText(name));
    }
    if (rows.length < PAGE) return names;
  }
}

/** A product may name an attribute that was deleted since; then its default cannot be resolved, and is reported. */
function attributeGone(error: unknown): [] {
  if (error instanceof StoreFailure && error.kind === 'missing') return [];
  throw error;
}
