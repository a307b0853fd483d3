import { chunks } from '../../../domain/chunks.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { ChildPair } from '../../../domain/target-state.ts';
import { normaliseKey } from '../../../domain/unique-key.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { CallOptions, WriteItem } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { BASE_VARIANT, VARIANT } from '../mapping/stock.ts';
import { childIds, pair, unpair } from '../projection/children.ts';
import { agreesFields, projectFields, textField } from '../projection/fields.ts';
import { presentVariants, realVariants, VARIANT_FIELDS } from '../projection/product.ts';
import { MODIFIER, OPTION, pairVariants, type VariantWish } from '../projection/product-children.ts';
import { type OptionRow, variantSchema, type VariantWireRow } from '../wire/product.ts';
import { METAFIELD, variantOf } from './metafields.ts';
import { optionsOf } from './options.ts';
import { isRefusal, type PartWritten } from './per-item.ts';
import { rowsOf, withoutKey } from './product-create.ts';
import { putVariants, VARIANTS_AT_ONCE } from './variants.ts';

/**
 * Holds the variants of one product against what is there and sends only the difference: ours that are no longer meant go,
 * options and values come into being, new variants are made, fields are corrected. Variants that someone else made stay.
 */
export async function rebuildVariants(
  api: BigCommerceApi,
  item: WriteItem,
  productId: string,
  call: CallOptions,
): Promise<PartWritten> {
  const list = () => listVariants(api, productId, call);
  const wishes = rowsOf(item.desired);
  const ours = childIds(item.children, VARIANT);
  const present = await list();
  const paired = pairVariants(item.desired, present);
  const kept = new Set([...paired.values()].map((row) => row.id));
  const left = leftBehind(wishes, present, kept);
  const obsolete = new Set([...[...ours.values()].map(Number), ...left.map((row) => row.id)]);
  for (const id of obsolete) {
    if (!kept.has(id)) await removeVariant(api, productId, String(id), call);
  }
  const freed = await freeNames(api, item, productId, call);
  const options = await bringOptions(api, item, productId, { present, left }, call);
  const updates = wishes.flatMap((wish) => {
    const row = paired.get(textField(wish, 'key'));
    return row === undefined ? [] : differing(wish, row);
  });
  const creates = wishes
    .filter((wish) => !paired.has(textField(wish, 'key')))
    .map((wish) => asCreate(wish, Number(productId), options));
  const open = await putOrOpen(api, [...updates, ...creates], call);
  const rows = updates.length + creates.length + (ours.size - kept.size) === 0 ? present : await list();
  const now = pairVariants(item.desired, rows);
  const renewed = new Set([...ours].filter(([key, id]) => String(now.get(key)?.id) !== id).map(([key]) => key));
  const bare = [...childIds(item.children, METAFIELD).keys()].filter((child) => renewed.has(variantOf(child) ?? ''));
  return {
    base: presentVariants(rows),
    children: [
      ...freed,
      ...childrenNow(item, now),
      ...optionChildren(item, options),
      ...bare.map((child) => unpair(METAFIELD, child)),
    ],
    // A variant's metafields go with it.
    ...(renewed.size === 0 ? {} : { emptied: ['variant_metafields'] }),
    ...(open === null ? {} : { open }),
  };
}

function listVariants(api: BigCommerceApi, productId: string, call: CallOptions): Promise<readonly VariantWireRow[]> {
  const path = `/v3/catalog/products/${productId}/variants`;
  return api.list({ path, route: 'catalog/products/:id/variants', schema: variantSchema, call });
}

/** What an earlier write made whose reply was lost, for other options: nobody else of this product has the SKUs that are meant. */
function leftBehind(
  wishes: readonly JsonObject[],
  present: readonly VariantWireRow[],
  kept: ReadonlySet<number>,
): readonly VariantWireRow[] {
  const skus = new Set(wishes.map((wish) => normaliseKey(textField(wish, 'sku'))));
  return realVariants(present).filter((row) => !kept.has(row.id) && row.sku != null && skus.has(normaliseKey(row.sku)));
}

async function removeVariant(api: BigCommerceApi, productId: string, id: string, call: CallOptions): Promise<void> {
  const path = `/v3/catalog/products/${productId}/variants/${id}`;
  try {
    await api.write({ method: 'DELETE', path, route: 'catalog/products/:id/variants/:variant', call });
  } catch (error) {
    if (!(error instanceof StoreFailure && error.kind === 'missing')) throw error;
  }
}

/** A free choice that has become a real option gives its name up first: both share one name space on a product. */
async function freeNames(
  api: BigCommerceApi,
  item: WriteItem,
  productId: string,
  call: CallOptions,
): Promise<readonly ChildPair[]> {
  const ours = childIds(item.children, MODIFIER);
  const wanted = new Set([...wantedLabels(rowsOf(item.desired)).keys()].map(normaliseKey));
  if (ours.size === 0 || wanted.size === 0) return [];
  const { list, remove } = optionsOf(api, productId, 'modifiers', call);
  const clashing = (await list()).filter((row) => wanted.has(normaliseKey(row.display_name ?? '')));
  const gone: ChildPair[] = [];
  for (const [key, id] of ours) {
    if (!clashing.some((row) => String(row.id) === id)) continue;
    await remove(id);
    gone.push(unpair(MODIFIER, key));
  }
  return gone;
}

/** Options by lower-case name. Values that are missing are added; ids are read fresh, since an edit may renew them. */
async function bringOptions(
  api: BigCommerceApi,
  item: WriteItem,
  productId: string,
  { present, left }: { readonly present: readonly VariantWireRow[]; readonly left: readonly VariantWireRow[] },
  call: CallOptions,
): Promise<ReadonlyMap<string, OptionRow>> {
  const wanted = wantedLabels(rowsOf(item.desired));
  const ours = childIds(item.children, OPTION);
  if (wanted.size === 0 && ours.size === 0 && realVariants(present).length === 0) return new Map();
  const { list, add, addValue, remove } = optionsOf(api, productId, 'options', call);
  const names = new Set([...wanted.keys()].map(normaliseKey));
  const madeFor = left
    .flatMap((row) => row.option_values ?? [])
    .map((value): [string, string] => [value.option_display_name ?? '', String(value.option_id)]);
  const obsolete = new Set(
    [...ours, ...madeFor].filter(([name]) => !names.has(normaliseKey(name))).map(([, id]) => id),
  );
  for (const id of obsolete) await remove(id);
  const before = (await list()).filter((row) => !obsolete.has(String(row.id)));
  let changed = false;
  for (const [name, labels] of wanted) {
    const row = before.find((option) => normaliseKey(option.display_name ?? '') === normaliseKey(name));
    const known = new Set((row?.option_values ?? []).map((value) => normaliseKey(value.label ?? '')));
    const missing = labels.filter((label) => !known.has(normaliseKey(label)));
    if (missing.length === 0) continue;
    changed = true;
    const values = missing.map((label, index) => ({ label, sort_order: known.size + index }));
    if (row === undefined) await add({ display_name: name, type: 'rectangles', option_values: values });
    else for (const value of values) await addValue(row.id, value);
  }
  const rows = changed ? await list() : before;
  return new Map(rows.map((row) => [normaliseKey(row.display_name ?? ''), row]));
}

function wantedLabels(wishes: readonly JsonObject[]): ReadonlyMap<string, readonly string[]> {
  const labels = new Map<string, string[]>();
  for (const value of wishes.flatMap((wish) => valuesOf(wish))) {
    const known = labels.get(value.option_display_name) ?? [];
    if (!known.includes(value.label)) labels.set(value.option_display_name, [...known, value.label]);
  }
  return labels;
}

function valuesOf(wish: JsonObject): VariantWish['option_values'] {
  return wish['option_values'] as unknown as VariantWish['option_values'];
}

/** Only the fields that are not as meant; the picture cannot be compared and is sent whenever there is one. */
function differing(wish: JsonObject, row: VariantWireRow): JsonObject[] {
  const present = projectFields(VARIANT_FIELDS, row);
  const fields = Object.entries(VARIANT_FIELDS).filter(
    ([name, kind]) => !agreesFields({ [name]: kind }, wish, present),
  );
  const { image_url: url = '' } = wish;
  const image = url === '' ? {} : { image_url: url };
  const body: JsonObject = { ...Object.fromEntries(fields.map(([name]) => [name, wish[name] ?? null])), ...image };
  return Object.keys(body).length === 0 ? [] : [{ id: row.id, ...body }];
}

function asCreate(wish: JsonObject, productId: number, options: ReadonlyMap<string, OptionRow>): JsonObject {
  const { image_url: image = '', ...fields } = withoutKey(wish);
  const values = valuesOf(wish).map((value) => {
    const option = options.get(normaliseKey(value.option_display_name));
    const id = option?.option_values?.find((one) => normaliseKey(one.label ?? '') === normaliseKey(value.label))?.id;
    if (option === undefined || id === undefined) {
      throw new StoreFailure('rejected', `the option ${value.option_display_name} could not be made at the target`);
    }
    return { id, option_id: option.id };
  });
  return {
    product_id: productId,
    ...fields,
    ...(image === '' ? {} : { image_url: image }),
    option_values: values,
  };
}

/** A picture that cannot be fetched must not hold back the variants: they go without, and the part stays open. */
async function putOrOpen(api: BigCommerceApi, rows: readonly JsonObject[], call: CallOptions): Promise<string | null> {
  let open: string | null = null;
  for (const chunk of chunks(rows, VARIANTS_AT_ONCE)) {
    try {
      await putVariants(api, chunk, call);
    } catch (error) {
      const pictured = chunk.some((row) => 'image_url' in row);
      if (!pictured || !isRefusal(error) || error.status === 409) throw error;
      const plain = chunk.map(({ image_url: _image, ...row }) => row).filter((row) => Object.keys(row).length > 1);
      if (plain.length > 0) await putVariants(api, plain, call);
      open = 'image-unreachable: pictures of variants';
    }
  }
  return open;
}

function childrenNow(item: WriteItem, now: ReadonlyMap<string, VariantWireRow>): ChildPair[] {
  const base = (item.desired as JsonObject)['base'];
  const bases = childIds(item.children, BASE_VARIANT);
  return [
    ...[...childIds(item.children, VARIANT).keys()].filter((key) => !now.has(key)).map((key) => unpair(VARIANT, key)),
    ...[...now].map(([key, row]) => pair(VARIANT, key, row.id)),
    ...[...bases.keys()].filter((key) => key !== base).map((key) => unpair(BASE_VARIANT, key)),
    ...(typeof base === 'string' ? [pair(BASE_VARIANT, base, item.targetId ?? '')] : []),
  ];
}

function optionChildren(item: WriteItem, options: ReadonlyMap<string, OptionRow>): ChildPair[] {
  const wanted = wantedLabels(rowsOf(item.desired));
  return [
    ...[...childIds(item.children, OPTION).keys()]
      .filter((name) => !wanted.has(name))
      .map((name) => unpair(OPTION, name)),
    ...[...wanted.keys()].flatMap((name) => {
      const row = options.get(normaliseKey(name));
      return row === undefined ? [] : [pair(OPTION, name, row.id)];
    }),
  ];
}
