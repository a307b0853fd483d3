import { Big } from 'big.js';
import { decodeHTMLStrict } from 'entities';

// The comparison normalisations N1 to N12 of fidelity §2, the only ones allowed. HTML (N6) is in html.ts, paths (N11)
// in paths.ts. N3 and N8 are for orders, coupons and people.

/** N1 of a text without entities: NFC, trimmed, inner white space one blank. Case matters. */
export function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim();
}

/** A name as the source shows it: entities decoded once, never twice (fidelity §1 T1), then N1. */
export function decoded(text: string): string {
  return plain(decodeHTMLStrict(text));
}

/** As a part of a pattern that means itself. */
export function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A product name: tags go first, so that an encoded `&lt;` stays a character (fidelity §1 T1, T2). */
export function decodedName(text: string): string {
  return decoded(withoutTags(text));
}

export function hasTags(text: string): boolean {
  return withoutTags(text) !== text;
}

function withoutTags(text: string): string {
  return text.replace(/<!--[\s\S]*?-->|<\/?[a-z][^<>]*>/gi, '');
}

export function sameText(a: unknown, b: unknown): boolean {
  return typeof b === 'string' && plain(String(a)) === plain(b);
}

/** Key of a text that is unique without case. */
export function foldedKey(text: string): string {
  return plain(text).toLowerCase();
}

/** N2 and N4: a number at 4 decimals, half up; null for no value or no number. */
export function fourDecimals(value: unknown): string | null {
  if ((typeof value !== 'number' && typeof value !== 'string') || value === '') return null;
  try {
    return new Big(value).round(4, Big.roundHalfUp).toFixed(4);
  } catch {
    return null;
  }
}

/** N2 for prices: no price is not a price of 0 (N10). */
export function samePrice(a: unknown, b: unknown): boolean {
  return fourDecimals(a) === fourDecimals(b);
}

/** N2 and N4 where no value is 0: sale prices (the target's 0 means none), weights, lengths. */
export function sameAmount(a: unknown, b: unknown): boolean {
  return (fourDecimals(a) ?? '0.0000') === (fourDecimals(b) ?? '0.0000');
}

/** More decimals than the target keeps (fidelity §4 `regular_price`). */
export function isRounded(value: unknown): boolean {
  const kept = fourDecimals(value);
  return kept !== null && !new Big(String(value)).eq(kept);
}

/** N5: UTC to the second; a source's `_gmt` field has no zone of its own. */
export function sameInstant(a: string, b: unknown): boolean {
  return typeof b === 'string' && instant(a) !== null && instant(a) === instant(b);
}

function instant(text: string): number | null {
  const zoned = /(?:Z|[+-]\d\d:?\d\d|GMT)$/.test(text) ? text : `${text}Z`;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? null : Math.floor(ms / 1_000);
}

/** N7: sets of ids. */
export function sameSet(a: readonly unknown[], b: unknown): boolean {
  if (!Array.isArray(b)) return a.length === 0 && b == null;
  const [left, right] = [new Set(a.map(String)), new Set(b.map(String))];
  return left.size === right.size && b.length === right.size && [...left].every((item) => right.has(item));
}

/** N7: ordered lists of texts. */
export function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, at) => plain(item) === plain(b[at] ?? ''));
}

/** N10: null, `""`, missing and `[]` are equal. */
export function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** N10 for switches: what is not said is off. */
export function sameFlag(expected: boolean, actual: unknown): boolean {
  return expected === (isNothing(actual) ? false : actual);
}

/** N12: trimmed, compared with case. */
export function sameSku(a: string, b: unknown): boolean {
  return typeof b === 'string' && a.trim() === b.trim();
}

/** Cut at the last word boundary within the limit, never inside a surrogate pair (fidelity §3 "Length"). */
export function cutAtWord(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit + 1);
  const blank = head.lastIndexOf(' ');
  if (blank > 0) return head.slice(0, blank).trimEnd();
  const whole = text.slice(0, limit);
  return /[\uD800-\uDBFF]$/.test(whole) ? whole.slice(0, -1) : whole;
}
