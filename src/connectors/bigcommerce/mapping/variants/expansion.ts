import type { CanonicalVariant } from '../../../../domain/product.ts';
import type { Findings } from '../findings.ts';
import { chosenLabel, type Choice } from './choices.ts';

/** One variant of the target: a source variant with a label for each option. */
export interface Combination {
  /** Source id; further combinations of the same variant append `#2`, `#3`, … in walking order. */
  readonly key: string;
  readonly variant: CanonicalVariant;
  readonly labels: readonly string[];
  /** From 1. */
  readonly copy: number;
}

/**
 * Walks variants in precedence order and takes each combination that is not taken yet: what the source would sell first
 * (fidelity §4.2). Sorted by label order afterwards, so that a create brings the option values into being in that order.
 */
export function expand(
  variants: readonly CanonicalVariant[],
  options: readonly Choice[],
  findings: Findings,
): { readonly rows: readonly Combination[]; readonly unreachable: readonly CanonicalVariant[] } {
  const taken = new Set<string>();
  const rows: Combination[] = [];
  const unreachable: CanonicalVariant[] = [];
  for (const variant of variants) {
    const fresh = combinations(variant, options).filter((labels) => !taken.has(JSON.stringify(labels)));
    fresh.forEach((labels, index) => {
      taken.add(JSON.stringify(labels));
      const key = index === 0 ? variant.sourceId : `${variant.sourceId}#${index + 1}`;
      rows.push({ key, variant, labels, copy: index + 1 });
    });
    if (fresh.length === 0) unreachable.push(variant);
    const isAny = options.some((choice) => chosenLabel(variant, choice) === null);
    if (isAny && fresh.length > 0) {
      const why = 'it stands for any value of an option; the target needs a variant for each';
      findings.adjust('any-variation-expanded', `variants.${variant.sourceId}`, 1, fresh.length, why);
    }
  }
  return { rows: rows.toSorted((a, b) => byLabels(a, b, options)), unreachable };
}

function combinations(variant: CanonicalVariant, options: readonly Choice[]): readonly (readonly string[])[] {
  return options.reduce<readonly (readonly string[])[]>(
    (tuples, choice) => {
      const label = chosenLabel(variant, choice);
      const labels = label === null ? choice.labels : [label];
      return tuples.flatMap((tuple) => labels.map((next) => [...tuple, next]));
    },
    [[]],
  );
}

function byLabels(a: Combination, b: Combination, options: readonly Choice[]): number {
  for (const [index, choice] of options.entries()) {
    const difference = choice.labels.indexOf(a.labels[index] ?? '') - choice.labels.indexOf(b.labels[index] ?? '');
    if (difference !== 0) return difference;
  }
  return 0;
}
