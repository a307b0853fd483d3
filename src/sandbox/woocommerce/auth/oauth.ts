import { createHmac, timingSafeEqual } from 'node:crypto';
import { RestError } from '../rest/errors.ts';
import type { Params } from '../rest/params.ts';
import { textOf } from '../rest/params.ts';

const required = ['oauth_consumer_key', 'oauth_timestamp', 'oauth_nonce', 'oauth_signature', 'oauth_signature_method'];
/** A timestamp is valid within 15 minutes of the store's clock; a nonce is remembered as long. */
const windowSeconds = 15 * 60;

export interface OauthKeys {
  consumerKey: string;
  consumerSecret: string;
}

interface OauthRequest {
  method: string;
  /** The address without its query, as the store itself would write it. */
  addresses: readonly string[];
  query: Params;
  authorization: string | undefined;
}

/** Checks OAuth 1.0a one-legged signatures, the only credentials that plain HTTP accepts (source-apis §1.1). */
export interface OauthChecker {
  /** False when the request carries no OAuth parameter at all. Throws RestError 401 when they are wrong. */
  check(request: OauthRequest, nowMs: number): boolean;
}

export function createOauthChecker(keys: OauthKeys): OauthChecker {
  const usedNonces = new Map<string, number>();
  return {
    check: (request, nowMs) => {
      const params = { ...request.query, ...headerParams(request.authorization) };
      const missing = required.filter((name) => !params[name]);
      if (missing.length === required.length) return false;
      if (missing.length > 0) {
        const plural = missing.length > 1 ? 's' : '';
        const message = `Missing OAuth parameter${plural} ${missing.join(', ')}`;
        throw new RestError('woocommerce_rest_authentication_missing_parameter', message, 401);
      }
      if (params['oauth_consumer_key'] !== keys.consumerKey) throw refused('Consumer key is invalid.');
      checkSignature(request, params, keys.consumerSecret);
      checkTime(params, usedNonces, Math.floor(nowMs / 1_000));
      return true;
    },
  };
}

function refused(message: string): RestError {
  return new RestError('woocommerce_rest_authentication_error', message, 401);
}

function checkSignature(request: OauthRequest, params: Params, secret: string): void {
  const algorithm = { 'HMAC-SHA256': 'sha256', 'HMAC-SHA1': 'sha1' }[textOf(params['oauth_signature_method'])];
  if (!algorithm) throw refused('Invalid signature - signature method is invalid.');
  const { oauth_signature: signature, ...signed } = params;
  const given = Buffer.from(decodeRaw(textOf(signature).replace(/ /g, '+')));
  const query = normalisedQuery(signed);
  const right = request.addresses.some((address) => {
    const base = `${request.method.toUpperCase()}&${rawUrlEncode(address)}&${query}`;
    const expected = Buffer.from(createHmac(algorithm, `${secret}&`).update(base).digest('base64'));
    return expected.length === given.length && timingSafeEqual(expected, given);
  });
  if (!right) throw refused('Invalid signature - provided signature does not match.');
}

function checkTime(params: Params, usedNonces: Map<string, number>, now: number): void {
  const stamp = Number(params['oauth_timestamp']);
  if (!(stamp >= now - windowSeconds && stamp <= now + windowSeconds)) throw refused('Invalid timestamp.');
  for (const [nonce, seen] of usedNonces) if (seen < now - windowSeconds) usedNonces.delete(nonce);
  const nonce = textOf(params['oauth_nonce']);
  if (usedNonces.has(nonce)) throw refused('Invalid nonce - nonce has already been used.');
  usedNonces.set(nonce, stamp);
}

/** `OAuth oauth_nonce="…", …` in the Authorization header. */
function headerParams(header: string | undefined): Params {
  if (!header?.startsWith('OAuth ')) return {};
  const out: Params = {};
  for (const [, name, value] of header.matchAll(/(oauth_[a-z_-]*)="([^"]*)"/g)) out[name!] = decodeURIComponent(value!);
  return out;
}

function normalisedQuery(params: Params): string {
  const names = Object.keys(params).sort((a, b) => (a < b ? -1 : 1));
  const pairs = names.flatMap((name) => joined(rawUrlEncode(name), params[name]));
  return pairs.join('%26');
}

/** Lists are signed with their positions (`include[0]`): a client that signs `include[]` is refused. */
function joined(key: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => joined(`${key}%5B${at}%5D`, one));
  return [rawUrlEncode(`${key}=${rawUrlEncode(textOf(value))}`)];
}

function rawUrlEncode(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** PHP's rawurldecode: leaves alone what is not a percent escape. */
function decodeRaw(value: string): string {
  return value.replace(/(?:%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}
