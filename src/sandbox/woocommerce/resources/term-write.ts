import { RestError } from '../rest/errors.ts';
import type { TermRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { nextId } from '../store/shop.ts';
import { slugOf, termName, uniqueSlug } from '../store/text.ts';

export interface TermFields {
  name: string;
  slug?: string | undefined;
  parent?: number;
  description?: string;
}

function findTerm(shop: Shop, taxonomy: string, matches: (term: TermRow) => boolean): TermRow | undefined {
  for (const term of shop.terms.values()) if (term.taxonomy === taxonomy && matches(term)) return term;
  return undefined;
}

/** Makes a term without asking whether it may exist; REST writes ask `refuseDuplicate` first. */
export function makeTerm(shop: Shop, taxonomy: string, fields: TermFields): TermRow {
  const name = termName(fields.name);
  const id = nextId(shop, 'term');
  const wanted = slugOf(fields.slug ?? '') || slugOf(name) || String(id);
  const row: TermRow = {
    id,
    taxonomy,
    name,
    slug: freeTermSlug(shop, taxonomy, wanted, fields.parent ?? 0, id),
    parent: fields.parent ?? 0,
    description: fields.description ?? '',
    display: 'default',
    imageId: 0,
    menuOrder: 0,
    visibleSinceMs: shop.clock.now(),
  };
  shop.terms.set(row.id, row);
  shop.revision += 1;
  return row;
}

/** A taken slug first gets its parent's slug behind it, then a number, as WordPress does. */
export function freeTermSlug(shop: Shop, taxonomy: string, wanted: string, parent: number, ownId: number): string {
  const taken = (slug: string): boolean =>
    findTerm(shop, taxonomy, (term) => term.slug === slug && term.id !== ownId) !== undefined;
  if (!taken(wanted)) return wanted;
  const above = shop.terms.get(parent)?.slug;
  return uniqueSlug(above ? `${wanted}-${above}` : wanted, taken);
}

export function ensureTerm(shop: Shop, taxonomy: string, name: string): TermRow {
  const wanted = termName(name).toLowerCase();
  return findTerm(shop, taxonomy, (term) => term.name.toLowerCase() === wanted) ?? makeTerm(shop, taxonomy, { name });
}

/** An equal name (without case) under the same parent, or an equal slug, is refused with the holder's id. */
export function refuseDuplicate(shop: Shop, taxonomy: string, fields: TermFields): void {
  const name = termName(fields.name).toLowerCase();
  const slug = fields.slug === undefined ? undefined : slugOf(fields.slug);
  const parent = fields.parent ?? 0;
  const holder = findTerm(shop, taxonomy, (term) =>
    slug === undefined ? term.name.toLowerCase() === name && term.parent === parent : term.slug === slug,
  );
  if (!holder) return;
  const message = 'A term with the name provided already exists with this parent.';
  throw new RestError('term_exists', message, 400, { resource_id: holder.id });
}
