import { InvalidArgumentError } from 'commander';

/** Reads a whole number within bounds from the command line; what is out of them is refused before the API is asked. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`allowed: a whole number from ${least} to ${most}.`);
  };
}

/** What is set with this is taken back: it is as the service is set again. */
const DEFAULT = 'default';
/** Commander takes a null for an option that was given nothing, so the word stays a word until the API is asked. */
export type NumberOrDefault = number | typeof DEFAULT;

/** As `wholeNumber`, or `default`. */
export function wholeNumberOrDefault(least: number, most: number): (text: string) => NumberOrDefault {
  const one = wholeNumber(least, most);
  return (text) => (text === DEFAULT ? DEFAULT : one(text));
}

/** As the API takes it. */
export function orNull(value: NumberOrDefault | undefined): number | null | undefined {
  return value === DEFAULT ? null : value;
}

/** `50,400`. */
export function wholeNumbers(least: number, most: number): (text: string) => number[] {
  const one = wholeNumber(least, most);
  return (text) => text.split(',').map((part) => one(part.trim()));
}
