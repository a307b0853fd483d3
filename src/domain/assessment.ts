import type { Entity } from './entity.ts';
import type { Instant } from './record.ts';

/** `stop`: no run may start; `warning`: somebody should decide; `note`: will be so, and is said before. */
export type Severity = 'stop' | 'warning' | 'note';

/** One named check of two stores before anything is written, with what was found. */
export interface AssessmentCheck {
  /** Kebab-case; those that stop are the STOP keys of the rulebook (§15) and our own. */
  readonly key: string;
  readonly severity: Severity;
  /** Records or settings concerned. */
  readonly count: number;
  /** At most five: ids, words, never a person's data. */
  readonly samples: readonly string[];
  /** In a merchant's words. */
  readonly message: string;
  readonly remedy: string;
}

/** What a store as a whole has and the target cannot take over, by key of the rulebook's REPORTED list. */
export interface StoreReport {
  readonly key: string;
  readonly count: number;
  /** At most five ids or words. */
  readonly samples: readonly string[];
}

export interface Assessment {
  readonly at: Instant;
  readonly mappingVersion: number;
  /** Records at the source by entity. */
  readonly counts: Partial<Record<Entity, number>>;
  /** Those that found something, the gravest first. */
  readonly checks: readonly AssessmentCheck[];
  readonly reports: readonly StoreReport[];
}

/** How many there are, and which for example. */
export interface Tally {
  readonly count: number;
  readonly samples: readonly string[];
}

const MOST_SAMPLES = 5;

export function tallyOf(found: readonly string[]): Tally {
  return { count: found.length, samples: found.slice(0, MOST_SAMPLES) };
}

const GRAVITY: readonly Severity[] = ['stop', 'warning', 'note'];

/** Only what found something, stops first, else in the order of the checks. */
export function gravestFirst(checks: readonly AssessmentCheck[]): readonly AssessmentCheck[] {
  return checks
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => GRAVITY.indexOf(a.severity) - GRAVITY.indexOf(b.severity));
}

export function stopsOf({ checks }: Pick<Assessment, 'checks'>): readonly AssessmentCheck[] {
  return checks.filter(({ severity }) => severity === 'stop');
}
