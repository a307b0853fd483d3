import { z } from 'zod';

const amount = z.union([z.string(), z.number()]).nullish();
const count = z.union([z.number(), z.string().regex(/^\d*$/).transform(Number)]).nullish();

/** A coupon of V2: amounts are text (bigcommerce-api §6). */
export const couponSchema = z.looseObject({
  id: z.number(),
  code: z.string(),
  name: z.string().nullish(),
  type: z.string().nullish(),
  amount,
  min_purchase: amount,
  expires: z.string().nullish(),
  enabled: z.boolean().nullish(),
  applies_to: z.looseObject({ entity: z.string().nullish(), ids: z.array(z.number()).nullish() }).nullish(),
  max_uses: count,
  max_uses_per_customer: count,
  date_created: z.string().nullish(),
});
export type CouponRow = z.output<typeof couponSchema>;
