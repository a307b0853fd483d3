import type { Row } from '../raw/row.ts';
import { idOf, rowsOf, textOf } from '../raw/row.ts';
import { foldedKey, sameTexts } from '../rules/normalise.ts';
import type { Context } from './context.ts';
import type { Expectation, Expected } from './expectation.ts';
import type { ExpectedOption, Matrix } from './variation-matrix.ts';
import { label } from './variation-matrix.ts';

const scope = 'product-options';

/** Options, their values in order, defaults, and modifiers for free choices (fidelity §4.2). */
export function expectedOptions(context: Context, product: Row, matrix: Matrix): Expected {
  const defaults = matrix.options.map((option) => defaultLabel(context, product, option));
  const names = matrix.options.map((option) => option.name);
  const asGiven = matrix.adjusted.find((key) => key.includes('option-value'));
  const rule = asGiven ? `ADJUSTED ${asGiven}` : 'EXACT §4.2 options (N7)';
  const fields: Expectation[] = [
    listField('options', 'EXACT §4.2 options (N7)', names, (row) => optionsOf(row).map(nameOf)),
    ...matrix.options.map((option) =>
      listField(`option ${option.name}`, rule, option.labels, (row) => labelsOf(byName(optionsOf(row), option.name))),
    ),
    ...matrix.options.map((option, at) => {
      const expected = [defaults[at]?.label ?? ''].filter((text) => text !== '');
      const read = (row: Row): string[] => defaultsOf(byName(optionsOf(row), option.name));
      return listField(`default of ${option.name}`, 'EXACT §4 default_attributes', expected, read);
    }),
    ...modifierFields(matrix),
  ];
  return {
    fields,
    adjusted: [
      ...matrix.adjusted,
      ...(defaults.some((found) => found?.unresolved) ? ['default-option-unresolved'] : []),
    ],
  };
}

function modifierFields({ modifiers }: Matrix): Expectation[] {
  const rule = 'ADJUSTED any-attribute-to-modifier';
  const names = modifiers.map((modifier) => modifier.name);
  return [
    listField('modifiers', rule, names, (row) => sorted(row['modifiers']).map(nameOf)),
    ...modifiers.flatMap((modifier) => {
      const own = (row: Row): Row | undefined => byName(sorted(row['modifiers']), modifier.name);
      return [
        listField(`modifier ${modifier.name}`, rule, modifier.labels, (row) => labelsOf(own(row))),
        listField(`modifier ${modifier.name} kind`, rule, ['dropdown', 'required'], (row) => [
          textOf(own(row)?.['type']),
          own(row)?.['required'] === true ? 'required' : '',
        ]),
      ];
    }),
  ];
}

function listField(field: string, rule: string, expected: string[], read: (row: Row) => string[]): Expectation {
  return {
    scope,
    field,
    rule,
    source: expected,
    expected,
    read: ({ row }) => read(row),
    agrees: (actual) => sameTexts(expected, actual as string[]),
  };
}

/** A global attribute's default is a slug, a local one's the text itself (fidelity §1 T5). */
function defaultLabel(
  { shop }: Context,
  product: Row,
  { attribute, labels }: ExpectedOption,
): { label: string; unresolved: boolean } | null {
  const id = idOf(attribute['id']);
  const name = foldedKey(textOf(attribute['name']));
  const given = rowsOf(product['default_attributes']).find((row) =>
    id > 0 ? idOf(row['id']) === id : idOf(row['id']) === 0 && foldedKey(textOf(row['name'])) === name,
  );
  const option = textOf(given?.['option']);
  if (option === '') return null;
  const text = label((id > 0 ? shop.termName(id, option) : undefined) ?? option);
  const found = labels.find((other) => [foldedKey(text), foldedKey(option)].includes(foldedKey(other)));
  const bySlug = labels.find((other) => id > 0 && slugForm(other) === slugForm(option));
  return { label: found ?? bySlug ?? '', unresolved: found === undefined && bySlug === undefined };
}

function slugForm(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-');
}

function optionsOf(row: Row): Row[] {
  return sorted(row['options']);
}

function sorted(rows: unknown): Row[] {
  return rowsOf(rows).toSorted((a, b) => idOf(a['sort_order']) - idOf(b['sort_order']));
}

function nameOf(option: Row): string {
  return textOf(option['display_name']);
}

function byName(options: readonly Row[], name: string): Row | undefined {
  return options.find((option) => foldedKey(nameOf(option)) === foldedKey(name));
}

function labelsOf(option: Row | undefined): string[] {
  return sorted(option?.['option_values']).map((value) => textOf(value['label']));
}

function defaultsOf(option: Row | undefined): string[] {
  return sorted(option?.['option_values'])
    .filter((value) => value['is_default'] === true)
    .map((value) => textOf(value['label']));
}
