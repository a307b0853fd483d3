import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { uploadsPath } from './resources/images.ts';
import type { Shop } from './store/shop.ts';

/** Serves a small real PNG for every file that the shop has; its size and colour follow from its name. */
export function addUploads(app: FastifyInstance, shop: Shop): void {
  app.get(`${uploadsPath}*`, async (request, reply) => {
    const file = decodeURIComponent(request.url.slice(uploadsPath.length).split('?', 1)[0] ?? '');
    const row = [...shop.attachments.values()].find((attachment) => attachment.file === file);
    if (!row || row.missing) {
      return reply.code(404).type('text/html; charset=UTF-8').send('<!DOCTYPE html><title>Page not found</title>');
    }
    if (row.redirectTo !== undefined) return reply.redirect(`${uploadsPath}${row.redirectTo}`, 302);
    return reply.type('image/png').send(pngFor(file));
  });
}

/** A PNG of one colour, 8 to 39 pixels a side, the same bytes for the same name. */
export function pngFor(name: string): Buffer {
  const hash = createHash('sha256').update(name).digest();
  const width = 8 + (hash[0]! & 31);
  const height = 8 + (hash[1]! & 31);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, true colour, no interlace
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, hash.subarray(2, 5))]);
  const pixels = deflateSync(Buffer.concat(Array.from({ length: height }, () => line)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
