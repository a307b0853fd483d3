import { createHash } from 'node:crypto';
import type { Canonical, MovedEntity } from '../domain/record.ts';
import { cleanHtmlForm } from './html.ts';
import { stableJson } from './stable-json.ts';

/**
 * Version of the canonical form and of this hash. Raise it when either changes meaning, so that an upgrade of ours does
 * not look like an edit of every record (P3).
 */
export const HASH_VERSION = 2;

/** Canonical fields that hold HTML, by name at whatever depth. */
const HTML_FIELDS = new Set(['description', 'shortDescription', 'content', 'excerpt', 'text']);

/**
 * Hash of a canonical form: the same for the same content, whatever the order of keys, the composition of accents, or
 * the markup details that N6 ignores. Canonical forms hold no volatile fields, so none are left out here.
 */
export function contentHash<E extends MovedEntity>(entity: E, canonical: Canonical<E>): string {
  return createHash('sha256')
    .update(`${entity}\n${stableJson(hashedForm(canonical, ''))}`)
    .digest('base64url');
}

function hashedForm(value: unknown, field: string): unknown {
  if (typeof value === 'string') return HTML_FIELDS.has(field) ? cleanHtmlForm(value) : value.normalize('NFC');
  if (Array.isArray(value)) return value.map((item: unknown) => hashedForm(item, field));
  if (typeof value !== 'object' || value === null) return value;
  // What a plugin calls its own `description` is not ours to read as HTML.
  const inMeta = field === 'meta';
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.normalize('NFC'), inMeta ? member : hashedForm(member, name)]),
  );
}
