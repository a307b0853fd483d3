/** What the store said no to: a code of its error results or of `extensions.code`. */
export class StoreRefusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(`the store answered ${code}: ${message}`);
    this.code = code;
  }
}

interface Reply {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

export type StoreSide = 'admin-api' | 'shop-api';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** One of a real store's two GraphQL APIs, with a session of its own. Shares no code with any connector. */
export class StoreApi {
  readonly #endpoint: string;
  #token: string | undefined;

  constructor(url: string, side: StoreSide) {
    this.#endpoint = `${url}/${side}`;
  }

  static async admin(url: string, login: Login): Promise<StoreApi> {
    const api = new StoreApi(url, 'admin-api');
    await api.login(login);
    return api;
  }

  async login({ user, password }: Login): Promise<void> {
    const document = `mutation ($user: String!, $password: String!) {
      login(username: $user, password: $password) { __typename ... on ErrorResult { errorCode message } }
    }`;
    await this.ask(document, { user, password });
  }

  /** The answer's data. Throws StoreRefusal for an error, also for one that comes as a result and is asked for as `errorCode`. */
  async ask<T>(document: string, variables: object = {}): Promise<T> {
    return this.#send<T>({
      body: JSON.stringify({ query: document, variables }),
      headers: { 'content-type': 'application/json' },
    });
  }

  /** Sends files as `$input[n].file` (the multipart form that GraphQL servers agree on). */
  async upload<T>(document: string, files: readonly File[]): Promise<T> {
    const form = new FormData();
    const variables = { input: files.map(() => ({ file: null })) };
    form.set('operations', JSON.stringify({ query: document, variables }));
    form.set('map', JSON.stringify(Object.fromEntries(files.map((_, at) => [at, [`variables.input.${at}.file`]]))));
    for (const [at, file] of files.entries()) form.set(String(at), file);
    return this.#send<T>({ body: form, headers: {} });
  }

  async #send<T>({ body, headers }: { body: string | FormData; headers: Record<string, string> }): Promise<T> {
    const session = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    const reply = await fetch(this.#endpoint, { method: 'POST', body, headers: { ...headers, ...session } });
    // A session begins with the first request that needs one; a login begins another.
    this.#token = reply.headers.get('vendure-auth-token') ?? this.#token;
    const { data, errors = [] } = (await reply.json()) as Reply;
    const [first] = errors;
    if (first !== undefined) throw new StoreRefusal(first.extensions?.code ?? 'ERROR', first.message);
    for (const value of Object.values(data ?? {}).flat()) refuse(value);
    return data as T;
  }
}

function refuse(value: unknown): void {
  const { errorCode, message } = (value ?? {}) as { errorCode?: unknown; message?: unknown };
  if (typeof errorCode === 'string') throw new StoreRefusal(errorCode, String(message));
}
