/**
 * Reads the store's own words out of an error body: V3 object, V2 list, batch shapes; or anything else, since a failure may
 * come as plain text (bigcommerce-api §1.3). Values of records are in there, so the text goes to the record's own history only.
 */
export function refusalText(body: unknown): string {
  const texts = [...new Set(messages(body, '', 0))];
  return texts.join('; ').slice(0, 500);
}

const SILENT = new Set(['status', 'type', 'instance', 'meta', 'data', 'code', 'resource_id']);

function messages(value: unknown, name: string, depth: number): string[] {
  if (typeof value === 'string') return value === '' ? [] : [name === '' ? value : `${name}: ${value}`];
  if (typeof value !== 'object' || value === null || depth > 5) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => messages(item, name, depth + 1));
  return Object.entries(value).flatMap(([key, member]) => {
    if (SILENT.has(key)) return [];
    const structural = /^(title|detail|message|errors|batch_errors|details)$/.test(key);
    return messages(member, structural ? name : joined(name, key), depth + 1);
  });
}

function joined(name: string, key: string): string {
  return name === '' ? key : `${name}.${key}`;
}

/** Places in a batch that the store names (`0.name`, `1.url`), from its `errors` keys. */
export function namedIndexes(body: unknown): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const [key, text] of errorEntries(body)) {
    const index = /^\D{0,12}?(\d+)(\.|$)/.exec(key)?.[1];
    if (index !== undefined) found.set(Number(index), text);
  }
  return found;
}

function errorEntries(body: unknown): [string, string][] {
  if (typeof body !== 'object' || body === null) return [];
  const holders: unknown[] = Array.isArray(body) ? body : [body];
  return holders.flatMap((holder) => {
    if (typeof holder !== 'object' || holder === null) return [];
    const { errors, batch_errors: batch } = holder as { errors?: unknown; batch_errors?: unknown };
    if (Array.isArray(batch)) return errorEntries(batch);
    if (Array.isArray(errors)) return errorEntries(errors);
    if (typeof errors !== 'object' || errors === null) return [];
    if ('errors' in errors) return errorEntries(errors);
    return Object.entries(errors).map(([key, value]): [string, string] => [key, refusalText(value)]);
  });
}

/**
 * Which unique value a refusal is about (observed: "The product name is a duplicate", "Sku … is not unique"); null when it does
 * not say, `other` when it is about something else. `name` is the kind that a name has for the entity at hand.
 */
export function duplicateKind(text: string, name: string | null): string | null {
  if (!/duplicate|unique|already|in use|taken|exists/i.test(text)) return 'other';
  // The first word that names a field counts: the value that follows may hold any of them.
  switch (/\b(name|skus?|custom_url|url|path)\b/i.exec(text)?.[1]?.toLowerCase()) {
    case undefined:
      return null;
    case 'name':
      return name ?? 'other';
    case 'sku':
    case 'skus':
      return 'sku';
    default:
      return 'path';
  }
}
