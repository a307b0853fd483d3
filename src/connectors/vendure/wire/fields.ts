import { z } from 'zod';
import { compareSourceIds } from '../../../domain/entity.ts';

/*
 * GraphQL keeps its types, so that little has to be forgiven; null where a schema promises a value means that a plugin answers
 * for the field, and fails that record only.
 */

/** Text; null is the empty one. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

export const id = z.string().min(1);

/** An instant in UTC; null when there is none. Stamps of creation have whole seconds, of changes milliseconds. */
export const instant = z
  .string()
  .nullish()
  .transform((stamp) => (stamp === null || stamp === undefined ? null : new Date(stamp)))
  .refine((date) => date === null || !Number.isNaN(date.getTime()))
  .transform((date) => date?.toISOString() ?? null);

/** Money: an integer in the smallest unit. */
export const money = z.number().int();

/** Fields that the shop defined itself; whatever they hold, or nothing where it defined none. */
export const customFields = z
  .record(z.string(), z.json())
  .nullish()
  .transform((fields) => fields ?? {});

/** Rows in the order of their ids: the API promises none, and gives the same order its lines in another one by another query. */
export function byId<T extends { readonly id: string }>(row: z.ZodType<T>) {
  return z.array(row).transform((rows) => rows.toSorted((a, b) => compareSourceIds(a.id, b.id)));
}

export const asset = z.looseObject({
  id,
  name: text,
  type: text,
  source: text,
});
