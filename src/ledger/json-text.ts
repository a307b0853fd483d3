/**
 * JSON text that PostgreSQL's jsonb accepts: it refuses NUL and lone surrogates, which broken source text may hold. Both
 * are replaced here, in one place, so that a record with broken text is stored and never crashes a batch.
 */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? storable(item) : item));
}

const UNSTORABLE = /\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function storable(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd');
}
