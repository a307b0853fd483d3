import { z } from 'zod';
import type { QuotaGovernor } from '../http/quota.ts';
import { StoreFailure } from '../http/failures.ts';
import type { Classify, FailedReply } from '../http/failure-mapping.ts';
import type { Network } from '../http/network-guard.ts';
import type { Query } from '../http/request-form.ts';
import type { RetryOptions } from '../http/retry-advice.ts';
import { createStoreClient } from '../http/store-client.ts';
import type { RequestFact, StoreClient, StoreReply } from '../http/store-client.ts';
import type { RowList } from '../walks/row-list.ts';
import { basicSigner, consumerSigner } from './signing.ts';
import type { Sign } from './signing.ts';
import { normalisedBaseUrl, storeKeyOf } from './store-key.ts';

export interface WooOptions {
  /** The shop's address, with or without a trailing slash. */
  readonly baseUrl: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** WordPress user and application password, for wp/v2 only (source-apis §1.1). */
  readonly applicationUser?: string;
  readonly applicationPassword?: string;
  readonly network: Network;
  readonly governor: QuotaGovernor;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly retry?: Partial<RetryOptions>;
  readonly onRequest?: (fact: RequestFact) => void;
}

interface Ask {
  /** Below the namespace, with a leading slash: `/products/12`. */
  readonly path: string;
  /** Low-cardinality name for logs. */
  readonly route: string;
  readonly query?: Query;
  readonly signal: AbortSignal;
}

/** The two namespaces of a shop's REST API that we read; through it nothing can be written but our own webhooks. */
export interface WooApi {
  readonly baseUrl: string;
  get(ask: Ask): Promise<StoreReply<unknown>>;
  list(ask: Ask): Promise<RowList>;
  /** wp/v2, with the application password where it may travel, else anonymously. */
  readonly content: ContentApi;
  /** The public index of the site (`/wp-json/`). */
  index(signal: AbortSignal): Promise<StoreReply<unknown>>;
  count(ask: Ask): Promise<number>;
  /** Writes below `/webhooks`, and nowhere else; `path` is '' or `/<id>`. Returns the webhook. */
  webhooks(method: 'POST' | 'PUT' | 'DELETE', path: string, body: object | null, signal: AbortSignal): Promise<unknown>;
}

export type ContentApi = Pick<WooApi, 'get' | 'list' | 'count'>;

const rowsSchema = z.array(z.unknown());

export function createWooApi(options: WooOptions): WooApi {
  const baseUrl = normalisedBaseUrl(options.baseUrl);
  const signer = consumerSigner(options.consumerKey, options.consumerSecret);
  const shop = client(options, baseUrl, signer);
  const writer = client(options, baseUrl, signer, classifyWrite);
  const content = client(options, baseUrl, contentSigner(options, baseUrl));
  const addressing = restAddressing();

  const get = (from: StoreClient, namespace: string, ask: Ask, schema?: z.ZodType): Promise<StoreReply<unknown>> =>
    addressing.ask(namespace + ask.path, ask.query, (path, query) =>
      from.request({
        method: 'GET',
        path,
        query,
        route: ask.route,
        signal: ask.signal,
        write: false,
        ...(schema === undefined ? {} : { schema }),
      }),
    );
  const list = async (from: StoreClient, namespace: string, ask: Ask): Promise<RowList> => {
    const reply = await get(from, namespace, ask, rowsSchema);
    return { rows: reply.data as unknown[], total: totalOf(reply) };
  };

  const count = async (from: StoreClient, namespace: string, ask: Ask): Promise<number> => {
    const { path, route, query, signal } = ask;
    const head = await addressing.ask(namespace + path, { ...query, per_page: 1 }, (address, asked) =>
      from.request({ method: 'HEAD', path: address, query: asked, route, signal, write: false, expect: 'empty' }),
    );
    const total = totalOf(head);
    if (total === null) throw new StoreFailure('unintelligible', `HEAD ${route}: the reply has no X-WP-Total`);
    return total;
  };

  return {
    baseUrl,
    get: (ask) => get(shop, '/wc/v3', ask),
    list: (ask) => list(shop, '/wc/v3', ask),
    count: (ask) => count(shop, '/wc/v3', ask),
    content: {
      get: (ask) => get(content, '/wp/v2', ask),
      list: (ask) => list(content, '/wp/v2', ask),
      count: (ask) => count(content, '/wp/v2', ask),
    },
    async webhooks(method, path, body, signal) {
      // They have no trash: without force a removal is refused (source-apis §1.5).
      const query = method === 'DELETE' ? { force: true } : {};
      const reply = await addressing.ask(`/wc/v3/webhooks${path}`, query, (address, asked) =>
        writer.request({
          method,
          path: address,
          query: asked,
          ...(body === null ? {} : { body }),
          route: path === '' ? 'webhooks' : 'webhooks/:id',
          signal,
          write: true,
        }),
      );
      return reply.data;
    },
    index: (signal) => get(content, '', { path: '/', route: 'index', query: INDEX_FIELDS, signal }),
  };
}

const INDEX_FIELDS: Query = {
  _fields: ['name', 'url', 'home', 'gmt_offset', 'timezone_string', 'namespaces', 'page_on_front', 'page_for_posts'],
};

/**
 * `/wp-json/…`, or `/?rest_route=/…` for a shop without pretty permalinks (source-apis §1.1): found out at the first
 * request that comes back as a page instead of JSON with status 404, then remembered.
 */
function restAddressing(): {
  ask<T>(path: string, query: Query | undefined, send: (path: string, query: Query) => Promise<T>): Promise<T>;
} {
  let form: 'pretty' | 'plain' | 'unknown' = 'unknown';
  return {
    async ask(path, query = {}, send) {
      const plain = (): ReturnType<typeof send> => send('/', { rest_route: path, ...query });
      if (form === 'plain') return plain();
      try {
        const reply = await send(`/wp-json${path}`, query);
        form = 'pretty';
        return reply;
      } catch (error) {
        const noSuchPage = error instanceof StoreFailure && error.status === 404 && error.body === undefined;
        if (form === 'pretty' || !noSuchPage) throw error;
        const reply = await plain().catch(() => {
          throw error;
        });
        form = 'plain';
        return reply;
      }
    },
  };
}

function client(options: WooOptions, baseUrl: string, sign: Sign, classifyReply: Classify = classify): StoreClient {
  return createStoreClient({
    baseUrl,
    store: `woocommerce:${storeKeyOf(baseUrl)}`,
    governor: options.governor,
    sign,
    timeoutMs: options.timeoutMs,
    concurrency: options.concurrency,
    network: options.network,
    classify: classifyReply,
    skipNotices: true,
    ...(options.retry === undefined ? {} : { retry: options.retry }),
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
  });
}

/** An application password goes in the clear over http, so only where private networks are allowed at all. */
function contentSigner(options: WooOptions, baseUrl: string): Sign {
  const { applicationUser, applicationPassword } = options;
  const safe = baseUrl.startsWith('https:') || options.network.allowPrivate;
  if (applicationUser === undefined || applicationPassword === undefined || !safe) return (request) => request;
  return basicSigner(applicationUser, applicationPassword);
}

/** A route that is not there says nothing about a record (P7). */
function classify(reply: FailedReply): 'unintelligible' | null {
  return reply.status === 404 && errorCode(reply.body) === 'rest_no_route' ? 'unintelligible' : null;
}

/** A key that may only read is a good key. WooCommerce says of it what it says of a wrong secret, and reads come first here. */
function classifyWrite(reply: FailedReply): 'unintelligible' | 'rejected' | null {
  return reply.status === 401 ? 'rejected' : classify(reply);
}

/** `code` of an error body of WordPress; '' when there is none. */
export function errorCode(body: unknown): string {
  const code = typeof body === 'object' && body !== null ? (body as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : '';
}

function totalOf(reply: StoreReply<unknown>): number | null {
  const total = reply.headers['x-wp-total'];
  return total !== undefined && /^\d+$/.test(total) ? Number(total) : null;
}
