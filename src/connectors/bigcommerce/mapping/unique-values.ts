import { truncateText } from '../../../canonical/truncate.ts';
import { normaliseKey, type WantedKey } from '../../../domain/unique-key.ts';
import type { Findings } from './findings.ts';

/**
 * A wish and its deterministic alternatives (P6), none longer than `max`: the base text gives way, never the suffix. The last
 * one holds the source store's key as well, so that not even another project's alternative can be in its way.
 */
export function uniqueTexts(
  base: string,
  suffixes: readonly string[],
  max: number,
  last: string,
): WantedKey['alternatives'] {
  const all = [base, ...suffixes.map((suffix) => suffixed(base, suffix, max)), suffixed(base, last, max)];
  const seen = new Set<string>();
  return all.filter((text) => {
    const key = normaliseKey(text);
    return seen.has(key) ? false : (seen.add(key), true);
  });
}

export function suffixed(base: string, suffix: string, max: number): string {
  const room = Math.max(0, max - suffix.length);
  return `${base.length <= room ? base : truncateText(base, room)}${suffix}`;
}

/** The value that the ledger reserved for a slot; notes when it is not the first wish. */
export function assignedValue(
  wanted: WantedKey,
  keys: Readonly<Record<string, string>>,
  note: { readonly key: string; readonly field: string; readonly why: string; readonly findings: Findings },
): string {
  const first = wanted.alternatives[0] ?? '';
  const value = keys[wanted.slot] ?? first;
  if (normaliseKey(value) !== normaliseKey(first)) note.findings.adjust(note.key, note.field, first, value, note.why);
  return value;
}
