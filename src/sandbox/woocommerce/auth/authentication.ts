import type { FastifyRequest } from 'fastify';
import { RestError } from '../rest/errors.ts';
import { parseQuery } from '../rest/params.ts';
import type { OauthChecker } from './oauth.ts';

type Permission = 'read' | 'write' | 'read_write';

export interface Credentials {
  consumerKey: string;
  consumerSecret: string;
  permission: Permission;
  applicationUser?: string | undefined;
  applicationPassword?: string | undefined;
  /** Application passwords over plain HTTP work only where the site calls itself local. Default true. */
  applicationPasswordOverHttp: boolean;
}

export interface Caller {
  /** `anonymous` sees only what is open. */
  kind: 'anonymous' | 'key' | 'user';
}

export interface AuthenticationInput {
  request: FastifyRequest;
  secure: boolean;
  /** Base address of the site as it knows itself. */
  baseUrl: string;
  nowMs: number;
}

/**
 * Who is calling (source-apis §1.1). Consumer keys open `wc/` only: Basic and query keys over TLS, OAuth over plain
 * HTTP, where Basic is ignored and the call stays anonymous (recording "plain http basic auth ignored").
 */
export function authenticate(input: AuthenticationInput, keys: Credentials, oauth: OauthChecker): Caller {
  const { request, secure } = input;
  const [path = '', queryText = ''] = (request.originalUrl || request.url).split('?', 2);
  const query = parseQuery(queryText);
  const route = routeOf(path, query);
  const basic = basicPair(request.headers.authorization);
  const user = applicationUser(basic, keys, secure);
  if (user) return { kind: 'user' };
  if (!/^\/wc[/-]/.test(route)) return refuseForeignBasic(basic, keys, secure);
  if (secure) {
    const key = keyPair(query, basic);
    if (key?.name === keys.consumerKey) {
      if (key.secret !== keys.consumerSecret) {
        throw new RestError('woocommerce_rest_authentication_error', 'Consumer secret is invalid.', 401);
      }
      return checkPermission(request.method, keys.permission);
    }
  }
  const addresses = [`${input.baseUrl}${path}`];
  // With plain permalinks the path is `/`, which WooCommerce signs without its slash; most clients sign it with.
  if (path === '/') addresses.push(input.baseUrl);
  const signed = { method: request.method, addresses, query, authorization: request.headers.authorization };
  return oauth.check(signed, input.nowMs) ? checkPermission(request.method, keys.permission) : { kind: 'anonymous' };
}

function routeOf(path: string, query: Record<string, unknown>): string {
  return typeof query['rest_route'] === 'string' ? query['rest_route'] : path.replace(/^\/wp-json/, '');
}

function checkPermission(method: string, permission: Permission): Caller {
  const reads = method === 'GET' || method === 'HEAD';
  if (permission !== 'read_write' && permission !== (reads ? 'read' : 'write')) {
    const message = `The API key provided does not have ${reads ? 'read' : 'write'} permissions.`;
    throw new RestError('woocommerce_rest_authentication_error', message, 401);
  }
  return { kind: 'key' };
}

interface Pair {
  name: string;
  secret: string;
}

function keyPair(query: Record<string, unknown>, basic: Pair | null): Pair | null {
  const { consumer_key: name, consumer_secret: secret } = query;
  return typeof name === 'string' && typeof secret === 'string' ? { name, secret } : basic;
}

function basicPair(header: string | undefined): Pair | null {
  if (!header?.startsWith('Basic ')) return null;
  const [name = '', ...rest] = Buffer.from(header.slice(6), 'base64').toString('utf8').split(':');
  return { name, secret: rest.join(':') };
}

function applicationUser(basic: Pair | null, keys: Credentials, secure: boolean): boolean {
  if (!basic || !keys.applicationUser || basic.name !== keys.applicationUser) return false;
  if (!secure && !keys.applicationPasswordOverHttp) return false;
  // WordPress shows the password in groups of four; blanks do not count.
  return basic.secret.replace(/\s/g, '') === keys.applicationPassword?.replace(/\s/g, '');
}

/** Outside `wc/` a wrong Basic pair is an error of its own (recording "wc key on wp/v2"). */
function refuseForeignBasic(basic: Pair | null, keys: Credentials, secure: boolean): Caller {
  if (!basic || (!secure && !keys.applicationPasswordOverHttp)) return { kind: 'anonymous' };
  if (basic.name === keys.applicationUser) {
    const message = 'The provided password is an invalid application password.';
    throw new RestError('incorrect_password', message, 401);
  }
  const message = '<strong>Error:</strong> Unknown username. Check again or try your email address.';
  throw new RestError('invalid_username', message, 401);
}
