import { InvalidArgumentError } from 'commander';

/** Reads a whole number within bounds from the command line; what is out of them is refused before the API is asked. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,15}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`allowed: a whole number from ${least} to ${most}.`);
  };
}

/** As `wholeNumber`, or null for `default`: what was set is taken back. */
export function wholeNumberOrDefault(least: number, most: number): (text: string) => number | null {
  const one = wholeNumber(least, most);
  return (text) => (text === 'default' ? null : one(text));
}

/** `50,400`. */
export function wholeNumbers(least: number, most: number): (text: string) => number[] {
  const one = wholeNumber(least, most);
  return (text) => text.split(',').map((part) => one(part.trim()));
}
