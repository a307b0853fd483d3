import { z, type ZodType } from 'zod';

/** V3 single: unknown members may appear at any time and are ignored (bigcommerce-api §1.1). */
export function single<T>(data: ZodType<T>) {
  return z.object({ data });
}

export function paginated<T>(row: ZodType<T>) {
  return z.object({
    data: z.array(row),
    meta: z
      .object({
        pagination: z.object({ total_pages: z.number().optional() }).optional(),
        cursor_pagination: z.object({ end_cursor: z.string().nullish() }).optional(),
      })
      .optional(),
  });
}

/** Category and metafield batches: the rows that worked, and what was wrong with others. */
export function batch<T>(row: ZodType<T>) {
  return z.object({ data: z.array(row).nullish(), errors: z.unknown().optional() });
}
