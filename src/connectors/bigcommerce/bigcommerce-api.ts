import type { ZodType } from 'zod';
import type { CallOptions } from '../target.ts';
import type { FailedReply } from '../http/failure-mapping.ts';
import type { StoreFailureKind } from '../http/failures.ts';
import type { Network } from '../http/network-guard.ts';
import type { QuotaGovernor, QuotaObservation } from '../http/quota.ts';
import type { Query, RequestBody } from '../http/request-form.ts';
import type { RetryOptions } from '../http/retry-advice.ts';
import { createStoreClient, type RequestFact, type StoreClient, type StoreReply } from '../http/store-client.ts';
import { readQuota } from './quota-headers.ts';
import { refusalText } from './refusals.ts';
import { paginated } from './wire/envelope.ts';

export interface BigCommerceOptions {
  /** Default https://api.bigcommerce.com. */
  readonly baseUrl?: string;
  readonly storeHash: string;
  readonly accessToken: string;
  readonly network: Network;
  readonly governor: QuotaGovernor;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly retry?: Partial<RetryOptions>;
  readonly onRequest?: (fact: RequestFact) => void;
}

/** Resources with a concurrency cap of their own (bigcommerce-api §1.4). */
export type Resource = 'inventory';
const SLOTS: Readonly<Record<Resource, number>> = { inventory: 1 };

export interface Ask<T> {
  /** After `/stores/<hash>`: `/v3/catalog/brands`. */
  readonly path: string;
  /** Low-cardinality name for logs: `catalog/brands/:id`. */
  readonly route: string;
  readonly query?: Query;
  readonly schema: ZodType<T>;
  readonly call: CallOptions;
  readonly resource?: Resource;
}

export interface WriteAsk<T> extends Omit<Ask<T>, 'schema'> {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly body?: RequestBody;
  /** Absent: the body of the reply is ignored. */
  readonly schema?: ZodType<T>;
}

/** One store's API: credentials, quota and envelopes, no knowledge of records. */
export interface BigCommerceApi {
  readonly storeRef: string;
  get<T>(ask: Ask<T>): Promise<T>;
  /** Every row of a V3 list, page by page, 250 rows a request. */
  list<T>(ask: Ask<T>): Promise<readonly T[]>;
  /** One page of a V3 list; `next` null at the end. */
  page<T>(ask: Ask<T>, page: number): Promise<{ readonly rows: readonly T[]; readonly next: number | null }>;
  write<T = null>(ask: WriteAsk<T>): Promise<StoreReply<T>>;
  /** What the store says of its window now; one cheap request. */
  quota(call: CallOptions): Promise<QuotaObservation>;
}

/** The most that any catalogue list serves at once (bigcommerce-api §1.2). */
export const PAGE_SIZE = 250;
const DEFAULT_BASE_URL = 'https://api.bigcommerce.com';

export function createBigCommerceApi(options: BigCommerceOptions): BigCommerceApi {
  const storeRef = `bigcommerce:${options.storeHash}`;
  const client = openClient(options, storeRef);
  const page = async <T>(ask: Ask<T>, number: number) => {
    const query = { ...ask.query, page: number, limit: PAGE_SIZE };
    const request = { ...common({ ...ask, query }), method: 'GET' as const, write: false };
    const { data } = await client.request({ ...request, schema: paginated(ask.schema).nullable() });
    // An empty list may be a 204 (bigcommerce-api §1.1).
    const rows = data?.data ?? [];
    const total = data?.meta?.pagination?.total_pages;
    const more = rows.length > 0 && (total === undefined ? rows.length >= PAGE_SIZE : number < total);
    return { rows, next: more ? number + 1 : null };
  };

  return {
    storeRef,
    page,
    async get(ask) {
      const { data } = await client.request({ ...common(ask), method: 'GET', write: false, schema: ask.schema });
      return data;
    },
    async list<T>(ask: Ask<T>) {
      const rows: T[] = [];
      for (let number: number | null = 1; number !== null;) {
        const next: Awaited<ReturnType<typeof page<T>>> = await page(ask, number);
        rows.push(...next.rows);
        number = next.next;
      }
      return rows;
    },
    async quota(call) {
      const reply = await client.request({
        ...common({ path: '/v2/time', route: 'time', call }),
        method: 'GET',
        write: false,
        expect: 'json',
      });
      return readQuota(reply.headers, reply.status);
    },
    write<T>(ask: WriteAsk<T>) {
      return client.request<T>({
        ...common(ask),
        method: ask.method,
        write: true,
        ...(ask.body === undefined ? {} : { body: ask.body }),
        ...(ask.schema === undefined ? { expect: 'empty' as const } : { schema: ask.schema }),
      });
    },
  };
}

function openClient(options: BigCommerceOptions, store: string): StoreClient {
  return createStoreClient({
    baseUrl: `${options.baseUrl ?? DEFAULT_BASE_URL}/stores/${encodeURIComponent(options.storeHash)}`,
    store,
    governor: options.governor,
    sign: (request) => ({ ...request, headers: { ...request.headers, 'x-auth-token': options.accessToken } }),
    timeoutMs: options.timeoutMs,
    concurrency: options.concurrency,
    network: options.network,
    readObservation: readQuota,
    classify,
    ...(options.retry === undefined ? {} : { retry: options.retry }),
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
  });
}

function common(ask: Omit<Ask<unknown>, 'schema'>) {
  return {
    path: ask.path,
    route: ask.route,
    signal: ask.call.signal,
    ...(ask.query === undefined ? {} : { query: ask.query }),
    ...(ask.call.sendBefore === undefined ? {} : { sendBefore: ask.call.sendBefore }),
    ...(ask.resource === undefined ? {} : { resource: ask.resource, resourceSlots: SLOTS[ask.resource] }),
  };
}

/** A platform limit that is reached comes as a 403 (bigcommerce-api §1.3): not a permission that is missing. */
function classify(reply: FailedReply): StoreFailureKind | null {
  return reply.status === 403 && /\blimit\b|maximum/i.test(refusalText(reply.body)) ? 'limit-reached' : null;
}
