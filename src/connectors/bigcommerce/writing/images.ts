import type { Json, JsonObject } from '../../../domain/json.ts';
import type { ChildPair } from '../../../domain/target-state.ts';
import type { CallOptions, WriteItem } from '../../target.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import type { WireImage } from '../mapping/images.ts';
import { childIds, pair, unpair } from '../projection/children.ts';
import { presentImages } from '../projection/product.ts';
import { IMAGE, pairImages, UPLOAD } from '../projection/product-children.ts';
import { refusalText } from '../refusals.ts';
import { single } from '../wire/envelope.ts';
import { type ImageRow, imageSchema } from '../wire/product.ts';
import type { LoadImage } from './image-bytes.ts';
import { isRefusal, type PartWritten } from './per-item.ts';

/** `image`: the target fetches the address itself; `upload`: we send the bytes. */
export type ImageKind = typeof IMAGE | typeof UPLOAD;

/**
 * Brings the pictures of one product to what is meant, one request for each that differs. A picture carries no marker: whenever
 * it is not certain what is there, the list is read first, so that none is made twice (bigcommerce-api §2).
 */
export async function writeImages(
  api: BigCommerceApi,
  kind: ImageKind,
  item: WriteItem,
  productId: string,
  load: LoadImage,
  call: CallOptions,
): Promise<PartWritten> {
  const gallery = openGallery(api, productId, call);
  const wishes = (item.desired ?? []) as unknown as readonly WireImage[];
  const last = Array.isArray(item.lastDesired) ? (item.lastDesired as unknown as readonly WireImage[]) : null;
  const known = childIds(item.children, kind);
  const certain = last !== null && last.every((image) => known.has(image.key));
  const listed = certain ? null : await gallery.list();
  const others = childIds(item.children, kind === IMAGE ? UPLOAD : IMAGE);
  const ours = certain ? known : pairedIds(wishes, listed ?? [], known, others);
  const children: ChildPair[] = [];
  const failures: string[] = [];
  let heir: boolean = false;
  for (const planned of wishes) {
    // The main picture that cannot be had leaves its place to the next one.
    const wish: WireImage = { ...planned, is_thumbnail: planned.is_thumbnail || heir };
    const before = (last ?? []).find((image) => image.key === wish.key);
    const id = ours.get(wish.key);
    const replaced = before !== undefined && before.image_url !== wish.image_url;
    try {
      if (id === undefined || replaced) {
        children.push(pair(kind, wish.key, await gallery.add(wish, kind === UPLOAD ? load : null)));
        if (id !== undefined) await gallery.remove(id);
      } else {
        const now = listed?.find((row) => String(row.id) === id);
        await gallery.change(id, differences(wish, before ?? asWish(now)));
        children.push(pair(kind, wish.key, id));
      }
      heir = false;
    } catch (error) {
      // An address that gives no picture is the picture's fault: the others go on, this one stays open.
      if (!isRefusal(error) && !(error instanceof StoreFailure && error.kind === 'address-refused')) throw error;
      heir = wish.is_thumbnail;
      failures.push(`${wish.image_url.slice(0, 120)} (${refusalText(error.body) || error.message})`);
    }
  }
  children.push(...(await removeObsolete(gallery, kind, wishes, known)));
  const base = presentImages(await gallery.list());
  if (failures.length === 0) return { base, children };
  return { base, children, open: `image-unreachable: ${failures.join('; ')}`.slice(0, 500) };
}

/** Ours that are no longer meant; others' pictures stay. */
async function removeObsolete(
  gallery: Pick<ReturnType<typeof openGallery>, 'remove'>,
  kind: ImageKind,
  wishes: readonly WireImage[],
  known: ReadonlyMap<string, string>,
): Promise<readonly ChildPair[]> {
  const wished = new Set(wishes.map((wish) => wish.key));
  const obsolete = [...known].filter(([key]) => !wished.has(key));
  for (const [, id] of obsolete) await gallery.remove(id);
  return obsolete.map(([key]) => unpair(kind, key));
}

function pairedIds(
  wishes: readonly WireImage[],
  rows: readonly ImageRow[],
  known: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const taken = new Set(others.values());
  const free = rows.filter((row) => !taken.has(String(row.id)));
  return new Map(pairImages(wishes, free, known).map(([key, row]) => [key, String(row.id)]));
}

function asWish(row: ImageRow | undefined): JsonObject {
  return {
    description: row?.description ?? '',
    sort_order: row?.sort_order ?? 0,
    is_thumbnail: row?.is_thumbnail === true,
  };
}

function differences(wish: WireImage, before: JsonObject | WireImage): JsonObject {
  const known = before as JsonObject;
  const fields: JsonObject = {
    description: wish.description,
    sort_order: wish.sort_order,
    is_thumbnail: wish.is_thumbnail,
  };
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => known[name] !== value));
}

function openGallery(api: BigCommerceApi, productId: string, call: CallOptions) {
  const path = `/v3/catalog/products/${productId}/images`;
  const route = 'catalog/products/:id/images';
  const write = (method: 'POST' | 'PUT', at: string, name: string, body: Json | FormData) =>
    api.write({ method, path: at, route: name, body: body as object, schema: single(imageSchema), call });
  return {
    list: () => api.list({ path, route, schema: imageSchema, call }),
    async add({ key: _key, ...wish }: WireImage, load: LoadImage | null): Promise<number> {
      const body = load === null ? wish : await asForm(wish, await load(wish.image_url, call));
      return (await write('POST', path, route, body)).data.data.id;
    },
    async change(id: string, fields: JsonObject): Promise<void> {
      if (Object.keys(fields).length > 0) await write('PUT', `${path}/${id}`, `${route}/:image`, fields);
    },
    async remove(id: string): Promise<void> {
      try {
        await api.write({ method: 'DELETE', path: `${path}/${id}`, route: `${route}/:image`, call });
      } catch (error) {
        if (!(error instanceof StoreFailure && error.kind === 'missing')) throw error;
      }
    },
  };
}

async function asForm(
  wish: Omit<WireImage, 'key'>,
  file: { bytes: Buffer; name: string; type: string },
): Promise<FormData> {
  const form = new FormData();
  form.append('image_file', new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name);
  form.append('description', wish.description);
  form.append('sort_order', String(wish.sort_order));
  form.append('is_thumbnail', String(wish.is_thumbnail));
  return form;
}
