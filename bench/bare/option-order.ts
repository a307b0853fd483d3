import { decoded } from './catalogue-forms.ts';
import { chunks, type Store } from './client.ts';
import { type Row, rowsOf, textOf } from './rows.ts';
import { type Account, BATCH } from './write-store.ts';

interface Value {
  readonly id: number;
  readonly label: string;
}

interface Option {
  readonly id: number;
  readonly display_name: string;
  readonly sort_order: number;
  readonly option_values: readonly Value[];
}

interface Optioned {
  readonly data: { readonly data: readonly { readonly id: number; readonly options?: readonly Option[] }[] };
}

/** The store has an option's values in the order in which the variants name them: they are put into the shop's, with its default. */
export async function orderOptions(
  { store, account }: { readonly store: Store; readonly account: Account },
  made: ReadonlyMap<number, Row>,
): Promise<void> {
  const varied = [...made].filter(([, row]) => rowsOf(row['variation_rows']).length > 0);
  await Promise.all(
    chunks(varied, BATCH.options).map(async (some) => {
      const ids = some.map(([id]) => id).join(',');
      const asked = { 'id:in': ids, include: 'options', include_fields: 'id', limit: 250 };
      const { data } = await store.get<Optioned['data']>('/v3/catalog/products', asked);
      for (const { id, options = [] } of data.data) {
        await Promise.all(options.map((option) => orderOption({ store, account }, id, option, made.get(id))));
      }
    }),
  );
}

async function orderOption(
  { store, account }: { readonly store: Store; readonly account: Account },
  product: number,
  option: Option,
  row: Row | undefined,
): Promise<void> {
  const attributes = rowsOf(row?.['attributes']).filter((one) => one['variation'] === true);
  const at = attributes.findIndex((one) => decoded(textOf(one['name'])) === option.display_name);
  const wished = (attributes[at]?.['options'] as readonly string[] | undefined)?.map(decoded) ?? [];
  const rank = ({ label }: Value) => (wished.includes(label) ? wished.indexOf(label) : wished.length);
  const values = option.option_values.toSorted((a, b) => rank(a) - rank(b));
  const preset = rowsOf(row?.['default_attributes']).find(
    (one) => decoded(textOf(one['name'])) === option.display_name,
  );
  const chosen = values.find(({ label }) => slugOf(label) === slugOf(decoded(textOf(preset?.['option']))));
  const isInOrder = at === option.sort_order && values.every(({ id }, place) => id === option.option_values[place]?.id);
  if (at === -1 || (chosen === undefined && isInOrder)) return;
  const body = {
    display_name: option.display_name,
    sort_order: at,
    option_values: values.map(({ id, label }, place) => ({
      id,
      label,
      sort_order: place,
      is_default: id === chosen?.id,
    })),
  };
  await account.try('option', `${product} ${option.display_name}`, async () => {
    await store.send('PUT', `/v3/catalog/products/${product}/options/${option.id}`, body);
  });
}

/** A default is given as the term's slug, or as the value itself. */
function slugOf(label: string): string {
  return label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
