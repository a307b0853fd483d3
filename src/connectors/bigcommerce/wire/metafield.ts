import { z } from 'zod';

export const metafieldSchema = z.object({
  id: z.number(),
  resource_id: z.union([z.number(), z.string()]).transform(Number).optional(),
  namespace: z.string(),
  key: z.string(),
  permission_set: z.string().nullish(),
  value: z.string().nullish(),
});
export type MetafieldRow = z.infer<typeof metafieldSchema>;
