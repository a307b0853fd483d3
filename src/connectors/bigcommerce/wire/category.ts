import { z } from 'zod';

export const categorySchema = z.looseObject({
  category_id: z.number(),
  parent_id: z.number().nullish(),
  name: z.string().nullish(),
  image_url: z.string().nullish(),
  url: z.object({ path: z.string().nullish() }).nullish(),
});
export type CategoryRow = z.infer<typeof categorySchema>;

export const brandSchema = z.looseObject({
  id: z.number(),
  name: z.string().nullish(),
  image_url: z.string().nullish(),
  custom_url: z.object({ url: z.string().nullish() }).nullish(),
});
export type BrandRow = z.infer<typeof brandSchema>;
