import { type Tally, tallyOf } from '../domain/assessment.ts';
import { groupBy } from '../domain/group-by.ts';

/** How often each word comes. */
export function counted(words: readonly string[]): Record<string, number> {
  return Object.fromEntries([...groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
}

/** Every record after the first that has the same value but for case; empty values are nobody's. */
export function repeated<T extends { readonly id: string }>(rows: readonly T[], valueOf: (row: T) => string): Tally {
  const filled = rows.filter((row) => valueOf(row).trim() !== '');
  const groups = groupBy(filled, (row) => valueOf(row).trim().toLowerCase());
  return tallyOf([...groups.values()].flatMap(([, ...more]) => more.map((row) => row.id)));
}

/** Levels of the deepest tree of categories that a target takes. */
const MOST_LEVELS = 8;

/** Those below the deepest level. @param parents id → id of the parent, '' at the top */
export function tooDeep(parents: ReadonlyMap<string, string>): Tally {
  const depth = (id: string) => {
    const seen = new Set<string>();
    for (let at = id; at !== '' && !seen.has(at); at = parents.get(at) ?? '') seen.add(at);
    return seen.size;
  };
  return tallyOf([...parents.keys()].filter((id) => depth(id) > MOST_LEVELS));
}

/** Of many, some evenly spread: asking for all would take as long as moving them. */
export function evenly<T>(rows: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, at) => at % step === 0);
}

/** No stamp, or one of another age: what changes there is found by content only (source-apis §0.2). */
export function isPlausible(stamp: string | null): boolean {
  const at = Date.parse(stamp ?? '');
  return at > Date.UTC(2001, 0) && at < Date.now() + 24 * 3_600_000;
}
