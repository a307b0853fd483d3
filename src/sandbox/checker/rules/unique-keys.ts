import { cutAtWord } from './normalise.ts';

/** A unique value that a record gets, and whether another record's claim changed it. */
export interface Claimed {
  value: string;
  changed: boolean;
}

export interface Claim<Id> {
  id: Id;
  /** The value wanted first, then what is taken instead, in order. */
  alternatives: string[];
}

/**
 * The duplicates ledger: a pure function of the claims in their order (fidelity §0 b). The first claimant keeps a
 * value; later ones get their first alternative that is free. `taken` are values that others hold already.
 */
export function settleClaims<Id>(
  claims: Iterable<Claim<Id>>,
  keyOf: (value: string) => string,
  taken: Iterable<string> = [],
): Map<Id, Claimed> {
  const held = new Set([...taken].map(keyOf));
  const settled = new Map<Id, Claimed>();
  for (const { id, alternatives } of claims) {
    const value = alternatives.find((candidate) => !held.has(keyOf(candidate))) ?? alternatives.at(-1) ?? '';
    held.add(keyOf(value));
    settled.set(id, { value, changed: value !== alternatives[0] });
  }
  return settled;
}

/** `name` with a suffix, the name cut so that both fit. */
export function nameWith(name: string, suffix: string, limit: number): string {
  return `${cutAtWord(name, limit - suffix.length)}${suffix}`;
}
