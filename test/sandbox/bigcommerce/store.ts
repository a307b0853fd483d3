import { onTestFinished } from 'vitest';
import { bigCommerceCredentials, type BigCommerceSandboxOptions } from '../../../src/sandbox/bigcommerce/options.ts';
import { createBigCommerceSandbox } from '../../../src/sandbox/bigcommerce/server.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed body; undefined when there is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked at field by field
  readonly body: any;
}

/** A store over a real socket that is gone when the test ends. */
export async function openStore(options: BigCommerceSandboxOptions = {}) {
  const sandbox = await createBigCommerceSandbox({ inventoryDelayMs: 1, fetchImages: false, ...options });
  onTestFinished(() => sandbox.close());
  const call = async (method: string, path: string, body?: unknown, token?: string): Promise<Answer> => {
    const reply = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: {
        'x-auth-token': token ?? bigCommerceCredentials.accessToken,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    return { status: reply.status, headers: reply.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  const api = (method: string, path: string, body?: unknown) => call(method, `/stores/sandbox${path}`, body);
  return {
    ...sandbox,
    call,
    api,
    get: (path: string) => api('GET', path),
    post: (path: string, body: unknown) => api('POST', path, body),
    put: (path: string, body: unknown) => api('PUT', path, body),
    delete: (path: string) => api('DELETE', path),
    admin: (path: string, body?: unknown) => call(body === undefined ? 'GET' : 'POST', `/__admin${path}`, body),
  };
}

export const product = (name: string, more: object = {}) => ({
  name,
  type: 'physical',
  weight: 1,
  price: 9.95,
  ...more,
});
