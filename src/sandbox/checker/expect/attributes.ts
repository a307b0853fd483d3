import type { Row } from '../raw/row.ts';
import { rowsOf, textOf, textsOf } from '../raw/row.ts';
import { cutAtWord, decoded, sameTexts } from '../rules/normalise.ts';
import type { Expected } from './expectation.ts';
import { holdsAll, ownMetafield } from './expectation.ts';
import { hasVariations } from './product-kind.ts';
import { attributesOf } from './variation-matrix.ts';

const LONGEST = 250;
const MOST_FIELDS = 200;

/** Attributes that make no variants: shown ones become custom fields, hidden ones a metafield (fidelity §4). */
export function expectedAttributes(product: Row): Expected {
  const attributes = attributesOf(product).filter((row) => !(hasVariations(product) && row['variation'] === true));
  const shown = customFields(attributes.filter((row) => row['visible'] === true));
  const hidden = attributes.filter((row) => row['visible'] !== true && textsOf(row['options']).length > 0);
  const kept = shown.fields.slice(0, MOST_FIELDS);
  const over = shown.fields.length > MOST_FIELDS;
  const rule = over ? 'ADJUSTED custom-fields-over-limit' : 'EXACT §4 attributes (N7)';
  const texts = hidden.flatMap((row) => [textOf(row['name']), ...textsOf(row['options'])]).map(decoded);
  return {
    fields: [
      {
        scope: 'product-custom-fields',
        field: 'custom_fields',
        rule: shown.cut && !over ? 'ADJUSTED text-truncated' : rule,
        source: attributes.map((row) => textOf(row['name'])),
        expected: kept,
        read: ({ row }) =>
          rowsOf(row['custom_fields']).map((field) => pair(textOf(field['name']), textOf(field['value']))),
        agrees: (actual) => sameTexts(kept, actual as string[]),
      },
      ...(hidden.length === 0
        ? []
        : [
            ownMetafield({
              scope: 'product-metafields',
              key: 'attributes',
              rule: 'ADJUSTED hidden-attribute-in-metafield',
              source: texts,
              expected: texts.join(', '),
              agrees: holdsAll(texts),
            }),
          ]),
    ],
    adjusted: [
      ...(shown.cut ? ['text-truncated'] : []),
      ...(over ? ['custom-fields-over-limit'] : []),
      ...(hidden.length > 0 ? ['hidden-attribute-in-metafield'] : []),
    ],
  };
}

/** One for each pair of name and option; the target takes a pair once (bigcommerce-api §2). */
function customFields(attributes: readonly Row[]): { fields: string[]; cut: boolean } {
  const fields = new Set<string>();
  let cut = false;
  for (const row of attributes) {
    const name = decoded(textOf(row['name']));
    for (const option of textsOf(row['options']).map(decoded)) {
      if (name === '' || option === '') continue;
      cut ||= name.length > LONGEST || option.length > LONGEST;
      fields.add(pair(cutAtWord(name, LONGEST), cutAtWord(option, LONGEST)));
    }
  }
  return { fields: [...fields], cut };
}

function pair(name: string, value: string): string {
  return `${name}: ${value}`;
}
