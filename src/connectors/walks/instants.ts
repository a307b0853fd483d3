import type { Instant } from '../../domain/record.ts';

export function addSeconds(instant: Instant, seconds: number): Instant {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

/** Fractions of a second are cut: stores stamp with a precision of one second. */
export function wholeSecond(instant: Instant): Instant {
  return new Date(Math.floor(Date.parse(instant) / 1000) * 1000).toISOString();
}

/** The latest of some stamps; null when there is none. */
export function latest(stamps: readonly (Instant | null)[]): Instant | null {
  return stamps.reduce((a, b) => (a === null || (b !== null && b > a) ? b : a), null);
}
