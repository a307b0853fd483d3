import { textOf } from '../rest/params.ts';
import type { Params } from '../rest/params.ts';
import type { Json, MetaRow } from './rows.ts';
import type { Shop } from './shop.ts';
import { newMeta } from './shop.ts';

/** Written `meta_data`: an entry without a value removes its key; an `id` names the row to change. Returns the new rows. */
export function writtenMeta(
  shop: Shop,
  held: readonly MetaRow[],
  given: unknown,
  table: Parameters<typeof newMeta>[3] = 'meta',
): MetaRow[] {
  const rows = held.map((row) => ({ ...row }));
  if (!Array.isArray(given)) return rows;
  for (const entry of given as Params[]) {
    const key = textOf(entry['key']);
    const id = Number(entry['id'] ?? 0);
    const at = rows.findIndex((meta) => (id > 0 ? meta.id === id : meta.key === key));
    const value = (entry['value'] ?? null) as Json;
    if (value === null) {
      if (at >= 0) rows.splice(at, 1);
    } else if (at >= 0) rows[at]!.value = value;
    else if (key !== '') rows.push(newMeta(shop, key, value, table));
  }
  return rows;
}
