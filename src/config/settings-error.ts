/** One wrong setting: where it was found, which key, what it held (absent for secrets) and what is allowed. */
export interface SettingProblem {
  readonly source: string;
  readonly key: string;
  readonly value?: string;
  readonly allowed: string;
}

/** Thrown once with every problem found; its message is one line per problem and is fit to show as it is. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super(problems.map(problemLine).join('\n'));
    this.problems = problems;
  }
}

function problemLine({ source, key, value, allowed }: SettingProblem): string {
  const given = value === undefined ? 'has a value that cannot be used' : `is ${value}`;
  return `${source}: ${key} ${given}; allowed: ${allowed}`;
}

const LONGEST_SHOWN_VALUE = 80;

/** A value as it is shown in a problem: JSON, cut so that the problem stays one line. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > LONGEST_SHOWN_VALUE ? `${text.slice(0, LONGEST_SHOWN_VALUE)}…` : text;
}
