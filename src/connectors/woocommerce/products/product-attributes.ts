import { decodedText, tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalAttribute } from '../../../domain/product.ts';
import type { WireAttribute, WireProduct, WireVariation } from './product-schema.ts';

/** Name of a global attribute's term by its slug; null when the shop has no such term (any more). */
export type TermName = (attributeId: string, slug: string) => string | null;

/** Attributes in the shop's order of position; attribute names come as typed, options encoded (fidelity T1). */
export function canonicalAttributes(product: WireProduct, termName: TermName): CanonicalAttribute[] {
  const inOrder = product.attributes.map((attribute, index) => ({ attribute, index }));
  inOrder.sort((a, b) => a.attribute.position - b.attribute.position || a.index - b.index);
  return inOrder.map(({ attribute }) => {
    const options = attribute.options.map(decodedText);
    const { chosen, unresolved } = defaultOption(product, attribute, options, termName);
    return {
      key: attributeKey(attribute),
      name: tidyText(attribute.name),
      visible: attribute.visible,
      forVariants: attribute.variation,
      options,
      defaultOption: chosen,
      unresolvedDefault: unresolved,
    };
  });
}

/** Global attributes have an id and a slug (`pa_colour`), local ones only the name typed in this product. */
function attributeKey(attribute: Pick<WireAttribute, 'id' | 'name' | 'slug'>): string {
  if (attribute.id === '') return `local:${tidyText(attribute.name)}`;
  return `global:${attribute.slug === '' ? attribute.id : attribute.slug}`;
}

/** Global attributes of a product that name a default: the slugs to be turned into names (fidelity T5). */
export function globalDefaults(product: WireProduct): { readonly attributeId: string; readonly slug: string }[] {
  return product.default_attributes
    .filter((fallback) => fallback.id !== '' && fallback.option !== '')
    .map((fallback) => ({ attributeId: fallback.id, slug: fallback.option }));
}

function defaultOption(
  product: WireProduct,
  attribute: WireAttribute,
  options: readonly string[],
  termName: TermName,
): { chosen: string | null; unresolved: string | null } {
  const said = product.default_attributes.find((fallback) => isSameAttribute(fallback, attribute))?.option ?? '';
  if (said === '') return { chosen: null, unresolved: null };
  const name = attribute.id === '' ? decodedText(said) : termName(attribute.id, said);
  const chosen = name === null ? null : matchingOption(options, name);
  return chosen === null ? { chosen: null, unresolved: said } : { chosen, unresolved: null };
}

/** Attribute key → option of a variation; left out = any (fidelity T4). Attributes that no longer vary are left out. */
export function variantOptions(variation: WireVariation, product: WireProduct): Record<string, string> {
  const options: Record<string, string> = {};
  for (const attribute of product.attributes) {
    if (!attribute.variation) continue;
    const said = variation.attributes.find((own) => isSameAttribute(own, attribute));
    if (said === undefined || said.option === '') continue;
    const name = decodedText(said.option);
    options[attributeKey(attribute)] = matchingOption(attribute.options.map(decodedText), name) ?? name;
  }
  return options;
}

function matchingOption(options: readonly string[], name: string): string | null {
  const folded = name.toLowerCase();
  return options.find((option) => option === name) ?? options.find((option) => option.toLowerCase() === folded) ?? null;
}

/** Local attributes have no id: they are told apart by name, which a variation may give in its slug form. */
function isSameAttribute(
  said: { readonly id: string; readonly name: string; readonly slug?: unknown },
  attribute: WireAttribute,
): boolean {
  if (said.id !== '' || attribute.id !== '') return said.id === attribute.id;
  const name = tidyText(said.name).toLowerCase();
  return name === tidyText(attribute.name).toLowerCase() || (name !== '' && name === attribute.slug.toLowerCase());
}
