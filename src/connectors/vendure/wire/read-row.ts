import type { ZodType } from 'zod';
import type { Entity } from '../../../domain/entity.ts';
import type { Json, MetaField, ReportItem, UnreadableRecord } from '../../../domain/record.ts';
import type { ScannedKeys } from '../../source.ts';
import { rowId } from '../../walks/row-list.ts';
import type { ShopFacts } from '../shop-facts.ts';

export type ReadRow<W> =
  { readonly ok: true; readonly row: W } | { readonly ok: false; readonly unreadable: UnreadableRecord };

/** A record that claims no key of its own. */
export function unnamed(sourceId: string): ScannedKeys {
  return { sourceId, name: '', sku: '', slug: '', parent: null, modifiedAt: null, children: [] };
}

function readRow<W>(entity: Entity, schema: ZodType<W>, row: unknown): ReadRow<W> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return { ok: true, row: parsed.data };
  const fields = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0] ?? 'the record')))].slice(0, 5);
  return {
    ok: false,
    unreadable: {
      entity,
      sourceId: rowId(row),
      reason: `The shop gives this ${entity} in a form that cannot be read: ${fields.join(', ')}`,
      remedy: `Open and save the ${entity} in Vendure; if that does not help, a plugin answers for ${fields.join(', ')}`,
    },
  };
}

/** Rows that could be read, and what is to be said of the others. */
export function readRows<W>(entity: Entity, schema: ZodType<W>, rows: readonly unknown[]) {
  const read = rows.map((row) => readRow(entity, schema, row));
  return {
    good: read.flatMap((one) => (one.ok ? [one.row] : [])),
    unreadable: read.flatMap((one) => (one.ok ? [] : [one.unreadable])),
  };
}

/** Asks for the custom fields of a type that hold plain values; nothing where there are none. */
export function customSelection({ customFields }: ShopFacts, type: string): string {
  const plain = customFields.get(type)?.plain ?? [];
  return plain.length === 0 ? '' : `customFields { ${plain.join(' ')} }`;
}

/** Never copied, by name alone. */
const SECRETS = /token|secret|password|apikey|card_?number/i;

function isSecret([name]: readonly [string, Json]): boolean {
  return SECRETS.test(name);
}

/** Custom fields of a record, sorted by name; secrets and what is no plain value are reported by name only. */
export function customMeta(
  values: Readonly<Record<string, Json>>,
  { customFields }: ShopFacts,
  type: string,
): { readonly meta: readonly MetaField[]; readonly reports: readonly ReportItem[] } {
  const told = Object.entries(values).filter(([, value]) => value !== null && value !== '');
  return {
    meta: told
      .filter((field) => !isSecret(field))
      .map(([key, value]) => ({ key, value }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
    reports: [
      ...told.filter(isSecret).map(([key]) => ({ key: 'secret-meta-skipped', field: `customFields.${key}` })),
      ...(customFields.get(type)?.others ?? []).map((key) => ({ key: 'unknown-field', field: `customFields.${key}` })),
    ],
  };
}
