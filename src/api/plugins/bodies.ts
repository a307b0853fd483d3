import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../problems.ts';

/** NUL and halves of surrogate pairs: JSON can say them, PostgreSQL stores neither. */
const NOT_TEXT = /[\0\p{Surrogate}]/u;

/** Bodies are JSON in UTF-8, and every text of a request is one that can be stored; anything else is refused by name. */
export function installBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) return parse(request, body.toString(), done);
    return done(new Problem(400, 'malformed-json', 'the body is not UTF-8; send JSON in UTF-8'));
  });
  app.addHook('preValidation', async ({ params, query, body }) => {
    for (const [where, value] of Object.entries({ params, query, body })) {
      const found = firstOddText(where, value);
      if (found === null) continue;
      const detail = `${found}: holds a NUL character or half of a surrogate pair, which is no text; leave it out`;
      throw new Problem(400, 'invalid-input', detail);
    }
  });
}

/** Where the first text lies that cannot be stored. Walks with a list of its own: bodies may be nested deeper than calls may. */
function firstOddText(root: string, value: unknown): string | null {
  const open: { path: string; value: unknown }[] = [{ path: root, value }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { path, value: here } = next;
    if (typeof here === 'string' && NOT_TEXT.test(here)) return path;
    // Bytes are no text of ours.
    if (typeof here !== 'object' || here === null || Buffer.isBuffer(here)) continue;
    for (const [key, inner] of Object.entries(here)) {
      if (NOT_TEXT.test(key)) return `${path}: a name in it`;
      open.push({ path: `${path}.${key}`, value: inner });
    }
  }
  return null;
}
