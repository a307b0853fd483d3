import { z } from 'zod';

/** Rows of one answer. */
export const pageSize = ({ most = 200, usual = 50 } = {}) => z.coerce.number().int().min(1).max(most).default(usual);

/** A list in ascending order of a number goes on after the last one seen. */
export const afterNumber = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0);

/** A list that is newest first goes on before the last one seen. */
export const beforeNumber = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional();

/** Ids of a source may be addresses. */
const CURSOR_CHARACTERS = 8_000;

/** PostgreSQL stores no NUL: no row has it in its key. */
export const keyText = z.string().regex(/^[^\0]*$/);
export const recordKey = z.tuple([keyText, keyText]);

/** A list whose rows have a key of several columns goes on after the key that `keyCursor` made a cursor of. */
export function afterKey<Key>(shape: z.ZodType<Key>) {
  return z
    .string()
    .max(CURSOR_CHARACTERS)
    .optional()
    .transform((cursor, context) => {
      if (cursor === undefined || cursor === '') return null;
      const { data } = shape.safeParse(jsonOf(cursor));
      if (data !== undefined) return data;
      context.addIssue('no cursor of this list: give `next` of the answer before as it is');
      return z.NEVER;
    });
}

/** One word for any key: what is in an id never ends it early, and needs no escaping in an address. */
export function keyCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** What a full page ends with; null: the list is at its end. */
export function nextOf<Row, Cursor>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (last: Row) => Cursor,
): Cursor | null {
  const last = rows.at(-1);
  return last === undefined || rows.length < limit ? null : cursorOf(last);
}
