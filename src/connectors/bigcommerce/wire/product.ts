import { z } from 'zod';

/** Everything but ids is read leniently: the store adds, renames and widens fields without notice (bigcommerce-api §1). */
const id = z.number();
const text = z.string().nullish();
const flag = z.boolean().nullish();

export const imageSchema = z.object({ id, description: text, sort_order: z.number().nullish(), is_thumbnail: flag });
export const customFieldSchema = z.object({ id, name: text, value: text });
const optionValueSchema = z.object({
  id,
  label: text,
  sort_order: z.number().nullish(),
  is_default: flag,
});
export const optionSchema = z.object({
  id,
  display_name: text,
  sort_order: z.number().nullish(),
  option_values: z.array(optionValueSchema).nullish(),
});
export const variantSchema = z.looseObject({
  id,
  product_id: z.number().nullish(),
  sku: text,
  option_values: z
    .array(
      z.object({ id: z.number().nullish(), option_id: z.number().nullish(), option_display_name: text, label: text }),
    )
    .nullish(),
});
export const productSchema = z.looseObject({
  id,
  name: text,
  sku: text,
  date_created: text,
  date_modified: text,
  base_variant_id: z.number().nullish(),
  inventory_tracking: text,
  custom_url: z.object({ url: text }).nullish(),
  variants: z.array(variantSchema).nullish(),
  images: z.array(imageSchema).nullish(),
  custom_fields: z.array(customFieldSchema).nullish(),
});

export type ProductRow = z.infer<typeof productSchema>;
export type VariantWireRow = z.infer<typeof variantSchema>;
export type ImageRow = z.infer<typeof imageSchema>;
export type CustomFieldRow = z.infer<typeof customFieldSchema>;
export type OptionRow = z.infer<typeof optionSchema>;
