import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';
import type { PresentState } from '../../../domain/target-state.ts';
import { stableJson } from '../../../canonical/stable-json.ts';
import type { CouponRow } from '../wire/coupon.ts';

export function presentCoupon(row: CouponRow): PresentState {
  const created = Date.parse(row.date_created ?? '');
  return {
    targetId: String(row.id),
    createdAt: Number.isNaN(created) ? null : new Date(created).toISOString(),
    modifiedAt: null,
    parts: { core: formOf(row) },
    children: [],
  };
}

export function agreesCouponPart(part: string, desired: Json, present: Json): boolean {
  return part === 'core' && isObject(desired) && stableJson(formOf(desired)) === stableJson(present);
}

/** One form for what is meant and what is there: amounts as numbers, instants as such, nothing for 0 and null. */
function formOf(row: Readonly<Record<string, unknown>>): JsonObject {
  const applies = (row['applies_to'] ?? {}) as JsonObject;
  const ids = Array.isArray(applies['ids']) ? applies['ids'].map(Number).toSorted((a, b) => a - b) : [];
  const expires = typeof row['expires'] === 'string' ? Date.parse(row['expires']) : Number.NaN;
  return {
    name: textOf(row['name']),
    code: textOf(row['code']),
    type: textOf(row['type']),
    amount: numberOf(row['amount']),
    min_purchase: numberOf(row['min_purchase']),
    expires: Number.isNaN(expires) ? null : new Date(expires).toISOString(),
    enabled: row['enabled'] === true,
    applies_to: { entity: textOf(applies['entity']), ids },
    max_uses: numberOf(row['max_uses']),
    max_uses_per_customer: numberOf(row['max_uses_per_customer']),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: unknown): number {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : 0;
  return Number.isFinite(number) ? number : 0;
}
