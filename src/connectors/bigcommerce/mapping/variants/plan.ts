import type { CanonicalProduct, CanonicalVariant } from '../../../../domain/product.ts';
import type { Findings } from '../findings.ts';
import type { FullTexts } from '../texts.ts';
import { chosenLabel, choicesOf, inPrecedence, type Choice } from './choices.ts';
import { expand, type Combination } from './expansion.ts';

/** Limits of the target (bigcommerce-api §1.5). */
const MAX_VARIANTS = 600;
const MAX_VALUES = 250;

/** Choices that tell variants apart, free choices, and the variants themselves. */
export interface VariantPlan {
  readonly options: readonly Choice[];
  readonly modifiers: readonly Choice[];
  readonly rows: readonly Combination[];
  /** The variant that a product without any real option is reduced to. */
  readonly base: CanonicalVariant | null;
}

export type Planned = VariantPlan | { readonly refused: string };

const NONE: VariantPlan = { options: [], modifiers: [], rows: [], base: null };

/** Turns attributes and variations into options, modifiers and variants (fidelity §4.2). */
export function planVariants(product: CanonicalProduct, findings: Findings, full: FullTexts): Planned {
  const variants = inPrecedence(product);
  if (variants.length === 0) return NONE;
  const choices = choicesOf(product, variants, findings, full).filter((choice) => choice.labels.length > 0);
  const free = choices.filter((choice) => variants.every((variant) => chosenLabel(variant, choice) === null));
  for (const choice of free) {
    const why = 'no variation names it: the shopper chooses freely, and SKU, price and stock stay whole';
    findings.adjust('any-attribute-to-modifier', `attributes.${choice.key}`, choice.name, 'modifier', why);
  }
  const fitted = fit(
    variants,
    choices.filter((choice) => !free.includes(choice)),
    findings,
  );
  if ('refused' in fitted) return fitted;
  const modifiers = choices.filter((choice) => free.includes(choice) || fitted.freed.includes(choice));
  if (fitted.options.length === 0) {
    noteUnreachable(variants.slice(1), findings);
    return { options: [], modifiers, rows: [], base: variants[0] ?? null };
  }
  const { rows, unreachable } = expand(variants, fitted.options, findings);
  noteUnreachable(unreachable, findings);
  return { options: withoutUnused(fitted.options, rows, findings), modifiers, rows, base: null };
}

function noteUnreachable(variants: readonly CanonicalVariant[], findings: Findings): void {
  for (const variant of variants) {
    const why = 'an earlier variation has the same options: this one could not be reached at the source either';
    findings.adjust(
      'duplicate-variation-dropped',
      `variants.${variant.sourceId}`,
      variant.sku || variant.sourceId,
      null,
      why,
    );
  }
}

/** Frees choices that change nothing about a variant until the rest is within the limits. */
function fit(
  variants: readonly CanonicalVariant[],
  choices: readonly Choice[],
  findings: Findings,
): { readonly options: readonly Choice[]; readonly freed: readonly Choice[] } | { readonly refused: string } {
  let options = choices;
  const freed: Choice[] = [];
  for (;;) {
    const size = sizeOf(variants, options);
    const tooLong = options.find((choice) => used(variants, choice) > MAX_VALUES);
    if (size <= MAX_VARIANTS && tooLong === undefined) return { options, freed };
    const candidates = tooLong === undefined ? options : [tooLong];
    const harmless = candidates.find((choice) => changesNothing(variants, options, choice));
    if (harmless === undefined) {
      const what =
        tooLong === undefined
          ? `${size} combinations of options`
          : `${used(variants, tooLong)} values of ${tooLong.name}`;
      return {
        refused: `it has ${what}; the target takes ${MAX_VARIANTS} variants and ${MAX_VALUES} values of an option`,
      };
    }
    const why = 'it changes neither price, SKU, stock, weight nor image, and the variants were too many';
    findings.adjust('option-to-modifier', `attributes.${harmless.key}`, harmless.name, 'modifier', why);
    options = options.filter((choice) => choice !== harmless);
    freed.push(harmless);
  }
}

/** How many variants the choices would make: each distinct tuple, with "any" counted out, up to a bound. */
function sizeOf(variants: readonly CanonicalVariant[], options: readonly Choice[]): number {
  const tuples = new Set<string>();
  let bound = 0;
  for (const variant of variants) {
    const labels = options.map((choice) => chosenLabel(variant, choice));
    const copies = labels.reduce(
      (count, label, index) => count * (label === null ? (options[index]?.labels.length ?? 1) : 1),
      1,
    );
    const tuple = JSON.stringify(labels);
    if (!tuples.has(tuple)) bound += copies;
    tuples.add(tuple);
  }
  const whole = options.reduce((count, choice) => count * choice.labels.length, 1);
  return Math.min(bound, whole);
}

function used(variants: readonly CanonicalVariant[], choice: Choice): number {
  const labels = variants.map((variant) => chosenLabel(variant, choice));
  return labels.includes(null) ? choice.labels.length : new Set(labels).size;
}

function changesNothing(variants: readonly CanonicalVariant[], options: readonly Choice[], choice: Choice): boolean {
  const others = options.filter((other) => other !== choice);
  const goods = new Map<string, string>();
  return variants.every((variant) => {
    const group = JSON.stringify(others.map((other) => chosenLabel(variant, other)));
    const { sku, gtin, status, pricing, measures, image, stock } = variant;
    const what = JSON.stringify({ sku, gtin, status, pricing, measures, image, stock });
    const known = goods.get(group);
    goods.set(group, known ?? what);
    return (known ?? what) === what && stock.managed !== 'own';
  });
}

function withoutUnused(
  options: readonly Choice[],
  rows: readonly Combination[],
  findings: Findings,
): readonly Choice[] {
  return options.map((choice, index) => {
    const inUse = new Set(rows.map((row) => row.labels[index]));
    for (const label of choice.labels) {
      if (inUse.has(label)) continue;
      const why = 'no variation uses it, so it could not be bought';
      findings.adjust(
        'unused-option-value-dropped',
        `attributes.${choice.key}.${label.slice(0, 60)}`,
        label,
        null,
        why,
      );
    }
    return { ...choice, labels: choice.labels.filter((label) => inUse.has(label)) };
  });
}
