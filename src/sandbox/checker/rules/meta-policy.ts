import { createHash } from 'node:crypto';
import type { Row } from '../raw/row.ts';
import { groupBy, rowsOf, textOf } from '../raw/row.ts';

// What becomes of `meta_data` (fidelity §3 "meta_data policy", first match wins).

/** Keys with a row of their own in fidelity §4 and §13. */
const OWN_ROW = [
  /^_yoast_wpseo_(title|metadesc|focuskw|canonical|meta-robots-noindex|opengraph-.*|primary_product_cat)$/,
  /^rank_math_(title|description|focus_keyword|canonical_url|robots|facebook_.*|primary_product_cat)$/,
  /^_seopress_(titles_title|titles_desc|analysis_target_kw|robots_index|robots_canonical|robots_primary_cat)$/,
  /^_aioseo_(title|description|keywords)$/,
  /^(_cogs_total_value|_wc_cog_cost)$/,
];

const NOISE = [
  /^_edit_/,
  /^_wp_/,
  /^_wc_(average_rating|review_count)$/,
  /^_product_version$/,
  /^_elementor_/,
  /^_wpb_/,
  /_transient/,
  /^_reduced_stock$/,
  /^_download_permissions_granted$/,
  /^_recorded_/,
  /^_order_stock_reduced$/,
  /^_new_order_email_sent$/,
  /^wc_last_active$/,
  /^session_tokens$/,
  /capabilities$/,
  /user_level$/,
  /^closedpostboxes_/,
  /^meta-box-order_/,
];

const SECRET = /token|secret|password|^_stripe_|card_number/i;

export function isSecretMeta(key: string): boolean {
  return !NOISE.some((pattern) => pattern.test(key)) && SECRET.test(key);
}

export interface ExpectedMeta {
  /** The source's key, and a test for the target's (a shortened key ends in a hash of a kind nobody names). */
  key: string;
  fits: (targetKey: string) => boolean;
  value: string;
  adjusted: string[];
}

const MOST_METAS = 200;
const LONGEST_KEY = 64;
const LONGEST_VALUE = 65_535;

/** The metafields `woocommerce/<key>` that a record's meta rows become. */
export function expectedMetas(record: Row): ExpectedMeta[] {
  const kept = rowsOf(record['meta_data']).filter((row) => {
    const key = textOf(row['key']);
    return key !== '' && ![...OWN_ROW, ...NOISE].some((pattern) => pattern.test(key)) && !SECRET.test(key);
  });
  const groups = [...groupBy(kept, (row) => textOf(row['key']))].sort(([a], [b]) => (a < b ? -1 : 1));
  return groups
    .slice(0, MOST_METAS)
    .map(([key, rows]) => expectedMeta(key, rows))
    .filter((meta) => meta.value !== '');
}

function expectedMeta(key: string, rows: readonly Row[]): ExpectedMeta {
  const values = rows.map((row) => row['value']);
  const value = values.length > 1 ? JSON.stringify(values) : metaText(values[0]);
  const adjusted = value.length > LONGEST_VALUE ? ['meta-split'] : [];
  if (key.length <= LONGEST_KEY) return { key, fits: (other) => other === key, value, adjusted };
  const short = `${key.slice(0, 55)}-`;
  return {
    key,
    fits: (other) => other.startsWith(short) && /^[0-9a-f]{8}$/.test(other.slice(short.length)),
    value,
    adjusted: [...adjusted, 'meta-key-shortened'],
  };
}

/** Scalars as text, others as compact JSON; null is nothing. */
function metaText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : textOf(value);
}

/** Equal as text, or as JSON whatever the order of keys (fidelity §3 "EXACT after JSON normalisation"). */
export function sameMeta(expected: string, actual: string): boolean {
  return expected === actual || jsonForm(expected) === jsonForm(actual);
}

function jsonForm(text: string): string {
  try {
    return JSON.stringify(ordered(JSON.parse(text)));
  } catch {
    return text;
  }
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}

/** Short form of a value too long to be shown, for findings. */
export function fingerprint(value: string): string {
  return value.length <= 200 ? value : `${value.length} characters, sha256 ${digest(value)}`;
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16);
}
