import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiKey, Role } from '../deps.ts';
import { Problem } from '../problems.ts';

const RANKS: Readonly<Record<Role, number>> = { viewer: 0, operator: 1, approver: 2 };

declare module 'fastify' {
  interface FastifyRequest {
    apiKey: { readonly name: string; readonly role: Role } | null;
  }
  interface FastifyContextConfig {
    /** Lowest role that may call the route; `open` needs no key, `signed` a signature. @defaultValue 'viewer' */
    readonly role?: Role | 'open' | 'signed';
  }
}

/** Every route wants a key unless it says `open`; reading wants a viewer's, changing an operator's. */
export function installAuthentication(app: FastifyInstance, keys: readonly ApiKey[]): void {
  app.decorateRequest('apiKey', null);
  app.addHook('onRequest', async (request) => {
    const needed = roleOf(request.method, request.routeOptions.config);
    if (needed === 'open' || needed === 'signed' || request.is404 || isDocs(request)) return;
    const key = keyOf(request, keys);
    if (key === null)
      throw new Problem(401, 'unknown-key', 'send "Authorization: Bearer <key>" with a key that this service knows');
    if (RANKS[key.role] < RANKS[needed]) {
      throw new Problem(403, 'role-too-low', `this needs the role ${needed}; key ${key.name} has ${key.role}`);
    }
    request.apiKey = { name: key.name, role: key.role };
  });
}

/** Who is asking, as decisions and runs say it. */
export function byOf({ apiKey }: Pick<FastifyRequest, 'apiKey'>): string {
  return apiKey?.name ?? 'api';
}

/** Lowest role that may call a route. */
export function roleOf(
  method: string | readonly string[],
  config: FastifyContextConfig | undefined,
): Role | 'open' | 'signed' {
  return config?.role ?? (method === 'GET' || method === 'HEAD' ? 'viewer' : 'operator');
}

/** The description of the API tells no secret; a person opens it in a browser, which sends no key. */
function isDocs(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/docs') === true;
}

/** All hashes are compared, in constant time each, so that time tells nothing about which was nearly right. */
function keyOf(request: FastifyRequest, keys: readonly ApiKey[]): ApiKey | null {
  const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) return null;
  const hash = Buffer.from(keyHash(given), 'hex');
  return keys.filter((key) => timingSafeEqual(Buffer.from(key.hash, 'hex'), hash))[0] ?? null;
}

export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
