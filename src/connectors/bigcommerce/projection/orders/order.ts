import { comparableText } from '../../../../canonical/plain-text.ts';
import { isObject, type Json, type JsonObject } from '../../../../domain/json.ts';
import type { PresentState } from '../../../../domain/target-state.ts';
import { MIGRATED } from '../../mapping/orders/order.ts';
import type { OrderLineRow, OrderRow } from '../../wire/orders/order.ts';
import { agreesFields, type FieldTable, projectFields } from '../fields.ts';

/** Totals that the target takes together or not at all (bigcommerce-api §5.1). */
const PAIRS = [
  ['subtotal_ex_tax', 'subtotal_inc_tax'],
  ['shipping_cost_ex_tax', 'shipping_cost_inc_tax'],
  ['total_ex_tax', 'total_inc_tax'],
] as const;

/** What an order is changed by after it was made; all else of it stays as it was placed (fidelity §7). */
const ORDER_FIELDS: FieldTable = {
  status_id: 'number',
  staff_notes: 'text',
  discount_amount: 'number',
  ...Object.fromEntries(PAIRS.flat().map((field) => [field, 'number' as const])),
};

/** Without the day it was made: that one is ours to set and lies in the past. */
export function presentOrder(row: OrderRow): PresentState {
  const modified = Date.parse(row.date_modified ?? '');
  return {
    targetId: String(row.id),
    createdAt: null,
    modifiedAt: Number.isNaN(modified) ? null : new Date(modified).toISOString(),
    parts: { core: projectFields(ORDER_FIELDS, row) },
    children: [],
  };
}

/** `<source store key>:<id>` of a migrated order; those of other systems have ids of their own kind. */
export function markerOf(row: OrderRow): string | null {
  const id = row.external_order_id ?? '';
  return row.external_source === MIGRATED && id.includes(':') ? id : null;
}

/** Lines are read only when they have to be compared. */
export function agreesOrderPart(part: string, desired: Json, present: Json): boolean {
  return part === 'core' && agreesFields(ORDER_FIELDS, desired, present);
}

/** Of what changed, what an update may send: totals in their pairs. */
export function updatableFields(changed: JsonObject, desired: JsonObject): JsonObject {
  const names = Object.keys(changed).filter((name) => name in ORDER_FIELDS);
  const both = PAIRS.filter((pair) => pair.some((name) => names.includes(name))).flat();
  return Object.fromEntries([...new Set([...names, ...both])].map((name) => [name, desired[name] ?? null]));
}

/** Of what an update may send, what an order does not hold as it is meant. */
export function outdatedFields(desired: JsonObject, row: OrderRow): JsonObject {
  const present = projectFields(ORDER_FIELDS, row);
  const outdated = Object.entries(ORDER_FIELDS).filter(
    ([name, kind]) => !agreesFields({ [name]: kind }, desired, present),
  );
  return updatableFields(Object.fromEntries(outdated.map(([name]) => [name, desired[name] ?? null])), desired);
}

/** Whether an order has the lines that are meant now; which products they lead to is no matter. */
export function sameLines(desired: Json, rows: readonly OrderLineRow[]): boolean {
  const wishes = isObject(desired) && Array.isArray(desired['products']) ? (desired['products'] as JsonObject[]) : [];
  return JSON.stringify(lineForms(wishes)) === JSON.stringify(lineForms(rows));
}

/** In an order of their own, since the target promises none. */
function lineForms(lines: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const forms = lines.map(({ name, quantity, price_ex_tax: exTax, price_inc_tax: incTax }) =>
    JSON.stringify([comparableText(String(name)), Number(quantity), fourDecimals(exTax), fourDecimals(incTax)]),
  );
  return forms.toSorted();
}

function fourDecimals(amount: unknown): string {
  return Number(amount).toFixed(4);
}
