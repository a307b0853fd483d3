import { createHmac } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import type { WireRequest } from '../http/transport.ts';

export type Sign = (request: WireRequest) => WireRequest;

/**
 * Signs a wc/v3 request (source-apis §1.1, §1.9): Basic over TLS; over plain http, where Basic is ignored, one-legged
 * OAuth 1.0a with HMAC-SHA256, so that the secret itself never travels.
 */
export function consumerSigner(consumerKey: string, consumerSecret: string): Sign {
  const oauth = new OAuth({
    consumer: { key: consumerKey, secret: consumerSecret },
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  });
  const basic = basicSigner(consumerKey, consumerSecret);
  return (request) => {
    if (request.url.startsWith('https:')) return basic(request);
    const { Authorization } = oauth.toHeader(oauth.authorize({ url: request.url, method: request.method }));
    return withAuthorization(request, Authorization);
  };
}

export function basicSigner(user: string, password: string): Sign {
  const value = `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  return (request) => withAuthorization(request, value);
}

function withAuthorization(request: WireRequest, authorization: string): WireRequest {
  return { ...request, headers: { ...request.headers, authorization } };
}
