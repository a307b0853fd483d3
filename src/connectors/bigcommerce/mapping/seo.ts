import { comparableText } from '../../../canonical/plain-text.ts';
import { truncateText } from '../../../canonical/truncate.ts';
import type { MetaField } from '../../../domain/record.ts';
import type { MapContext } from '../../target.ts';
import type { Findings } from './findings.ts';

/** What the author typed, by plugin (fidelity §13); the first plugin with a value wins. */
const TITLES = ['_yoast_wpseo_title', 'rank_math_title', '_seopress_titles_title', '_aioseo_title'];
const DESCRIPTIONS = ['_yoast_wpseo_metadesc', 'rank_math_description', '_seopress_titles_desc', '_aioseo_description'];

/** For those who share a page; products alone have fields for it at the target. */
const SHARED_TITLES = ['_yoast_wpseo_opengraph-title', 'rank_math_facebook_title', '_seopress_social_fb_title'];
const SHARED_DESCRIPTIONS = [
  '_yoast_wpseo_opengraph-description',
  'rank_math_facebook_description',
  '_seopress_social_fb_desc',
];

const MAX_TITLE = 255;
const MAX_DESCRIPTION = 65_535;

export interface SeoFields {
  readonly title: string;
  readonly description: string;
  /** Keys of the shop's fields that have become fields of the target. */
  readonly taken: ReadonlySet<string>;
}

export function seoFields(
  meta: readonly MetaField[],
  name: string,
  context: Pick<MapContext, 'source'>,
  findings: Findings,
): SeoFields {
  const variables = variablesOf(name, context);
  const title = typed(meta, TITLES, 'page_title', variables, findings);
  const description = typed(meta, DESCRIPTIONS, 'meta_description', variables, findings);
  return {
    title: truncateText(title.text, MAX_TITLE),
    description: truncateText(description.text, MAX_DESCRIPTION),
    taken: new Set([...title.taken, ...description.taken]),
  };
}

export function sharingFields(
  meta: readonly MetaField[],
  name: string,
  context: Pick<MapContext, 'source'>,
  findings: Findings,
): SeoFields {
  const variables = variablesOf(name, context);
  const title = typed(meta, SHARED_TITLES, 'open_graph_title', variables, findings);
  const description = typed(meta, SHARED_DESCRIPTIONS, 'open_graph_description', variables, findings);
  return { title: title.text, description: description.text, taken: new Set([...title.taken, ...description.taken]) };
}

function variablesOf(title: string, { source }: Pick<MapContext, 'source'>) {
  return { title, sitename: source.name, sep: '-', page: '' };
}

function typed(
  meta: readonly MetaField[],
  keys: readonly string[],
  field: string,
  variables: Readonly<Record<string, string>>,
  findings: Findings,
): { text: string; taken: readonly string[] } {
  for (const key of keys) {
    const value = meta.find((row) => row.key === key)?.value;
    if (typeof value !== 'string' || value.trim() === '') continue;
    const resolved = resolve(value, variables);
    // A variable that only the plugin knows would be shown to shoppers as it stands: the field stays empty.
    if (resolved === null) {
      findings.report('seo-variable-unresolved', field, value.slice(0, 200));
      return { text: '', taken: [] };
    }
    if (resolved !== comparableText(value)) {
      findings.adjust(
        'seo-template-resolved',
        field,
        value,
        resolved,
        'the variables of the plugin mean nothing elsewhere',
      );
    }
    return { text: resolved, taken: [key] };
  }
  return { text: '', taken: [] };
}

function resolve(text: string, variables: Readonly<Record<string, string>>): string | null {
  let unknown = false;
  const filled = text.replace(/%%([a-z_]+)%%|%([a-z_]+)%/gi, (whole: string, double?: string, single?: string) => {
    const value = variables[(double ?? single ?? '').toLowerCase()];
    if (value === undefined) unknown = true;
    return value ?? whole;
  });
  return unknown ? null : comparableText(filled);
}
