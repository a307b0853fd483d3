import { tidyText } from '../../../canonical/plain-text.ts';
import { compareSourceIds } from '../../../domain/entity.ts';
import { groupBy } from '../../../domain/group-by.ts';
import type { CanonicalAttribute } from '../../../domain/product.ts';
import type { ReportItem } from '../../../domain/record.ts';
import type { WireFacetValue, WireProduct, WireVariant } from './product-schema.ts';

type OptionGroup = WireProduct['optionGroups'][number];

/** Names of options by id, as variants are told apart by them, and by facets that only describe. */
export interface Attributes {
  readonly attributes: readonly CanonicalAttribute[];
  /** Attribute key → option name of a variant. */
  readonly optionsOf: (variant: WireVariant) => Readonly<Record<string, string>>;
  readonly reports: readonly ReportItem[];
}

/** Option groups, by which variants are told apart, then facets, which only describe. */
export function attributesOf(product: WireProduct, brandFacet: string | null): Attributes {
  const inUse = new Set(product.variants.flatMap(({ options }) => options.map((option) => option.id)));
  const groups = product.optionGroups.map((group) => ({ group, labels: labelsOf(group, inUse) }));
  const labels = new Map(groups.flatMap((one) => [...one.labels]));
  const known = new Set(product.optionGroups.map(({ id }) => id));
  const renamed = groups.filter(({ group, labels: own }) => group.options.some((one) => isRenamed(one, own)));
  return {
    attributes: [
      ...groups.map(({ group, labels: own }) => optionAttribute(group, [...own.values()])),
      ...described(product.facetValues, brandFacet),
    ],
    optionsOf: ({ options }) =>
      Object.fromEntries(
        options
          .filter(({ groupId }) => known.has(groupId))
          .map(({ id, groupId, name }) => [optionKey(groupId), labels.get(id) ?? tidyText(name)]),
      ),
    reports: renamed.map(({ group }) => ({
      key: 'option-names-told-apart',
      field: `optionGroups.${group.id}`,
      sample: tidyText(group.name),
    })),
  };
}

function optionAttribute(group: OptionGroup, options: readonly string[]): CanonicalAttribute {
  return {
    key: optionKey(group.id),
    name: tidyText(group.name),
    visible: true,
    forVariants: true,
    options,
    defaultOption: null,
    unresolvedDefault: null,
  };
}

/**
 * Option id → name, of those that variants of this product have: a group may be shared between products. Options are what they
 * are by their ids; elsewhere they are by their names, so that those which read the same are numbered. One without a name has a code.
 */
function labelsOf(group: OptionGroup, inUse: ReadonlySet<string>): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const labels = new Map<string, string>();
  for (const { id, name, code } of group.options.filter((option) => inUse.has(option.id))) {
    const plain = tidyText(name) || code;
    let label = plain;
    for (let number = 2; taken.has(label.toLowerCase()); number++) label = `${plain} (${number})`;
    taken.add(label.toLowerCase());
    labels.set(id, label);
  }
  return labels;
}

function isRenamed({ id, name }: OptionGroup['options'][number], labels: ReadonlyMap<string, string>): boolean {
  const label = labels.get(id);
  return label !== undefined && label !== tidyText(name);
}

function described(values: readonly WireFacetValue[], brandFacet: string | null): CanonicalAttribute[] {
  const others = values.filter(({ facet }) => facet.id !== brandFacet);
  const byFacet = groupBy(others, ({ facet }) => facet.id);
  return [...byFacet.values()]
    .toSorted(([a], [b]) => compareSourceIds(a?.facet.id ?? '', b?.facet.id ?? ''))
    .flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      return {
        key: `global:${first.facet.code}`,
        name: tidyText(first.facet.name),
        visible: !first.facet.isPrivate,
        forVariants: false,
        options: inOrder(own).map(({ name }) => tidyText(name)),
        defaultOption: null,
        unresolvedDefault: null,
      };
    });
}

/** The API promises no order of facet values. */
export function inOrder(values: readonly WireFacetValue[]): readonly WireFacetValue[] {
  return values.toSorted((a, b) => compareSourceIds(a.id, b.id));
}

function optionKey(group: string): string {
  return `local:${group}`;
}

/** Brands of the product itself, then those that only its variants name; each once, ascending within. */
export function brandsOf(product: WireProduct, brandFacet: string | null): readonly string[] {
  const among = (values: readonly WireFacetValue[]) =>
    inOrder(values.filter(({ facet }) => facet.id === brandFacet)).map(({ id }) => id);
  return [...new Set([...among(product.facetValues), ...among(product.variants.flatMap((one) => one.facetValues))])];
}
