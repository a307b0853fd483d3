import { createHmac } from 'node:crypto';
import { Agent } from 'node:http';
import { type AxiosRequestConfig, type AxiosResponse, create } from 'axios';
import OAuth from 'oauth-1.0a';

/** One store as a script would talk to it: axios over kept connections, at most so many requests at once. */
export interface Store {
  get<T>(path: string, params?: object): Promise<AxiosResponse<T>>;
  send<T>(method: 'POST' | 'PUT', path: string, data: unknown): Promise<T>;
}

export interface Credentials {
  readonly url: string;
  readonly key: string;
  readonly secret: string;
}

export interface ShopCredentials extends Credentials {
  /** `user:application password`, for posts and pages. */
  readonly wordpress: string;
}

/** The shop: requests over plain http are signed (OAuth 1.0a, one leg), those of WordPress itself carry a password. */
export function openShop({ url, key, secret, wordpress }: ShopCredentials, atOnce: number): Store {
  const oauth = new OAuth({
    consumer: { key, secret },
    signature_method: 'HMAC-SHA256',
    hash_function: (base, signing) => createHmac('sha256', signing).update(base).digest('base64'),
  });
  const basic = `Basic ${Buffer.from(wordpress).toString('base64')}`;
  return open(`${url}/wp-json`, atOnce, (method, whole) => ({
    Authorization: whole.includes('/wp-json/wp/v2/')
      ? basic
      : oauth.toHeader(oauth.authorize({ url: whole, method })).Authorization,
  }));
}

export function openTarget({ url, key, secret }: Credentials, atOnce: number): Store {
  return open(`${url}/stores/${key}`, atOnce, () => ({ 'X-Auth-Token': secret }));
}

function open(
  baseURL: string,
  atOnce: number,
  headersOf: (method: string, url: string) => Record<string, string>,
): Store {
  const http = create({ httpAgent: new Agent({ keepAlive: true, maxSockets: atOnce }), proxy: false });
  const inTurn = atMost(atOnce);
  const request = <T>(config: AxiosRequestConfig & { method: string; url: string }): Promise<AxiosResponse<T>> =>
    inTurn(() => http.request<T>({ ...config, headers: headersOf(config.method, config.url) }));
  return {
    get: (path, params = {}) => {
      const query = new URLSearchParams(
        Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
      );
      const asked = query.size === 0 ? '' : `?${query.toString()}`;
      return request({ method: 'GET', url: `${baseURL}${path}${asked}` });
    },
    send: async <T>(method: 'POST' | 'PUT', path: string, data: unknown) =>
      (await request<T>({ method, url: `${baseURL}${path}`, data })).data,
  };
}

/** Runs at most `width` works at once; the others wait in line. */
export function atMost(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  let busy = 0;
  const line: (() => void)[] = [];
  return async (work) => {
    if (busy >= width) await new Promise<void>((resolve) => line.push(resolve));
    else busy += 1;
    try {
      return await work();
    } finally {
      const next = line.shift();
      if (next === undefined) busy -= 1;
      else next();
    }
  };
}

export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
