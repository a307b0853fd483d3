import type { CanonicalAttribute, CanonicalProduct, CanonicalVariant } from '../../../../domain/product.ts';
import { normaliseKey } from '../../../../domain/unique-key.ts';
import type { Findings } from '../findings.ts';
import { fittingText, type FullTexts } from '../texts.ts';
import { suffixed } from '../unique-values.ts';

const MAX_LABEL = 255;

/** An attribute that shoppers choose by, with the names and labels that the target will show. */
export interface Choice {
  readonly key: string;
  readonly name: string;
  /** Every label, in the source's order; equal ones (ignoring case) merged. */
  readonly labels: readonly string[];
  readonly defaultLabel: string | null;
  /** The label that stands for an option's name. */
  readonly labelOf: (option: string) => string | null;
}

/** Variants in their order of precedence: the first match wins at the source (fidelity §4.2). */
export function inPrecedence(product: CanonicalProduct): readonly CanonicalVariant[] {
  return product.variants.toSorted((a, b) => a.position - b.position);
}

/** Choices of a product, names unique as the target wants them. */
export function choicesOf(
  product: CanonicalProduct,
  variants: readonly CanonicalVariant[],
  findings: Findings,
  full: FullTexts,
): readonly Choice[] {
  const names = new Set<string>();
  return product.attributes
    .filter((attribute) => attribute.forVariants)
    .map((attribute) => {
      const name = uniqueName(attribute, names, findings, full);
      names.add(normaliseKey(name));
      return choice(attribute, name, variants, findings, full);
    });
}

function uniqueName(
  attribute: CanonicalAttribute,
  names: ReadonlySet<string>,
  findings: Findings,
  full: FullTexts,
): string {
  const field = `attributes.${attribute.key}.name`;
  const name = fittingText(attribute.name, MAX_LABEL, field, findings, full) || 'Option';
  if (!names.has(normaliseKey(name))) return name;
  for (let number = 2; ; number++) {
    const other = suffixed(name, ` (${number})`, MAX_LABEL);
    if (names.has(normaliseKey(other))) continue;
    findings.adjust('name-made-unique', field, name, other, 'another option of the product has this name');
    return other;
  }
}

/** Options that only a variant names (the attribute was edited since) come after the attribute's own. */
function choice(
  attribute: CanonicalAttribute,
  name: string,
  variants: readonly CanonicalVariant[],
  findings: Findings,
  full: FullTexts,
): Choice {
  const named = variants.flatMap((variant) => variant.options[attribute.key] ?? []);
  const byKey = new Map<string, string>();
  for (const option of new Set([...attribute.options, ...named])) {
    const field = `attributes.${attribute.key}.${option.slice(0, 60)}`;
    const label = fittingText(option, MAX_LABEL, field, findings, full);
    if (label === '') continue;
    const first = byKey.get(normaliseKey(label));
    if (first === undefined) byKey.set(normaliseKey(label), label);
    else
      findings.adjust(
        'option-value-merged',
        field,
        option,
        first,
        'the target takes labels that differ in case for one',
      );
  }
  const labelOf = (option: string): string | null =>
    byKey.get(normaliseKey(fittingText(option, MAX_LABEL, '', NOTHING, new Map()))) ?? null;
  const { defaultOption, unresolvedDefault, key } = attribute;
  if (unresolvedDefault !== null) {
    const why = 'the option chosen at first sight is not among the options';
    findings.adjust('default-option-unresolved', `attributes.${key}.default`, unresolvedDefault, null, why);
  }
  const defaultLabel = defaultOption === null ? null : labelOf(defaultOption);
  return { key, name, labels: [...byKey.values()], defaultLabel, labelOf };
}

/** For looking a label up again, when its adjustments are noted already. */
const NOTHING: Findings = { adjustments: [], reports: [], adjust: () => {}, report: () => {} };

/** Label of a variant in a choice; null = any (fidelity T4). */
export function chosenLabel(variant: CanonicalVariant, { key, labelOf }: Choice): string | null {
  const option = variant.options[key];
  return option === undefined || option === '' ? null : labelOf(option);
}
