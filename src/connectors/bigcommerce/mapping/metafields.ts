import { createHash } from 'node:crypto';
import { stableJson } from '../../../canonical/stable-json.ts';
import type { Json } from '../../../domain/json.ts';
import type { MetaField } from '../../../domain/record.ts';
import type { Findings } from './findings.ts';
import type { FullTexts } from './texts.ts';
import { wellFormed } from './well-formed.ts';

/** One metafield; `permission_set` is always `app_only` and added on the wire (fidelity §0 (e)). */
export type WireMetafield = {
  /** Ours, or that of the source's own fields: the platform's word. */
  readonly namespace: string;
  readonly key: string;
  readonly value: string;
};

const MAX_VALUE = 65_535;
const MAX_KEY = 64;
/** Of the target's 250 per record and client, 50 stay in reserve (fidelity §3). */
const MAX_SHOP_FIELDS = 200;

export const SOURCE_ID = 'source_id';

/** Our own fields: `null` and empty values hold nothing. */
export function ownMetafields(
  marker: string,
  values: Readonly<Record<string, Json | undefined>>,
  full: FullTexts,
  findings: Findings,
): WireMetafield[] {
  const named = [
    ...Object.entries(values),
    ...[...full].map(([field, text]): [string, Json] => [`full_${field.replace(/[^\w.]/g, '_')}`, text]),
  ];
  return [
    { namespace: 'storeferry', key: SOURCE_ID, value: marker },
    ...named.flatMap(([key, value]) => split('storeferry', key, textOf(value ?? null), findings)),
  ];
}

/** The shop's own fields (fidelity §3, meta policy 5); noise and secrets never reached the canonical form. */
export function shopMetafields(
  platform: string,
  meta: readonly MetaField[],
  taken: ReadonlySet<string>,
  field: string,
  findings: Findings,
): WireMetafield[] {
  const rows = meta
    .filter(({ key }) => !taken.has(key))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .flatMap(({ key, value }) => split(platform, key, textOf(value), findings));
  const kept = rows.slice(0, MAX_SHOP_FIELDS);
  if (kept.length < rows.length) findings.report('meta-over-limit', field, String(rows.length - kept.length));
  return distinct(kept);
}

function textOf(value: Json): string {
  if (value === null) return '';
  const text = typeof value === 'string' ? value : typeof value === 'object' ? stableJson(value) : String(value);
  return wellFormed(text);
}

function split(namespace: string, name: string, value: string, findings: Findings): WireMetafield[] {
  if (value === '') return [];
  const pieces = piecesOf(value);
  const key = shortKey(name, namespace, pieces.length === 1 ? 0 : String(pieces.length).length + 1, findings);
  if (pieces.length === 1) return [{ namespace, key, value }];
  const why = 'a metafield takes 65,535 characters';
  findings.adjust('meta-split', `${namespace}/${key}`, value.length, pieces.length, why);
  return pieces.map((piece, index) => ({ namespace, key: `${key}.${index + 1}`, value: piece }));
}

/** Never cut inside a surrogate pair. */
function piecesOf(value: string): string[] {
  const pieces: string[] = [];
  for (let from = 0; from < value.length;) {
    const low = value.charCodeAt(from + MAX_VALUE);
    const to = from + MAX_VALUE - (low >= 0xdc00 && low <= 0xdfff ? 1 : 0);
    pieces.push(value.slice(from, to));
    from = to;
  }
  return pieces;
}

function shortKey(name: string, namespace: string, room: number, findings: Findings): string {
  if (name.length + room <= MAX_KEY) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const key = `${wellFormed(name.slice(0, MAX_KEY - 9 - room))}-${hash}`;
  findings.adjust('meta-key-shortened', `${namespace}/${key}`, name, key, 'a metafield key takes 64 characters');
  return key;
}

/** Keys that are the same to the target, which may ignore case, would be refused: the first stays. */
function distinct(rows: readonly WireMetafield[]): WireMetafield[] {
  const byKey = new Map<string, WireMetafield>();
  for (const row of rows) if (!byKey.has(row.key.toLowerCase())) byKey.set(row.key.toLowerCase(), row);
  return [...byKey.values()];
}
