/** What one look found. A warning lets the service work, or is mended by its next start. */
export interface Check {
  /** kebab-case, stable. */
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was found; no key and no password. */
  readonly found: string;
  /** What to do; null where nothing is to be done. */
  readonly remedy: string | null;
}

export const ok = (name: string, found: string): Check => ({ name, state: 'ok', found, remedy: null });
export const warning = (name: string, found: string, remedy: string): Check => ({
  name,
  state: 'warning',
  found,
  remedy,
});
export const failed = (name: string, found: string, remedy: string): Check => ({
  name,
  state: 'failed',
  found,
  remedy,
});
/** For what cannot be looked at before something else is mended. */
export const notLookedAt = (name: string, because: string): Check =>
  warning(name, 'not looked at', `see ${because} first`);

/** One line of an error, for people. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
