import { z } from 'zod';

export const redirectSchema = z.looseObject({
  id: z.number(),
  site_id: z.number().nullish(),
  from_path: z.string(),
  to: z
    .looseObject({ type: z.string().nullish(), entity_id: z.number().nullish(), url: z.string().nullish() })
    .nullish(),
});
export type RedirectRow = z.output<typeof redirectSchema>;
