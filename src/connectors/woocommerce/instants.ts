import type { Instant } from '../../domain/record.ts';

/** A filter value of wc/v3: UTC without a zone mark, to be sent with `dates_are_gmt=true` (source-apis §1.3). */
export function naiveUtc(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 19);
}
