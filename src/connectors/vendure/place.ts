import type { VendureOptions } from './options.ts';
import { serverUrl } from './options.ts';

/** Where the shop's pages and files are: Vendure itself has no pages, so that their addresses are the storefront's. */
export interface Place {
  /** Files are given from here where they have no host of their own. */
  readonly serverUrl: string;
  /** What links in texts lead to. */
  readonly shopUrl: string;
  readonly productPath: string;
  readonly collectionPath: string;
}

/** Those of the storefront starters that Vendure's makers publish. */
const PRODUCT_PATH = '/products/{slug}';
const COLLECTION_PATH = '/collections/{slug}';

export function placeOf(options: VendureOptions): Place {
  const server = serverUrl(options);
  return {
    serverUrl: server,
    shopUrl: (options.storefrontUrl ?? '').trim() || server,
    productPath: options.productPath ?? PRODUCT_PATH,
    collectionPath: options.collectionPath ?? COLLECTION_PATH,
  };
}
