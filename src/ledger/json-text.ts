/**
 * JSON text that PostgreSQL's jsonb accepts: it refuses NUL and lone surrogates, which broken source text may hold. Both
 * are replaced here, in one place, so that a record with broken text is stored and never crashes a batch.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  // Both are written as escapes, and hardly any text has one: only then each value is looked at.
  return ESCAPED.test(text) ? JSON.stringify(value, (_key, item: unknown) => storable(item)) : text;
}

const ESCAPED = /\\u(?:0000|d[89a-f])/;
const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function storable(item: unknown): unknown {
  return typeof item === 'string' ? item.replace(UNSTORABLE, '\ufffd') : item;
}
