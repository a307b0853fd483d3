import type { Row } from '../raw/row.ts';
import { rowsOf, textOf } from '../raw/row.ts';
import { cutAtWord, decoded, decodedName, literal, plain } from '../rules/normalise.ts';
import type { Expectation, Expected } from './expectation.ts';

/** Keys of typed values by plugin: title, description, title and description for sharing (fidelity §13). */
const PLUGINS = [
  ['_yoast_wpseo_title', '_yoast_wpseo_metadesc', '_yoast_wpseo_opengraph-title', '_yoast_wpseo_opengraph-description'],
  ['rank_math_title', 'rank_math_description', 'rank_math_facebook_title', 'rank_math_facebook_description'],
  ['_seopress_titles_title', '_seopress_titles_desc'],
  ['_aioseo_title', '_aioseo_description'],
] as const;
const FIELDS = [
  ['page_title', 255],
  ['meta_description', Number.MAX_SAFE_INTEGER],
  ['open_graph_title', Number.MAX_SAFE_INTEGER],
  ['open_graph_description', Number.MAX_SAFE_INTEGER],
] as const;

/** Only what the author typed; without it the field is empty and the target falls back to the name (fidelity §13). */
export function expectedSeo(product: Row): Expected {
  const metas = new Map(rowsOf(product['meta_data']).map((row) => [textOf(row['key']), textOf(row['value'])]));
  const typed = FIELDS.map(([field, limit], at) => {
    const value = PLUGINS.map((keys) => metas.get(keys[at] ?? '') ?? '').find((text) => text !== '') ?? '';
    return { field, limit, value };
  });
  return {
    fields: typed.map(({ field, limit, value }) => seoField(product, field, limit, value)),
    adjusted: typed.some(({ value }) => VARIABLE.test(value)) ? ['seo-template-resolved'] : [],
  };
}

const VARIABLE = /%%[\w-]+%%|%[a-z_]+%/;

function seoField(product: Row, field: string, limit: number, value: string): Expectation {
  const templated = VARIABLE.test(value);
  const name = decodedName(textOf(product['name']));
  const expected = templated ? value : cutAtWord(decoded(value), limit);
  return {
    scope: 'seo',
    field,
    rule: templated ? 'ADJUSTED seo-template-resolved' : 'EXACT §13',
    source: value,
    expected,
    read: ({ row }) => row[field],
    agrees: (actual) => (templated ? fitsTemplate(value, name, textOf(actual)) : plain(textOf(actual)) === expected),
  };
}

/** Site name and separator are settings that no raw state shows; one that cannot be resolved leaves the field empty. */
function fitsTemplate(template: string, name: string, actual: string): boolean {
  if (actual === '') return !/^%%?title%%?$/.test(template);
  if (VARIABLE.test(actual)) return false;
  const parts = plain(template).split(/(%%[\w-]+%%|%[a-z_]+%)/);
  const pattern = parts.map((part) => {
    if (/^%%?title%%?$/.test(part)) return literal(name);
    return VARIABLE.test(part) ? '.*' : literal(part);
  });
  return new RegExp(`^${pattern.join('')}$`, 's').test(plain(actual));
}
