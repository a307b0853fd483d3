import { z } from 'zod';
import { StoreFailure } from '../http/failures.ts';
import type { StoreReply } from '../http/store-client.ts';
import type { WireRequest } from '../http/transport.ts';
import { serverUrl, type VendureOptions } from './options.ts';

/** Default names of the server's settings `apiKeyHeaderKey` and `authTokenHeaderKey`. */
const API_KEY_HEADER = 'vendure-api-key';
const TOKEN_HEADER = 'vendure-auth-token';

const LOGIN = `mutation LogIn($username: String!, $password: String!) {
  login(username: $username, password: $password) { outcome: __typename }
}`;
const loginSchema = z.looseObject({ login: z.looseObject({ outcome: z.string() }) });

/** Makes requests those of an administrator: by a key, by a token, or by logging in. */
export interface Session {
  /** Logs in where that is needed and not done yet. */
  open(signal: AbortSignal): Promise<void>;
  /** How often somebody has logged in: tells whether a refusal was of the session that there is now. */
  logins(): number;
  sign(request: WireRequest): WireRequest;
  /** Logs in again, unless somebody did since the request went that was turned away. Throws `credentials-rejected` where that cannot be done. */
  renew(loginsBefore: number, signal: AbortSignal): Promise<void>;
}

type Post = (
  document: string,
  variables: Readonly<Record<string, unknown>>,
  route: string,
  signal: AbortSignal,
) => Promise<StoreReply<{ data?: unknown }>>;

/**
 * A log-in is a mutation that leaves nothing behind but a session, so that one whose reply is lost may be repeated. The
 * token lives as long as this source and is kept nowhere.
 */
export function createSession(options: VendureOptions, post: Post): Session {
  const { apiKey, accessToken, username, password } = options;
  let token: string | null = accessToken ?? null;
  let logins = 0;
  let running: Promise<void> | null = null;

  async function logIn(signal: AbortSignal): Promise<void> {
    const reply = await post(LOGIN, { username, password }, 'login', signal);
    const parsed = loginSchema.safeParse(reply.data.data);
    const given = reply.headers[TOKEN_HEADER] ?? '';
    if (!parsed.success || parsed.data.login.outcome !== 'CurrentUser') {
      throw new StoreFailure('credentials-rejected', 'login: the store does not know this name and password');
    }
    if (given === '') {
      const message = 'login: the store gives no token: its authOptions.tokenMethod must include "bearer"';
      throw new StoreFailure('credentials-rejected', message);
    }
    token = given;
    logins += 1;
  }

  /** One at a time, whoever asks; who waited for another's that was broken off tries it himself. */
  async function logInOnce(stillWanted: () => boolean, signal: AbortSignal): Promise<void> {
    while (stillWanted()) {
      if (running === null) {
        const mine = logIn(signal).finally(() => (running = null));
        running = mine;
        await mine;
      } else await running.catch(() => undefined);
      signal.throwIfAborted();
    }
  }

  return {
    async open(signal) {
      refusePlainHttp(options);
      if (apiKey === undefined && username !== undefined) await logInOnce(() => token === null, signal);
    },
    logins: () => logins,
    sign(request) {
      const headers: Record<string, string> = { ...request.headers };
      if (apiKey !== undefined) headers[API_KEY_HEADER] = apiKey;
      else if (token !== null) headers['authorization'] = `Bearer ${token}`;
      return { ...request, headers };
    },
    async renew(loginsBefore, signal) {
      if (apiKey !== undefined || username === undefined) {
        throw new StoreFailure('credentials-rejected', 'the store does not know this key or token (any more)');
      }
      await logInOnce(() => logins === loginsBefore, signal);
    },
  };
}

/** Keys and passwords are not sent in the clear over the Internet. */
function refusePlainHttp(options: VendureOptions): void {
  if (options.network.allowPrivate || !serverUrl(options).toLowerCase().startsWith('http:')) return;
  throw new StoreFailure(
    'address-refused',
    'The Admin API must be reached over https: the credentials would be readable',
  );
}
