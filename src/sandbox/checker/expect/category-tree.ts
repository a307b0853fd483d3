import type { Row } from '../raw/row.ts';
import { groupBy, idOf, textOf } from '../raw/row.ts';
import type { SourceShop } from '../raw/source-shop.ts';
import { cutAtWord, decoded, foldedKey } from '../rules/normalise.ts';
import type { Claimed } from '../rules/unique-keys.ts';
import { nameWith, settleClaims } from '../rules/unique-keys.ts';

const DEEPEST = 8;
const LONGEST_NAME = 50;

export interface CategoryTree {
  /** Source id of the parent that each category gets; 0 for the top. */
  parents: Map<number, number>;
  /** Categories that were lifted below their level-7 ancestor. */
  flattened: Set<number>;
  names: Map<number, Claimed>;
  /** Default categories that nobody uses: carrying them is allowed, missing them is right (fidelity §5). */
  optional: Set<number>;
}

/** Parents and names of categories as the target can hold them (fidelity §5). */
export function categoryTree(shop: SourceShop): CategoryTree {
  const byId = new Map(shop.categories.map((row) => [idOf(row['id']), row]));
  const chains = new Map(shop.categories.map((row) => [idOf(row['id']), chainOf(byId, row)]));
  const parents = new Map<number, number>();
  const flattened = new Set<number>();
  for (const [id, chain] of chains) {
    const deep = chain.length >= DEEPEST;
    if (deep) flattened.add(id);
    parents.set(id, (deep ? chain[DEEPEST - 2] : chain.at(-1)) ?? 0);
  }
  return { parents, flattened, names: siblingNames(shop, parents), optional: unusedDefaults(shop) };
}

/** Ancestors from the top down. An orphan, and each member of a cycle, stands at the top. */
function chainOf(byId: ReadonlyMap<number, Row>, row: Row): number[] {
  const chain: number[] = [];
  let at: Row | undefined = row;
  while (at && !isInCycle(byId, at)) {
    at = byId.get(idOf(at['parent']));
    if (at) chain.unshift(idOf(at['id']));
  }
  return chain;
}

function isInCycle(byId: ReadonlyMap<number, Row>, row: Row): boolean {
  const id = idOf(row['id']);
  const seen = new Set<number>();
  let at = idOf(row['parent']);
  while (at !== 0 && !seen.has(at)) {
    if (at === id) return true;
    seen.add(at);
    at = idOf(byId.get(at)?.['parent']);
  }
  return false;
}

/** Equal names among siblings: the lowest id keeps its own, others get ` (2)`, ` (3)` (fidelity §14 "Settled"). */
function siblingNames(shop: SourceShop, parents: ReadonlyMap<number, number>): Map<number, Claimed> {
  const names = new Map<number, Claimed>();
  for (const siblings of groupBy(shop.categories, (row) => parents.get(idOf(row['id'])) ?? 0).values()) {
    const claims = siblings.map((row) => {
      const name = cutAtWord(decoded(textOf(row['name'])), LONGEST_NAME);
      const numbered = siblings.map((_, at) => nameWith(name, ` (${at + 2})`, LONGEST_NAME));
      return { id: idOf(row['id']), alternatives: [name, ...numbered] };
    });
    for (const [id, claimed] of settleClaims(claims, foldedKey)) names.set(id, claimed);
  }
  return names;
}

function unusedDefaults(shop: SourceShop): Set<number> {
  const used = new Set<number>();
  for (const row of shop.categories) used.add(idOf(row['parent']));
  for (const product of shop.products) for (const id of categoryIds(product)) used.add(id);
  const isUnused = (row: Row): boolean => textOf(row['slug']) === 'uncategorized' && !used.has(idOf(row['id']));
  return new Set(shop.categories.filter(isUnused).map((row) => idOf(row['id'])));
}

export function categoryIds(product: Row): number[] {
  const given = product['categories'];
  return Array.isArray(given) ? given.map((ref) => idOf((ref as Row | null)?.['id'])) : [];
}
