import { createHmac } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import { onTestFinished } from 'vitest';
import type { SandboxClock } from '../../../src/sandbox/shared/clock.ts';
import { createClock } from '../../../src/sandbox/shared/clock.ts';
import type { WooCommerceSandboxOptions } from '../../../src/sandbox/woocommerce/options.ts';
import { sandboxCredentials } from '../../../src/sandbox/woocommerce/options.ts';
import type { WooCommerceSandbox } from '../../../src/sandbox/woocommerce/server.ts';
import { createWooCommerceSandbox } from '../../../src/sandbox/woocommerce/server.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // Bodies are whatever the store said; tests say what they expect of them.
  body: Row;
  /** The same, when it is a list; else empty. */
  rows: Row[];
  text: string;
}

export interface Row {
  [field: string]: unknown;
}

export interface TestShop extends WooCommerceSandbox {
  clock: SandboxClock;
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  put(path: string, body: unknown): Promise<Answer>;
  /** As the shop's administrator, with the application password; the path is below `/wp-json`. */
  asUser(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Without any credentials. */
  asNobody(method: string, path: string, body?: unknown): Promise<Answer>;
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  sign(method: string, path: string, options?: SignOptions): string;
}

export interface SignOptions {
  key?: string;
  secret?: string;
  nonce?: string;
  timestampSeconds?: number;
}

/** A shop over a real socket that is gone when the test ends; its clock starts stopped at a known instant. */
export async function openShop(options: WooCommerceSandboxOptions = {}): Promise<TestShop> {
  const clock = options.clock ?? stoppedClock('2026-07-10T12:00:00Z');
  const sandbox = await createWooCommerceSandbox({ ...options, clock });
  onTestFinished(() => sandbox.close());
  const sign = (method: string, path: string, how: SignOptions = {}): string =>
    signed(`${sandbox.url}${path}`, method, { timestampSeconds: Math.floor(clock.now() / 1_000), ...how });
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> =>
    answer(await fetch(sign(method, path), request(method, body)));
  return {
    ...sandbox,
    clock,
    sign,
    call,
    get: (path) => call('GET', `/wp-json/wc/v3${path}`),
    post: (path, body) => call('POST', `/wp-json/wc/v3${path}`, body),
    put: (path, body) => call('PUT', `/wp-json/wc/v3${path}`, body),
    asUser: async (method, path, body) =>
      answer(await fetch(`${sandbox.url}/wp-json${path}`, withHeader(request(method, body), userHeader()))),
    asNobody: async (method, path, body) => answer(await fetch(`${sandbox.url}/wp-json${path}`, request(method, body))),
    admin: async (method, path, body) => answer(await fetch(`${sandbox.url}/__admin${path}`, request(method, body))),
  };
}

export function stoppedClock(at: string): SandboxClock {
  const clock = createClock();
  clock.freeze(Date.parse(at));
  return clock;
}

function request(method: string, body: unknown): RequestInit {
  if (body === undefined) return { method };
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

function userHeader(): Record<string, string> {
  const { applicationUser, applicationPassword } = sandboxCredentials;
  return { authorization: `Basic ${Buffer.from(`${applicationUser}:${applicationPassword}`).toString('base64')}` };
}

function withHeader(init: RequestInit, headers: Record<string, string>): RequestInit {
  return { ...init, headers: { ...(init.headers as Record<string, string> | undefined), ...headers } };
}

async function answer(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
  const body: unknown = json ? JSON.parse(text) : {};
  const rows = Array.isArray(body) ? (body as Row[]) : [];
  return { status: response.status, headers: response.headers, body: body as Row, rows, text };
}

/** OAuth 1.0a by an independent library, as query parameters. */
export function signed(url: string, method: string, options: SignOptions): string {
  const oauth = new OAuth({
    consumer: {
      key: options.key ?? sandboxCredentials.consumerKey,
      secret: options.secret ?? sandboxCredentials.consumerSecret,
    },
    signature_method: 'HMAC-SHA256',
    hash_function: (base, key) => createHmac('sha256', key).update(base).digest('base64'),
  });
  oauth.getTimeStamp = () => options.timestampSeconds ?? Math.floor(Date.now() / 1_000);
  if (options.nonce !== undefined) oauth.getNonce = () => options.nonce!;
  const address = new URL(url);
  for (const [name, value] of Object.entries(oauth.authorize({ url, method }))) {
    if (name.startsWith('oauth_')) address.searchParams.set(name, String(value));
  }
  return address.href;
}
