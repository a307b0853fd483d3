import { isObject } from '../domain/json.ts';

/**
 * JSON text with object keys in code unit order (those that are whole numbers first), so that equal values have equal text.
 * `undefined` members are left out. Written out by hand: a replacer is called for each member, which costs several times as much.
 */
export function stableJson(value: unknown): string {
  return textOf(value) ?? 'null';
}

function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) return `[${value.map((item: unknown) => textOf(item) ?? 'null').join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return textOf(JSON.parse(JSON.stringify(value)));
  let members = '';
  for (const key of orderedKeys(value)) {
    const text = textOf(value[key]);
    if (text !== undefined) members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${text}`;
  }
  return `{${members}}`;
}

/** Numbers first, as in every JavaScript object: hashes that were kept were made of objects. */
function orderedKeys(object: object): readonly string[] {
  const keys = Object.keys(object).sort();
  const isPlain = keys.every((key) => key < '0' || key > ':');
  return isPlain ? keys : Object.keys(Object.fromEntries(keys.map((key) => [key, null])));
}
