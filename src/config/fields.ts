import { z } from 'zod';

// Every field carries the sentence that says what is allowed as its error, so that a problem never needs
// knowledge of zod's own issue kinds.

export const wholeNumber = (min: number, max: number, unit = '') => {
  const error = `a whole number from ${min} to ${max}${unit === '' ? '' : ` (${unit})`}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

export const port = () => wholeNumber(1, 65_535);

/** Milliseconds, from 1 to a day unless told otherwise. */
export const milliseconds = (min = 1, max = 86_400_000) => wholeNumber(min, max, 'milliseconds');

export const flag = () => z.boolean({ error: 'true or false' });

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `one of ${values.join(', ')}` });

export const text = (allowed: string, pattern: RegExp) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });

export const path = () => text('a path of at least one character', /\S/);

export const hostName = () => text('a host name or an address without a port', /^[A-Za-z0-9.:_-]+$/);

export const httpUrl = () => text('a URL that starts with http:// or https://', /^https?:\/\/[^\s/]+/);
