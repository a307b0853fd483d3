import type { Choice } from './choices.ts';
import type { Combination } from './expansion.ts';
import type { VariantPlan } from './plan.ts';

/** An option (or modifier) as we mean it. `key` is the attribute's, not sent. */
export type WireOption = {
  readonly key: string;
  readonly display_name: string;
  readonly sort_order: number;
  readonly option_values: readonly {
    readonly label: string;
    readonly sort_order: number;
    readonly is_default: boolean;
  }[];
};

export type DesiredOptions = {
  /** The single create of the product brings the options into being just so: no request is needed. */
  readonly as_created: boolean;
  readonly rows: readonly WireOption[];
};

export function mapOptions(plan: VariantPlan): DesiredOptions {
  const rows = plan.options.map((choice, index) => wireOption(choice, index));
  const hasDefault = rows.some((row) => row.option_values.some((value) => value.is_default));
  return { as_created: !hasDefault && isOrderOfFirstUse(plan.options, plan.rows), rows };
}

export function mapModifiers(plan: VariantPlan): readonly WireOption[] {
  return plan.modifiers.map((choice, index) => wireOption(choice, plan.options.length + index));
}

function wireOption(choice: Choice, index: number): WireOption {
  return {
    key: choice.key,
    display_name: choice.name,
    sort_order: index,
    option_values: choice.labels.map((label, position) => ({
      label,
      sort_order: position,
      is_default: label === choice.defaultLabel,
    })),
  };
}

/** A product create makes values in the order in which its variants name them (bigcommerce-api §3.4). */
function isOrderOfFirstUse(options: readonly Choice[], rows: readonly Combination[]): boolean {
  return options.every((choice, index) => {
    const seen = [...new Set(rows.map((row) => row.labels[index] ?? ''))];
    return seen.every((label, position) => label === choice.labels[position]);
  });
}
