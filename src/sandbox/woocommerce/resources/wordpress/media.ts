import { RestError } from '../../rest/errors.ts';
import type { ParamSpecs } from '../../rest/params.ts';
import { text, textOf, texts } from '../../rest/params.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import type { AttachmentRow, PostRow } from '../../store/rows.ts';
import type { Shop } from '../../store/shop.ts';
import { nowSeconds } from '../../store/shop.ts';
import { slugOf } from '../../store/text.ts';
import { naive } from '../../store/zone.ts';
import { imageWire } from '../images.ts';
import { links } from '../links.ts';
import { idFilter, sortPosts } from '../post-query.ts';
import { localDateFilter, wordpressListParams } from './articles.ts';
import { refusePrivateView } from './public-view.ts';

const listParams: ParamSpecs = {
  ...wordpressListParams,
  status: { type: 'textList', default: ['inherit'], enum: ['inherit', 'private', 'trash'] },
  parent: { type: 'idList' },
  media_type: { type: 'textList' },
  mime_type: { type: 'textList' },
};

const mimeTypes: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif' };

function mimeOf(row: AttachmentRow): string {
  return mimeTypes[row.file.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'image/png';
}

/** An image of the library; the sandbox keeps no sizes beside the full one. */
export function mediaWire(shop: Shop, row: AttachmentRow, view: Call['context']): Record<string, unknown> {
  const src = String(imageWire(shop, row)['src']);
  const link = `${shop.baseUrl}/?attachment_id=${row.id}`;
  const shown = (raw: string, html: string): Record<string, string> =>
    view === 'edit' ? { raw, rendered: html } : { rendered: html };
  return {
    id: row.id,
    date: shop.zone.local(row.createdGmt),
    date_gmt: naive(row.createdGmt),
    guid: shown(src, src),
    modified: shop.zone.local(row.modifiedGmt),
    modified_gmt: naive(row.modifiedGmt),
    slug: slugOf(row.name),
    status: 'inherit',
    type: 'attachment',
    link,
    title: shown(row.name, row.name),
    author: 1,
    featured_media: 0,
    comment_status: 'open',
    ping_status: 'closed',
    template: '',
    meta: [],
    class_list: [`post-${row.id}`, 'attachment', 'type-attachment', 'status-inherit', 'hentry'],
    description: shown(row.description ?? '', paragraph(row.description ?? '')),
    caption: shown(row.caption ?? '', paragraph(row.caption ?? '')),
    alt_text: row.alt,
    media_type: 'image',
    mime_type: mimeOf(row),
    media_details: {
      file: row.file,
      sizes: {},
      image_meta: {},
    },
    post: null,
    source_url: src,
    _links: links(shop, '/wp/v2/media', row.id),
  };
}

function paragraph(value: string): string {
  return value === '' ? '' : `<p>${value}</p>\n`;
}

/** Attachments have UTC columns only here; their local ones are computed for filters and order. */
function asPost(shop: Shop, row: AttachmentRow): PostRow & { row: AttachmentRow } {
  return {
    id: row.id,
    status: 'inherit',
    slug: slugOf(row.name),
    visibleSinceMs: 0,
    menuOrder: 0,
    meta: [],
    row,
    createdGmt: row.createdGmt,
    createdLocal: shop.zone.local(row.createdGmt),
    modifiedGmt: row.modifiedGmt,
    modifiedLocal: shop.zone.local(row.modifiedGmt),
  };
}

function listMedia(call: Call): AttachmentRow[] {
  const { shop, params } = call;
  refusePrivateView(call, 'posts in this post type');
  const filters = [idFilter(params), localDateFilter(call)];
  const [types, mimes] = [texts(params, 'media_type'), texts(params, 'mime_type')];
  const search = text(params, 'search')?.toLowerCase();
  if (!texts(params, 'status').includes('inherit') || (types.length > 0 && !types.includes('image'))) return [];
  const rows = [...shop.attachments.values()]
    .map((row) => asPost(shop, row))
    .filter(
      (post) =>
        filters.every((filter) => filter(post)) &&
        (mimes.length === 0 || mimes.includes(mimeOf(post.row))) &&
        (!search || `${post.row.name} ${post.row.file}`.toLowerCase().includes(search)),
    );
  return sortPosts(rows, params, { title: (post: { row: AttachmentRow }) => post.row.name }).map((post) => post.row);
}

export const media: Resource = {
  path: '/wp/v2/media',
  open: true,
  strictPages: true,
  ownFieldOrder: true,
  listParams,
  writeParams: { alt_text: { type: 'string' } },
  list: listMedia,
  render: ({ shop, context }, row: AttachmentRow) => mediaWire(shop, row, context),
  read: (call, id) => {
    refusePrivateView(call, 'this post');
    return mediaWire(call.shop, mediaOr404(call.shop, id), call.context);
  },
  update: ({ shop }, id, body) => {
    const row = mediaOr404(shop, id);
    const raw = (value: unknown): string | undefined =>
      typeof value === 'object' && value !== null ? raw((value as { raw?: unknown }).raw) : textOf(value) || undefined;
    if (typeof body['alt_text'] === 'string') row.alt = body['alt_text'];
    row.name = raw(body['title']) ?? row.name;
    row.caption = raw(body['caption']) ?? row.caption ?? '';
    row.description = raw(body['description']) ?? row.description ?? '';
    row.modifiedGmt = nowSeconds(shop);
    shop.revision += 1;
    return mediaWire(shop, row, 'edit');
  },
  remove: ({ shop }, id, force) => {
    const row = mediaOr404(shop, id);
    if (!force) {
      const message = "The post does not support trashing. Set 'force=true' to delete.";
      throw new RestError('rest_trash_not_supported', message, 501);
    }
    shop.attachments.delete(id);
    shop.revision += 1;
    return { deleted: true, previous: mediaWire(shop, row, 'edit') };
  },
};

function mediaOr404(shop: Shop, id: number): AttachmentRow {
  const row = shop.attachments.get(id);
  if (!row) throw new RestError('rest_post_invalid_id', 'Invalid post ID.', 404);
  return row;
}
