import type { CanonicalAttribute, CanonicalProduct } from '../../../domain/product.ts';
import type { Json } from '../../../domain/json.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import type { Findings } from './findings.ts';
import { fittingText, type FullTexts } from './texts.ts';

export type WireCustomField = { readonly name: string; readonly value: string };

const MAX_TEXT = 250;
const MAX_FIELDS = 200;

/** Shown attributes, one field for each (name, option), in the source's order (fidelity §4). */
export function customFields(
  product: CanonicalProduct,
  findings: Findings,
  full: FullTexts,
): readonly WireCustomField[] {
  const seen = new Set<string>();
  const fields: WireCustomField[] = [];
  for (const attribute of described(product).filter(({ visible }) => visible)) {
    const name = fittingText(attribute.name, MAX_TEXT, `attributes.${attribute.key}.name`, findings, full);
    for (const [index, option] of attribute.options.entries()) {
      const value = fittingText(option, MAX_TEXT, `attributes.${attribute.key}.${index}`, findings, full);
      // The target takes a pair once; the source may hold it in two cases.
      const pair = normaliseKey(`${name}\n${value}`);
      if (name === '' || value === '' || seen.has(pair)) continue;
      seen.add(pair);
      fields.push({ name, value });
    }
  }
  if (fields.length > MAX_FIELDS) {
    const why = `a product takes ${MAX_FIELDS} custom fields`;
    findings.adjust('custom-fields-over-limit', 'attributes', fields.length, MAX_FIELDS, why);
  }
  return fields.slice(0, MAX_FIELDS);
}

/** Attributes for filters only are not shown at the source either: they go to a metafield. */
export function hiddenAttributes(product: CanonicalProduct, findings: Findings): Json {
  const hidden = described(product).filter(({ visible }) => !visible);
  if (hidden.length === 0) return null;
  const value = hidden.map(({ name, options }) => ({ name, options }));
  const why = 'custom fields show on the storefront, this attribute does not';
  findings.adjust(
    'hidden-attribute-in-metafield',
    'attributes',
    hidden.map(({ name }) => name),
    'storeferry/attributes',
    why,
  );
  return value;
}

/** Attributes that tell no variants apart. */
function described(product: CanonicalProduct): readonly CanonicalAttribute[] {
  return product.attributes.filter((attribute) => !attribute.forVariants || product.variants.length === 0);
}
