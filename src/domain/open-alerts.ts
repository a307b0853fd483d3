import type { AlertKind } from './alerts.ts';

/** The open alerts of a project at one moment, as its workflow is told of them. */
export interface OpenAlerts {
  /** Rises with each opening and each clearing, so that what is told late or twice is known. */
  readonly version: number;
  /** `lag-above-limit`, `credentials-rejected source`: oldest first, at most `MOST_NAMES` and a word on the rest. */
  readonly names: readonly string[];
}

/** Each webhook that is off is an alert of its own: what a workflow remembers does not grow with them. */
export const MOST_NAMES = 8;

/** @param alerts oldest first */
export function alertNames(
  alerts: readonly { readonly kind: AlertKind; readonly subject: string }[],
): OpenAlerts['names'] {
  const names = alerts.map(({ kind, subject }) => (subject === '' ? kind : `${kind} ${subject}`));
  const rest = names.length - MOST_NAMES;
  return rest <= 0 ? names : [...names.slice(0, MOST_NAMES), `${rest} more`];
}

/** What is known after something was told: the same object where that is older than what is known, or known, or no such thing. */
export function toldLast(known: OpenAlerts | undefined, told: unknown): OpenAlerts | undefined {
  // Whoever reaches the server can signal anything, and a workflow that cannot show itself stands still.
  const { version, names } = (told ?? {}) as Partial<OpenAlerts>;
  if (typeof version !== 'number' || !Array.isArray(names) || names.some((name) => typeof name !== 'string'))
    return known;
  return known !== undefined && version <= known.version ? known : { version, names: names.slice(0, MOST_NAMES + 1) };
}

/** What of a project wants a person: a gate, a pause or a failure comes first, open alerts are there as long as they are open. */
export interface Wanting {
  readonly attention: string | null;
  readonly alerts?: OpenAlerts;
}

export function wantsPerson({ attention, alerts }: Wanting): boolean {
  return attention !== null || (alerts?.names.length ?? 0) > 0;
}

/** Lines of Markdown for the workflow's page. */
export function wantedLines(project: string, { attention, alerts }: Wanting): readonly string[] {
  const names = alerts?.names ?? [];
  const open = `${names.join(', ')} (storeferry alerts ${project})`;
  if (attention !== null)
    return [`**Needs a person:** ${attention}`, ...(names.length === 0 ? [] : [`**Open alerts:** ${open}`])];
  return names.length === 0 ? [] : [`**Needs a person:** open alerts: ${open}`];
}
