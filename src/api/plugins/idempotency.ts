import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import { beginIdempotent, finishIdempotent } from '../../ledger/idempotency.ts';
import type { LedgerTables } from '../../ledger/tables.ts';
import { Problem } from '../problems.ts';

const HEADER = 'idempotency-key';
export const IDEMPOTENCY_KEY_CHARACTERS = 200;
/** Visible ASCII without blanks: two of the same header arrive as one text with a blank in it. */
const ALLOWED = new RegExp(`^[!-~]{1,${IDEMPOTENCY_KEY_CHARACTERS}}$`);

/** A POST with an `Idempotency-Key` is done once: a repeat gets the first answer, another body under the same key is refused. */
export function installIdempotency(app: FastifyInstance, db: Kysely<LedgerTables>): void {
  const open = new WeakMap<FastifyRequest, string>();
  app.addHook('preHandler', async (request, reply) => {
    const given = request.headers[HEADER];
    // Keys are those of who has a key to this API: a sender of webhooks leaves no row here.
    if (request.method !== 'POST' || given === undefined || request.apiKey === null) return undefined;
    if (typeof given !== 'string' || !ALLOWED.test(given)) {
      const limit = IDEMPOTENCY_KEY_CHARACTERS;
      const said = `headers.idempotency-key: 1 to ${limit} visible ASCII characters without blanks, once`;
      throw new Problem(400, 'invalid-input', said);
    }
    const key = `${request.apiKey.name}:${given}`;
    const requestHash = createHash('sha256')
      .update(`${request.url}\n${JSON.stringify(request.body ?? null)}`)
      .digest('hex');
    const begun = await beginIdempotent(db, { key, route: request.routeOptions.url ?? request.url, requestHash });
    if (begun.state === 'other-request') {
      throw new Problem(
        422,
        'idempotency-key-reused',
        'this Idempotency-Key was used for another request: use a new one',
      );
    }
    if (begun.state === 'in-progress') {
      throw new Problem(
        409,
        'request-in-progress',
        'a request with this Idempotency-Key is under way: ask again shortly',
      );
    }
    if (begun.state === 'new') {
      open.set(request, key);
      return undefined;
    }
    const type = begun.status < 400 ? 'application/json' : 'application/problem+json';
    return reply.code(begun.status).type(type).serializer(JSON.stringify).send(begun.answer);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const key = open.get(request);
    if (key === undefined) return payload;
    open.delete(request);
    await finishIdempotent(
      db,
      key,
      reply.statusCode,
      typeof payload === 'string' && payload !== '' ? JSON.parse(payload) : null,
    );
    return payload;
  });
}
