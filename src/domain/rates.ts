/** How hard a project's stores are worked; any of them may be absent: as the service is set. */
export interface Rates {
  /** Requests in flight at once, per store. */
  readonly concurrency?: number;
  /** Most records in one request, where a request takes several. */
  readonly batchSize?: number;
  /** Share of each rate window that is left to the merchant. */
  readonly reservePercent?: number;
}

/** What is said of rates: null takes back what was set, what is absent stays. */
export type RateChanges = { readonly [rate in keyof Rates]?: number | null };

export const RATE_LIMITS: Readonly<Record<keyof Rates, { readonly least: number; readonly most: number }>> = {
  concurrency: { least: 1, most: 32 },
  batchSize: { least: 1, most: 100 },
  reservePercent: { least: 5, most: 90 },
};
const RATES = ['concurrency', 'batchSize', 'reservePercent'] as const;

/** What is wrong with rates that came from outside; undefined when nothing is. */
export function ratesProblem(given: Readonly<Partial<Record<keyof Rates, unknown>>>): string | undefined {
  const named = RATES.filter((rate) => given[rate] !== undefined);
  if (named.length === 0) return `${RATES.join(', ')}: name at least one`;
  for (const rate of named) {
    const { least, most } = RATE_LIMITS[rate];
    const value = given[rate];
    if (value === null) continue;
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
      return `${rate} must be a whole number from ${least} to ${most}, or null to be as the service is set`;
  }
  return undefined;
}

/** Rates after a change. */
export function changedRates(before: Rates, changes: RateChanges): Rates {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

/** Those of the rates that are named. */
export function namedRates(given: RateChanges): RateChanges {
  return Object.fromEntries(RATES.flatMap((rate) => (given[rate] === undefined ? [] : [[rate, given[rate]]])));
}
