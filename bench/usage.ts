/** Wrong arguments, said to a person. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A whole number within bounds. @throws UsageError that names the flag */
export function wholeIn(flag: string, text: string, [least, most]: readonly [number, number]): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`expected --${flag} as a whole number from ${least} to ${most}, got ${text}`);
}

/** One of some words. @throws UsageError that names the flag */
export function wordIn<T extends string>(flag: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new UsageError(`expected --${flag} ${words.slice(0, -1).join(', ')} or ${words.at(-1)}, got ${text}`);
}
