import type { Row } from '../raw/row.ts';
import { idOf, rowsOf, textOf, textsOf } from '../raw/row.ts';
import type { SourceShop } from '../raw/source-shop.ts';
import { cutAtWord, decoded, foldedKey } from '../rules/normalise.ts';

/** One variant of the target: a variation with one value for each option. */
export interface Cell {
  variation: Row;
  /** A label for each option, in the options' order. */
  labels: string[];
  /** 1 for the first combination of its variation, which keeps the SKU; 2, 3, … for those of an "any" value. */
  place: number;
  /** How many combinations its variation became. */
  places: number;
}

export interface ExpectedOption {
  name: string;
  labels: string[];
  /** The product's attribute that it comes from. */
  attribute: Row;
}

/** Options and variants that a variable product becomes (fidelity §4.2). */
export interface Matrix {
  options: ExpectedOption[];
  modifiers: ExpectedOption[];
  cells: Cell[];
  /** The single variation of a product that ends with no real option: its base variant. */
  base: Row | null;
  /** More than the target takes in one product: a dead letter with a decision. */
  overLimit: boolean;
  adjusted: string[];
}

const MOST_VARIANTS = 600;
const MOST_VALUES = 250;
const LONGEST_LABEL = 255;

/** Attributes by position: the order in which options, modifiers and custom fields stand. */
export function attributesOf(product: Row): Row[] {
  return rowsOf(product['attributes']).toSorted((a, b) => idOf(a['position']) - idOf(b['position']));
}

export function label(text: string): string {
  return cutAtWord(decoded(text), LONGEST_LABEL);
}

export function variationMatrix(shop: SourceShop, product: Row): Matrix {
  const variations = shop.variationsOf(idOf(product['id']));
  const used = attributesOf(product).filter((attribute) => attribute['variation'] === true);
  const chosen = used.filter((attribute) => variations.some((row) => valueOf(row, attribute) !== ''));
  const free = variations.length === 0 ? [] : used.filter((attribute) => !chosen.includes(attribute));
  const adjusted = new Set<string>();
  if (free.length > 0) adjusted.add('any-attribute-to-modifier');
  const lists = chosen.map((attribute) => mergedLabels(optionTexts(attribute), adjusted));
  const combinations = variations.map((variation) => ({ variation, tuples: tuplesOf(variation, chosen, lists) }));
  const overLimit =
    combinations.reduce((sum, { tuples }) => sum + tuples.length, 0) > MOST_VARIANTS ||
    lists.some((list) => list.length > MOST_VALUES);
  const cells = overLimit ? [] : walk(combinations, adjusted);
  return {
    options: chosen.map((attribute, at) => optionOf(attribute, usedLabels(cells, at, lists[at] ?? [], adjusted))),
    modifiers: free.map((attribute) => optionOf(attribute, mergedLabels(optionTexts(attribute), adjusted))),
    cells: chosen.length > 0 ? cells : [],
    base: chosen.length > 0 ? null : (variations[0] ?? null),
    overLimit,
    adjusted: [...adjusted],
  };
}

function optionOf(attribute: Row, labels: string[]): ExpectedOption {
  return { name: label(textOf(attribute['name'])), labels, attribute };
}

function optionTexts(attribute: Row): string[] {
  return textsOf(attribute['options']).map(label);
}

/** Labels that are equal without case are one value at the target; the first spelling stays. */
function mergedLabels(texts: readonly string[], adjusted: Set<string>): string[] {
  const first = new Map<string, string>();
  for (const text of texts) {
    if (text === '') continue;
    const key = foldedKey(text);
    if (first.has(key)) adjusted.add('option-value-merged');
    else first.set(key, text);
  }
  return [...first.values()];
}

/** The value that a variation has for an attribute; `''` means any (fidelity §1 T4). */
function valueOf(variation: Row, attribute: Row): string {
  const id = idOf(attribute['id']);
  const name = foldedKey(textOf(attribute['name']));
  const found = rowsOf(variation['attributes']).find((value) =>
    id > 0 ? idOf(value['id']) === id : idOf(value['id']) === 0 && foldedKey(textOf(value['name'])) === name,
  );
  return label(textOf(found?.['option']));
}

/** Every combination that a variation stands for; the last option turns fastest. */
function tuplesOf(variation: Row, attributes: readonly Row[], lists: readonly string[][]): string[][] {
  let tuples: string[][] = [[]];
  attributes.forEach((attribute, at) => {
    const value = valueOf(variation, attribute);
    const list = lists[at] ?? [];
    const spelled = list.find((other) => foldedKey(other) === foldedKey(value)) ?? value;
    const values = value === '' ? list : [spelled];
    tuples = tuples.flatMap((tuple) => values.map((next) => [...tuple, next]));
  });
  return tuples;
}

interface Combination {
  variation: Row;
  tuples: string[][];
}

/** The first variation to claim a combination has it, as in the source. */
function walk(combinations: readonly Combination[], adjusted: Set<string>): Cell[] {
  const taken = new Set<string>();
  return combinations.flatMap(({ variation, tuples }) => {
    const own = tuples.filter((tuple) => {
      const key = tuple.map(foldedKey).join('\n');
      if (taken.has(key)) return false;
      taken.add(key);
      return true;
    });
    if (tuples.length > 1) adjusted.add('any-variation-expanded');
    if (own.length === 0) adjusted.add('duplicate-variation-dropped');
    return own.map((labels, at) => ({ variation, labels, place: at + 1, places: own.length }));
  });
}

/** Values that some variant has, in the source's order; a value that only a variation names comes last. */
function usedLabels(cells: readonly Cell[], at: number, list: readonly string[], adjusted: Set<string>): string[] {
  const used = new Map(cells.map((cell) => [foldedKey(cell.labels[at] ?? ''), cell.labels[at] ?? '']));
  const known = list.filter((text) => used.has(foldedKey(text)));
  if (cells.length > 0 && known.length < list.length) adjusted.add('unused-option-value-dropped');
  const keys = new Set(list.map(foldedKey));
  return [...known, ...[...used].filter(([key]) => !keys.has(key)).map(([, text]) => text)];
}
