/** A record as the shop's API gives it. */
export interface Row {
  readonly id: number;
  readonly [field: string]: unknown;
}
export type Fields = Record<string, unknown>;
export interface Metafield {
  readonly resource_id: number;
  readonly key: string;
  readonly value: string;
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  const rendered = (value as { rendered?: unknown } | null | undefined)?.rendered;
  return typeof rendered === 'string' ? rendered : '';
}

export function rowsOf(value: unknown): Row[] {
  return Array.isArray(value) ? (value as Row[]) : [];
}

export function fieldsOf(value: unknown): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
}

/** Path of an address, with a slash at its end; '' for none. */
export function pathOf(address: unknown): string {
  if (!URL.canParse(textOf(address))) return '';
  const { pathname, search } = new URL(textOf(address));
  return search !== '' || pathname === '/' ? '' : `${pathname.replace(/\/+$/, '')}/`;
}

export const instant = (value: unknown): string => (textOf(value) === '' ? '' : `${textOf(value)}Z`);

/** Gives a value once: whoever wants it again gets it with the id behind it. */
export function onlyOnce(): (value: string, id: number | string) => string {
  const taken = new Set<string>();
  return (value, id) => {
    const free = taken.has(value.trim().toLowerCase()) ? `${value} (${id})` : value;
    taken.add(free.trim().toLowerCase());
    return free;
  };
}

/** Metafields of one record; what is empty has none. */
export function metafields(id: number, fields: Readonly<Record<string, unknown>>): Metafield[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const text =
      typeof value === 'string' ? value : Array.isArray(value) && value.length === 0 ? '' : JSON.stringify(value);
    return text === undefined || text === '' ? [] : [{ resource_id: id, key, value: text }];
  });
}
