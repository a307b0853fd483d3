import type { JsonObject } from '../../../../domain/json.ts';

/** A body that asks for less than one that was refused, and what was lost, under its key of the rulebook. */
export interface Degraded {
  readonly body: JsonObject;
  readonly reason: string;
}

/** What the refusal is about gives way: lines stand for themselves, the order is a guest's, a country is known by its code. */
export function degraded(body: JsonObject, said: string): Degraded | null {
  const lines = (body['products'] ?? []) as readonly JsonObject[];
  if (/product|variant|option|stock/i.test(said) && lines.some((line) => 'product_id' in line)) {
    const products = lines.map(({ product_id: _product, variant_id: _variant, ...line }) => line);
    return { body: { ...body, products }, reason: `order-line-custom: the target refused a product of a line` };
  }
  if (/customer/i.test(said) && Number(body['customer_id'] ?? 0) > 0) {
    const reason = `order-customer-missing-as-guest: the target refused its customer`;
    return { body: { ...body, customer_id: 0 }, reason };
  }
  return null;
}
