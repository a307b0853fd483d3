import { z } from 'zod';
import { customFields, id, instant, text } from '../wire/fields.ts';

const operation = z.looseObject({
  code: z.string(),
  args: z.array(z.looseObject({ name: z.string(), value: z.string() })),
});
export type WireOperation = z.output<typeof operation>;

export const promotionSchema = z.looseObject({
  id,
  updatedAt: instant,
  name: text,
  description: text,
  enabled: z.boolean(),
  couponCode: text,
  startsAt: instant,
  endsAt: instant,
  usageLimit: z.number().int().nullish(),
  perCustomerUsageLimit: z.number().int().nullish(),
  conditions: z.array(operation),
  actions: z.array(operation),
  customFields,
});
export type WirePromotion = z.output<typeof promotionSchema>;

export const PROMOTION_FIELDS = `id updatedAt name description enabled couponCode startsAt endsAt usageLimit perCustomerUsageLimit
  conditions { code args { name value } } actions { code args { name value } }`;

/** The value of an argument; '' when it has none. Lists come as JSON text, everything else as text. */
export function argument({ args }: WireOperation, name: string): string {
  return args.find((one) => one.name === name)?.value ?? '';
}

const listSchema = z.array(z.union([z.string(), z.number().transform(String)]));

/** Ids of a list argument; null when it is none that can be read. */
export function idsArgument(operationOf: WireOperation, name: string): readonly string[] | null {
  try {
    const parsed = listSchema.safeParse(JSON.parse(argument(operationOf, name)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
