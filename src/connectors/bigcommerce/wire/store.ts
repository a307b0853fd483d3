import { z } from 'zod';

export const storeSchema = z.object({
  id: z.string().nullish(),
  name: z.string().nullish(),
  domain: z.string().nullish(),
  secure_url: z.string().nullish(),
  currency: z.string(),
  weight_units: z.string(),
  dimension_units: z.string(),
  timezone: z.object({ name: z.string().nullish() }).nullish(),
  is_price_entered_with_tax: z.boolean().nullish(),
  default_channel_id: z.number().nullish(),
  default_site_id: z.number().nullish(),
});

export const treeSchema = z.object({ id: z.number(), channels: z.array(z.number()).nullish() });
export const locationSchema = z.object({ id: z.number(), enabled: z.boolean().nullish() });
export const taxClassesSchema = z
  .array(z.object({ id: z.union([z.number(), z.string()]), name: z.string() }))
  .nullable();
export const timeSchema = z.object({ time: z.number() });

export const inventoryItemSchema = z.object({
  identity: z.object({ variant_id: z.number().nullish(), product_id: z.number().nullish() }),
  available_to_sell: z.number().nullish(),
  total_inventory_onhand: z.number().nullish(),
});
