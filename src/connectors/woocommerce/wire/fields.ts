import { z } from 'zod';

/*
 * Lenient readings of WooCommerce's JSON: plugins and PHP turn numbers into text, booleans into 'yes', empty objects
 * into []. What is of another kind altogether (a list where text belongs) still fails, and fails that record only.
 */

/** Text; null and numbers are taken as text. */
export const text = z.union([z.string(), z.number().transform(String), z.null().transform(() => '')]);

/** An id as text; 0, '' and null mean none and become ''. */
export const id = z
  .union([z.number().int().transform(String), z.string().regex(/^\d*$/), z.null().transform(() => '')])
  .transform((value) => (value === '0' ? '' : value));

export const ids = z
  .union([z.array(id), z.null().transform(() => [])])
  .transform((list) => list.filter((one) => one !== ''));

export const flag = z.union([
  z.boolean(),
  z.enum(['yes', 'no', '1', '0', '']).transform((word) => word === 'yes' || word === '1'),
  z.literal([0, 1]).transform((digit) => digit === 1),
  z.null().transform(() => false),
]);

export const integer = z.union([
  z.number().transform(Math.trunc),
  z
    .string()
    .regex(/^\s*-?\d+(\.\d+)?\s*$/)
    .transform((digits) => Math.trunc(Number(digits))),
  z.literal('').transform(() => 0),
  z.null().transform(() => 0),
]);

/** A decimal as text, without exponent; '' and null are none (null). Digits stay as they are stored (fidelity T8). */
export const decimal = z.union([
  z
    .string()
    .trim()
    .regex(/^(-?(\d+(\.\d*)?|\.\d+))?$/)
    .transform((digits) => tidyDecimal(digits)),
  z
    .number()
    .refine((value) => Number.isFinite(value) && Math.abs(value) < 1e15)
    .transform((value) => tidyDecimal(value.toFixed(10).replace(/\.?0+$/, ''))),
  z.null(),
]);

function tidyDecimal(digits: string): string | null {
  if (digits === '') return null;
  return digits.replace(/^(-?)\./, '$10.').replace(/\.$/, '');
}

/** A stamp of a `_gmt` field: UTC without a zone mark, second precision (source-apis §1.3); null when unset. */
export const gmt = z.union([
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?$/)
    .transform((stamp) => new Date(stamp.endsWith('Z') ? stamp : `${stamp}Z`))
    .refine((date) => !Number.isNaN(date.getTime()))
    .transform((date) => date.toISOString()),
  z.literal('').transform(() => null),
  z.null(),
]);

/** Computed or meaningless after a move: DERIVED in the rulebook. Accepted whatever it is, and not carried. */
export const derived = z.unknown().optional();

/** A list; null and PHP's empty object are the empty list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.union([z.array(item), z.null().transform((): z.output<T>[] => [])]);
}

export const image = z.looseObject({ id, src: text, alt: text.default('') });

export const meta = z.looseObject({ key: text, value: z.json().nullable().default(null) });
