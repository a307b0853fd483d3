import type { Row } from '../raw/row.ts';
import { rowsOf, textOf } from '../raw/row.ts';
import type { Scope } from '../report.ts';
import { targetForm } from '../rules/html.ts';
import { isSecretMeta } from '../rules/meta-policy.ts';
import { decoded } from '../rules/normalise.ts';
import type { Expectation, Expected } from './expectation.ts';
import { expectedMetaFields } from './shop-metafields.ts';
import { holdsAll, ownMetafield, sameMoment } from './expectation.ts';
import { saleDates } from './pricing.ts';

/** What has no field at the target and goes to metafields `storeferry/…` (fidelity §0 e, §4). */
export function expectedProductMetafields(product: Row): Expected {
  const scope = 'product-metafields';
  const fields: Expectation[] = [];
  const adjusted: string[] = [];
  const created = textOf(product['date_created_gmt']);
  const add = (
    key: string | RegExp,
    adjustment: string,
    value: string,
    agrees: (e: string, a: string) => boolean,
  ): void => {
    if (value === '') return;
    fields.push(ownMetafield({ scope, key, rule: `ADJUSTED ${adjustment}`, source: value, expected: value, agrees }));
    adjusted.push(adjustment);
  };
  add('date_created', 'created-date-in-metafield', created, sameMoment);
  add('shipping_class', 'shipping-class-in-metafield', textOf(product['shipping_class']), (a, b) => a === b);
  add('purchase_note', 'purchase-note-in-metafield', textOf(product['purchase_note']), sameNote);
  add('sale_schedule', 'sale-schedule-dropped', saleDates(product).join(', '), holdsDays(saleDates(product)));
  const files = rowsOf(product['downloads']);
  if (files.length > 0) {
    const names = files.map((file) => decoded(textOf(file['name'])));
    // REPORTED, so it is no adjustment; names are kept, addresses are not copied.
    fields.push(
      ownMetafield({
        scope,
        key: /download/,
        rule: 'REPORTED download-files',
        source: names,
        expected: names.join(', '),
        agrees: holdsAll(names),
      }),
    );
  }
  fields.push(withheld(scope, files));
  const metas = expectedMetaFields(scope, product);
  return { fields: [...fields, ...metas.fields], adjusted: [...adjusted, ...metas.adjusted] };
}

export function expectedVariantMetafields(product: Row, variation: Row): Expected {
  const scope = 'variant-metafields';
  const metas = expectedMetaFields(scope, variation);
  const fields = [...metas.fields];
  const adjusted = [...metas.adjusted];
  const description = textOf(variation['description']);
  const own = textOf(variation['shipping_class']);
  if (description.trim() !== '') {
    const rule = 'ADJUSTED variant-description-in-metafield';
    fields.push(
      ownMetafield({ scope, key: /description/, rule, source: description, expected: description, agrees: sameNote }),
    );
    adjusted.push('variant-description-in-metafield');
  }
  // Without a class of its own a variation shows its parent's.
  if (own !== '' && own !== textOf(product['shipping_class'])) {
    const rule = 'ADJUSTED shipping-class-in-metafield';
    fields.push(ownMetafield({ scope, key: 'shipping_class', rule, source: own, expected: own }));
    adjusted.push('shipping-class-in-metafield');
  }
  return { fields, adjusted };
}

/** The same text, whether its HTML was kept, sanitised or turned to text. */
function sameNote(expected: string, actual: string): boolean {
  return expected.trim() === actual.trim() || targetForm(expected).text === targetForm(actual).text;
}

function holdsDays(dates: readonly string[]): (expected: string, actual: string) => boolean {
  return holdsAll(dates.map((date) => date.slice(0, 10)));
}

/** Addresses of files and secrets must not reach the target in any metafield (fidelity §3, §4). */
function withheld(scope: Scope, files: readonly Row[]): Expectation {
  const addresses = files.map((file) => textOf(file['file'])).filter((address) => address !== '');
  const isKept = (field: Row): boolean =>
    addresses.some((address) => textOf(field['value']).includes(address)) ||
    (field['namespace'] === 'woocommerce' && isSecretMeta(textOf(field['key'])));
  return {
    scope,
    field: 'metafields',
    rule: 'REPORTED secret-meta-skipped, download-files',
    source: '',
    expected: [],
    read: ({ metafields }) => metafields.filter(isKept).map((field) => textOf(field['key'])),
    agrees: (actual) => (actual as string[]).length === 0,
  };
}
