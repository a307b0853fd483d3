import type { ZodError, ZodObject, ZodType } from 'zod';
import type { Entity } from '../../../domain/entity.ts';
import type { ReportItem, UnreadableRecord } from '../../../domain/record.ts';
import { StoreFailure } from '../../http/failures.ts';
import { inTurns } from '../../in-turns.ts';
import type { ScannedKeys } from '../../source.ts';

export type ReadRow<W> =
  | { readonly ok: true; readonly row: W; readonly unknown: readonly ReportItem[] }
  | { readonly ok: false; readonly unreadable: UnreadableRecord };

/** The id of a row as text. A row without one makes the whole page unusable: nobody could say which record it is. */
export function rowId(row: unknown): string {
  const id = typeof row === 'object' && row !== null ? (row as { id?: unknown }).id : undefined;
  if (typeof id === 'number' && Number.isSafeInteger(id) && id > 0) return String(id);
  if (typeof id === 'string' && /^[1-9]\d*$/.test(id)) return id;
  throw new StoreFailure('unintelligible', 'The store sent a list with a row that has no id');
}

/** A record that claims no key of its own. */
export function unnamed(sourceId: string): ScannedKeys {
  return { sourceId, name: '', sku: '', slug: '', parent: null, modifiedAt: null, children: [] };
}

/** Reads one row leniently. Fields that the schema does not name are reported by name, once for each row. */
export function readRow<W>(entity: Entity, schema: ZodType<W> & ZodObject, row: unknown): ReadRow<W> {
  const parsed = schema.safeParse(row);
  if (!parsed.success) return { ok: false, unreadable: unreadable(entity, rowId(row), parsed.error) };
  return { ok: true, row: parsed.data, unknown: unknownFields(schema, row, '') };
}

/** Rows that could be read, and what is to be said of the others. */
export async function readRows<W>(entity: Entity, schema: ZodType<W> & ZodObject, rows: readonly unknown[]) {
  const read = await inTurns(rows, (row) => readRow(entity, schema, row));
  return {
    good: read.flatMap((one) => (one.ok ? [one] : [])),
    unreadable: read.flatMap((one) => (one.ok ? [] : [one.unreadable])),
  };
}

/** Rulebook §0 (a): a field that nobody has judged is reported, never dropped silently. */
export function unknownFields(schema: ZodObject, row: unknown, prefix: string): ReportItem[] {
  return Object.keys(row as object)
    .filter((name) => !(name in schema.shape) && name !== '_links')
    .map((name) => ({ key: 'unknown-field', field: `${prefix}${name}` }));
}

function unreadable(entity: Entity, sourceId: string, error: ZodError): UnreadableRecord {
  const fields = [...new Set(error.issues.map((issue) => String(issue.path[0] ?? 'the record')))].slice(0, 5);
  return {
    entity,
    sourceId,
    reason: `The shop gives this ${entity} in a form that cannot be read: ${fields.join(', ')}`,
    remedy: `Open and save the ${entity} in WooCommerce; if that does not help, a plugin changes ${fields.join(', ')}`,
  };
}
