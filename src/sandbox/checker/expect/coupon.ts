import type { Row } from '../raw/row.ts';
import { idsOf, rowOf, textOf } from '../raw/row.ts';
import { foldedKey, sameAmount, sameInstant, sameSet } from '../rules/normalise.ts';
import type { Expectation, Expected } from './expectation.ts';
import { ownField } from './expectation.ts';

const scope = 'coupon';
const TYPES: Readonly<Record<string, string>> = {
  percent: 'percentage_discount',
  fixed_cart: 'per_total_discount',
  fixed_product: 'per_item_discount',
};

/** Everything but the trash, of the types that the rulebook knows (fidelity §9). */
export function isCarriedCoupon(row: Row): boolean {
  return !['trash', 'auto-draft'].includes(textOf(row['status'])) && TYPES[textOf(row['discount_type'])] !== undefined;
}

/** A code as the target takes it; clashes get a suffix. */
export function targetCode(row: Row): string {
  return textOf(row['code'])
    .trim()
    .replace(/[^A-Za-z0-9 _-]+/g, '-')
    .slice(0, 50);
}

function field(
  name: string,
  rule: string,
  expected: unknown,
  agrees?: (expected: never, actual: unknown) => boolean,
): Expectation {
  return ownField({ scope, field: name, rule, expected, ...(agrees ? { agrees } : {}) });
}

/** What a coupon becomes: never wider than it was (fidelity §9). */
export function expectedCoupon(
  row: Row,
  targetId: (entity: 'product' | 'category', id: number) => number | undefined,
): Expected {
  const shipping = row['free_shipping'] === true && Number(row['amount']) === 0;
  const left = usesLeft(row);
  const restricted = isRestricted(row);
  const place = scopeOf(row, targetId);
  const isOn = textOf(row['status']) === 'publish' && !restricted && left !== 0 && place.ids.length > 0;
  return {
    fields: [
      field('code', 'EXACT §9 code (N8)', targetCode(row), (a: string, b) =>
        foldedKey(textOf(b)).startsWith(foldedKey(a).slice(0, 40)),
      ),
      field('type', 'EXACT §9 discount_type', shipping ? 'free_shipping' : TYPES[textOf(row['discount_type'])]),
      field('amount', 'EXACT §9 amount', textOf(row['amount']), sameAmount),
      field('enabled', restricted ? 'ADJUSTED coupon-restriction-disabled' : 'EXACT §9 status', isOn),
      field('min_purchase', 'EXACT §9 minimum_amount', textOf(row['minimum_amount']) || '0', sameAmount),
      field('max_uses', 'ADJUSTED coupon-uses-remaining', left ?? 0),
      field('max_uses_per_customer', 'EXACT §9', Number(row['usage_limit_per_user'] ?? 0)),
      field('expires', 'EXACT §9 date_expires', textOf(row['date_expires_gmt']), sameEnd),
      // Switched off for want of anything to apply to, it may name anything.
      ...(place.ids.length === 0 ? [] : [appliesTo(place)]),
    ],
    adjusted: [
      ...(restricted ? ['coupon-restriction-disabled'] : []),
      ...(left === null ? [] : ['coupon-uses-remaining']),
    ],
  };
}

function sameEnd(expected: string, actual: unknown): boolean {
  const text = textOf(actual);
  return expected === '' ? text === '' : sameInstant(expected, new Date(text).toISOString());
}

function usesLeft(row: Row): number | null {
  const limit = Number(row['usage_limit'] ?? 0);
  return limit <= 0 ? null : Math.max(0, limit - Number(row['usage_count'] ?? 0));
}

function isRestricted(row: Row): boolean {
  const has = (name: string): boolean => Array.isArray(row[name]) && (row[name] as unknown[]).length > 0;
  return (
    has('excluded_product_ids') ||
    has('excluded_product_categories') ||
    has('email_restrictions') ||
    row['exclude_sale_items'] === true ||
    Number(row['maximum_amount'] ?? 0) > 0 ||
    Number(row['limit_usage_to_x_items'] ?? 0) > 0 ||
    (has('product_ids') && has('product_categories'))
  );
}

interface Place {
  entity: string;
  ids: readonly number[];
}

function scopeOf(row: Row, targetId: (entity: 'product' | 'category', id: number) => number | undefined): Place {
  const [products, categories] = [idsOf(row['product_ids']), idsOf(row['product_categories'])];
  if (products.length === 0 && categories.length === 0) return { entity: 'categories', ids: [0] };
  const entity = products.length > 0 ? 'product' : 'category';
  const ids = (entity === 'product' ? products : categories).flatMap((id) => targetId(entity, id) ?? []);
  return { entity: entity === 'product' ? 'products' : 'categories', ids };
}

function appliesTo({ entity, ids }: Place): Expectation {
  return {
    scope,
    field: 'applies_to',
    rule: 'EXACT §9 product_ids, product_categories',
    source: ids,
    expected: { entity, ids },
    read: ({ row }) => row['applies_to'],
    agrees: (actual) => textOf(rowOf(actual)['entity']) === entity && sameSet(ids, numbersOf(rowOf(actual)['ids'])),
  };
}

/** With 0, which stands for the whole catalogue here. */
function numbersOf(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : [];
}
