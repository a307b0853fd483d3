import { textOf } from './params.ts';

/** `_fields=id,name,dimensions.length` trims an answer, in the order asked for; parents of a named field are kept in part. */
export function trimFields(item: unknown, fields: readonly string[] | null, keepLinks: boolean): unknown {
  if (!fields || typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const given = item as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  for (const field of fields) {
    const [name = ''] = field.split('.', 1);
    if (!(name in given) || name in out) continue;
    out[name] = fields.includes(name) ? given[name] : trimNested(name, given[name], fields);
  }
  // A single resource keeps its links whatever was asked; list items do not (recordings "get trashed product", "list trash").
  if (keepLinks && '_links' in given) out['_links'] = given['_links'];
  return out;
}

function trimNested(name: string, value: unknown, fields: readonly string[]): unknown {
  const inner = fields.filter((field) => field.startsWith(`${name}.`)).map((field) => field.slice(name.length + 1));
  return Array.isArray(value) ? value.map((one) => trimFields(one, inner, false)) : trimFields(value, inner, false);
}

export function fieldList(value: unknown): string[] | null {
  if (value === undefined || value === '') return null;
  const parts = Array.isArray(value) ? value.map(String) : textOf(value).split(',');
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** Orders and WordPress's own answers keep their own order of fields (recordings "orders by ids trimmed", "trashed posts"). */
export function inOwnOrder(item: unknown, fields: readonly string[]): string[] {
  const own = Object.keys(typeof item === 'object' && item !== null ? item : {});
  const place = (field: string): number => own.indexOf(field.split('.', 1)[0] ?? '');
  return [...fields].sort((a, b) => place(a) - place(b));
}
