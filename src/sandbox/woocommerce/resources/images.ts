import { RestError } from '../rest/errors.ts';
import type { AttachmentRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { nextId, nowSeconds } from '../store/shop.ts';
import { cleanText, slugOf } from '../store/text.ts';
import { naive } from '../store/zone.ts';
import { textOf } from '../rest/params.ts';

export const uploadsPath = '/wp-content/uploads/';

function imageUrl(shop: Shop, row: AttachmentRow): string {
  return /^https?:/.test(row.file) ? row.file : `${shop.baseUrl}${uploadsPath}${row.file}`;
}

/** An image inside a product, a variation or a category. */
export function imageWire(shop: Shop, row: AttachmentRow): Record<string, unknown> {
  return {
    id: row.id,
    date_created: shop.zone.local(row.createdGmt),
    date_created_gmt: naive(row.createdGmt),
    date_modified: shop.zone.local(row.modifiedGmt),
    date_modified_gmt: naive(row.modifiedGmt),
    src: imageUrl(shop, row),
    name: row.name,
    alt: row.alt,
  };
}

export function addAttachment(shop: Shop, given: Partial<AttachmentRow> & { file: string }): AttachmentRow {
  const now = nowSeconds(shop);
  const row: AttachmentRow = {
    id: nextId(shop, 'post'),
    name: given.file
      .split('/')
      .at(-1)!
      .replace(/\.\w+$/, ''),
    alt: '',
    createdGmt: now,
    modifiedGmt: now,
    missing: false,
    ...given,
  };
  shop.attachments.set(row.id, row);
  return row;
}

export interface ImageBody {
  id?: unknown;
  src?: unknown;
  name?: unknown;
  alt?: unknown;
}

/**
 * The attachment that a written image means: an existing one by id, else a copy of `src` in the shop's own uploads.
 * The sandbox fetches nothing: it keeps the file name and serves a picture of its own under it.
 */
export function attachmentFor(shop: Shop, body: ImageBody, owner: 'product' | 'variation' | 'term'): AttachmentRow {
  const id = Number(body.id ?? 0);
  const row = id > 0 ? shop.attachments.get(id) : sideload(shop, body, owner);
  if (!row) {
    throw new RestError(`woocommerce_${owner}_invalid_image_id`, `#${id} is an invalid image ID.`, 400);
  }
  if (typeof body.alt === 'string') row.alt = cleanText(body.alt);
  if (typeof body.name === 'string' && body.name !== '') row.name = body.name;
  if (body.alt !== undefined || body.name !== undefined) row.modifiedGmt = nowSeconds(shop);
  return row;
}

function sideload(shop: Shop, body: ImageBody, owner: string): AttachmentRow {
  const src = textOf(body.src);
  if (!URL.canParse(src) || !/^https?:/.test(src)) {
    throw new RestError(`woocommerce_${owner}_image_upload_error`, `Invalid URL ${src}.`, 400);
  }
  const last = new URL(src).pathname.split('/').at(-1) || 'image.png';
  const [, stem = 'image', kind = '.png'] = /^(.*?)(\.\w+)?$/.exec(decodeURIComponent(last)) ?? [];
  const folder = naive(nowSeconds(shop)).slice(0, 7).replace('-', '/');
  const taken = new Set([...shop.attachments.values()].map((row) => row.file));
  let file = `${folder}/${slugOf(stem) || 'image'}${kind}`;
  for (let copy = 1; taken.has(file); copy += 1) file = `${folder}/${slugOf(stem) || 'image'}-${copy}${kind}`;
  return addAttachment(shop, { file });
}
