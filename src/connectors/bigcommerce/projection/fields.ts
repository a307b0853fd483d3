import { comparablePath } from '../../../canonical/slug-path.ts';
import { htmlForm } from '../../../canonical/html.ts';
import { comparableText } from '../../../canonical/plain-text.ts';
import { stableJson } from '../../../canonical/stable-json.ts';
import { isObject, type Json, type JsonObject } from '../../../domain/json.ts';

/**
 * How a field of the wire is kept in a base and compared (fidelity §2). `measure` may be null: inherited. `url` is kept only
 * when we set it; the target makes one of its own otherwise.
 */
export type FieldKind = 'text' | 'html' | 'number' | 'measure' | 'flag' | 'ids' | 'url';
export type FieldTable = Readonly<Record<string, FieldKind>>;

/** What of a wire row is ours, in one form whatever request it came from, so that two reads of one state are equal. */
export function projectFields(table: FieldTable, row: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(table).map(([name, kind]) => [name, projected(kind, row[name])]));
}

function projected(kind: FieldKind, value: unknown): Json {
  switch (kind) {
    case 'text':
    case 'html':
      return textOf(value);
    case 'number':
      return numberOf(value) ?? 0;
    case 'measure':
      return numberOf(value);
    case 'flag':
      return value === true || value === 'true' || value === 1;
    case 'ids':
      return Array.isArray(value) ? value.map(Number).filter((id) => id > 0) : [];
    default:
      return urlOf(value);
  }
}

/** Whether a projected row is what `desired` would have made. Fields that `desired` lacks are not ours to compare. */
export function agreesFields(table: FieldTable, desired: Json, present: Json): boolean {
  if (!isObject(desired) || !isObject(present)) return false;
  return Object.entries(table).every(([name, kind]) => {
    const wish = desired[name];
    if (wish === undefined || (kind === 'url' && wish === null)) return true;
    return stableJson(comparable(kind, wish)) === stableJson(comparable(kind, present[name] ?? null));
  });
}

function comparable(kind: FieldKind, value: Json): Json {
  switch (kind) {
    case 'text':
      return comparableText(textOf(value));
    case 'html':
      return htmlForm(textOf(value));
    case 'ids':
      return (projected('ids', value) as number[]).toSorted((a, b) => a - b);
    case 'url':
      return comparablePath(urlOf(value));
    default:
      return projected(kind, value);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Four decimals are what both sides keep (fidelity N2, N4). */
function numberOf(value: unknown): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? Number(number.toFixed(4)) : null;
}

/** `custom_url.url` of products and brands, `url.path` of categories; or the path itself. */
function urlOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const { url, path } = value as { url?: unknown; path?: unknown };
  return textOf(url ?? path);
}

/** A member that is text; '' when it is none. */
export function textField(row: unknown, name: string): string {
  return isObject(row) ? textOf(row[name]) : '';
}
