import type { Instant } from '../../domain/record.ts';

/** A filter value of wc/v3: UTC without a zone mark, to be sent with `dates_are_gmt=true` (source-apis §1.3). */
export function naiveUtc(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 19);
}

export function addSeconds(instant: Instant, seconds: number): Instant {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

/** Stamps have a precision of one second; fractions of ours are cut. */
export function wholeSecond(instant: Instant): Instant {
  return new Date(Math.floor(Date.parse(instant) / 1000) * 1000).toISOString();
}
