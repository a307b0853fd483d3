import { createHash } from 'node:crypto';
import type { Network } from '../http/network-guard.ts';
import type { QuotaGovernor } from '../http/quota.ts';
import type { RetryOptions } from '../http/retry-advice.ts';
import type { RequestFact } from '../http/store-client.ts';

/** One of the three: a key of an administrator, a name and password to log in with, or a token of whatever else lets one in. */
export interface VendureCredentials {
  readonly apiKey?: string;
  readonly username?: string;
  readonly password?: string;
  readonly accessToken?: string;
}

export interface VendureOptions extends VendureCredentials {
  /** The server's address; `/admin-api` may follow. */
  readonly baseUrl: string;
  /** Where the Admin API lies below it. Default `admin-api`. */
  readonly adminApiPath?: string;
  /** Token of the channel to move; the default channel without one. */
  readonly channel?: string;
  /** Code of the facet whose values are brands. Default `brand`. */
  readonly brandFacet?: string;
  /** Address of the shop that people see; the server's own without one. */
  readonly storefrontUrl?: string;
  /** Path of a product's page there, `{slug}` in it. Default `/products/{slug}`. */
  readonly productPath?: string;
  /** Path of a collection's page. Default `/collections/{slug}`. */
  readonly collectionPath?: string;
  readonly network: Network;
  readonly governor: QuotaGovernor;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly retry?: Partial<RetryOptions>;
  readonly onRequest?: (fact: RequestFact) => void;
}

/** A path without slashes at its ends. */
function bare(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

export function adminApiPath({ adminApiPath: path }: Pick<VendureOptions, 'adminApiPath'>): string {
  return `/${bare(path ?? 'admin-api')}`;
}

/**
 * The server's address in one form: no trailing slash, no query, no path of the Admin API that a merchant copied along.
 * Text that is no URL comes back as it is; the network guard refuses it later.
 */
export function serverUrl(options: Pick<VendureOptions, 'baseUrl' | 'adminApiPath'>): string {
  const trimmed = options.baseUrl.trim();
  if (!URL.canParse(trimmed)) return trimmed;
  const url = new URL(trimmed);
  const path = url.pathname.replace(/\/+$/, '');
  const api = adminApiPath(options);
  return `${url.protocol}//${url.host}${path.endsWith(api) ? path.slice(0, -api.length) : path}`;
}

/**
 * Ten letters that stand for this shop in every external id (P6). Two channels of one server share ids and are two shops:
 * the channel belongs to the key.
 */
export function storeKeyOf(options: Pick<VendureOptions, 'baseUrl' | 'adminApiPath' | 'channel'>): string {
  const place = serverUrl(options).replace(/^https?:\/\//, '');
  return createHash('sha256')
    .update(`vendure ${place} ${options.channel ?? ''}`)
    .digest('hex')
    .slice(0, 10);
}

/** The path of a page whose slug is known; null without a slug. */
export function pagePath(pattern: string, slug: string): string | null {
  if (slug === '') return null;
  return `/${bare(pattern.replaceAll('{slug}', encodeURIComponent(slug)))}/`;
}
