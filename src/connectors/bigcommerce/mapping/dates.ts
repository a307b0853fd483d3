import type { Instant } from '../../../domain/record.ts';
import type { Mapped } from '../../target.ts';

/** The first year that dates of orders, reviews and posts can lie in: before it a stored date is a broken one. */
const FIRST_YEAR = 1970;

/** A date that no calendar of the target has makes a dead letter: nobody can say which was meant. */
export function refusedDate(at: Instant | null, what: string): Extract<Mapped, { outcome: 'refuse' }> | null {
  if (at === null || new Date(at).getUTCFullYear() >= FIRST_YEAR) return null;
  return {
    outcome: 'refuse',
    reason: `The ${what} is dated ${at.slice(0, 10)}, which is no date that the target knows`,
    remedy: `Correct the date of the ${what} at the source`,
  };
}

/** RFC-2822, as V2 takes it. */
export function rfc2822(at: Instant): string {
  return new Date(at).toUTCString().replace(/GMT$/, '+0000');
}
