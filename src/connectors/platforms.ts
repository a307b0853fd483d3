import { createBigCommerceTarget } from './bigcommerce/bigcommerce-target.ts';
import type { Network } from './http/network-guard.ts';
import type { QuotaGovernor } from './http/quota.ts';
import type { RequestFact } from './http/store-client.ts';
import type { Source } from './source.ts';
import type { Target } from './target.ts';
import { createWooCommerceSource } from './woocommerce/woocommerce-source.ts';

/** A store to open: where it is, what may be shown of it, what may not. */
export interface StoreConnection {
  readonly platform: string;
  readonly baseUrl: string;
  readonly shown: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface StoreSettings {
  readonly network: Network;
  readonly governor: QuotaGovernor;
  readonly timeoutMs: number;
  /** Requests in flight at once per store. */
  readonly concurrency: number;
  readonly onRequest?: (fact: RequestFact) => void;
}

type Secrets = Readonly<Record<string, string>>;

/** A third platform is one line here and one folder under `connectors`. */
const SOURCES: Readonly<Record<string, (baseUrl: string, secrets: Secrets, settings: StoreSettings) => Source>> = {
  woocommerce: (baseUrl, secrets, settings) =>
    createWooCommerceSource({
      baseUrl,
      consumerKey: secrets['consumerKey'] ?? '',
      consumerSecret: secrets['consumerSecret'] ?? '',
      ...(secrets['applicationUser'] === undefined ? {} : { applicationUser: secrets['applicationUser'] }),
      ...(secrets['applicationPassword'] === undefined ? {} : { applicationPassword: secrets['applicationPassword'] }),
      ...settings,
    }),
};
const TARGETS: Readonly<
  Record<string, (baseUrl: string, secrets: Secrets, shown: Secrets, settings: StoreSettings) => Target>
> = {
  bigcommerce: (baseUrl, secrets, shown, settings) =>
    createBigCommerceTarget({
      baseUrl,
      storeHash: shown['storeHash'] ?? '',
      accessToken: secrets['accessToken'] ?? '',
      ...settings,
    }),
};

export function openSource(connection: Omit<StoreConnection, 'shown'>, settings: StoreSettings): Source {
  const make = SOURCES[connection.platform];
  if (make === undefined)
    throw new Error(`${connection.platform} is no source platform; known: ${Object.keys(SOURCES).join(', ')}`);
  return make(connection.baseUrl, connection.secrets, settings);
}

export function openTarget(connection: StoreConnection, settings: StoreSettings): Target {
  const make = TARGETS[connection.platform];
  if (make === undefined)
    throw new Error(`${connection.platform} is no target platform; known: ${Object.keys(TARGETS).join(', ')}`);
  return make(connection.baseUrl, connection.secrets, connection.shown, settings);
}
