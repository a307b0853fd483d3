import { z } from 'zod';
import { createBigCommerceTarget } from './bigcommerce/bigcommerce-target.ts';
import type { HookFormat } from './hooks.ts';
import type { Network } from './http/network-guard.ts';
import type { QuotaGovernor } from './http/quota.ts';
import type { RequestFact } from './http/store-client.ts';
import type { Source } from './source.ts';
import type { Target } from './target.ts';
import { createVendureSource } from './vendure/vendure-source.ts';
import { wooHookFormat } from './woocommerce/hooks/hook-format.ts';
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

type Values = Readonly<Record<string, string | undefined>>;

/** What one has to tell of a store, and how it is opened. */
interface Platform<S> {
  /** Kept sealed and never shown. */
  readonly credentials: z.ZodType<Values>;
  /** What else there is to say; may be shown. */
  readonly options: z.ZodType<Values>;
  /** Credential → variable of the environment that the command line takes it from. */
  readonly environment: Readonly<Record<string, string>>;
  /** What its webhooks look like, where it has any that we take. */
  readonly hooks?: HookFormat;
  open(baseUrl: string, secrets: Values, shown: Values, settings: StoreSettings): S;
}

const credential = z.string().min(1).max(2_000);
const option = z.string().min(1).max(2_000).optional();
const path = z
  .string()
  .max(2_000)
  .regex(/\{slug\}/, 'a path with {slug} in it')
  .optional();

/** Only what was given: an absent option has the connector's own default. */
function given<K extends string>(values: Values, ...names: K[]): Partial<Record<K, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])),
  ) as Partial<Record<K, string>>;
}

/** A further platform is one entry here and one folder under `connectors`. */
const SOURCES = {
  woocommerce: {
    credentials: z.strictObject({
      consumerKey: credential,
      consumerSecret: credential,
      applicationUser: credential.optional(),
      applicationPassword: credential.optional(),
    }),
    options: z.strictObject({}),
    environment: {
      consumerKey: 'WC_CONSUMER_KEY',
      consumerSecret: 'WC_CONSUMER_SECRET',
      applicationUser: 'WP_USER',
      applicationPassword: 'WP_APPLICATION_PASSWORD',
    },
    hooks: wooHookFormat,
    open: (baseUrl, secrets, _shown, settings) =>
      createWooCommerceSource({
        baseUrl,
        consumerKey: secrets['consumerKey'] ?? '',
        consumerSecret: secrets['consumerSecret'] ?? '',
        ...given(secrets, 'applicationUser', 'applicationPassword'),
        ...settings,
      }),
  },
  vendure: {
    credentials: z.union([
      z.strictObject({ apiKey: credential }),
      z.strictObject({ username: credential, password: credential }),
      z.strictObject({ accessToken: credential }),
    ]),
    options: z.strictObject({
      adminApiPath: option,
      channel: option,
      brandFacet: option,
      storefrontUrl: z
        .url({ protocol: /^https?$/ })
        .max(2_000)
        .optional(),
      productPath: path,
      collectionPath: path,
    }),
    environment: {
      apiKey: 'VENDURE_API_KEY',
      username: 'VENDURE_USERNAME',
      password: 'VENDURE_PASSWORD',
      accessToken: 'VENDURE_ACCESS_TOKEN',
    },
    open: (baseUrl, secrets, shown, settings) =>
      createVendureSource({
        baseUrl,
        ...given(secrets, 'apiKey', 'username', 'password', 'accessToken'),
        ...given(shown, 'adminApiPath', 'channel', 'brandFacet', 'storefrontUrl', 'productPath', 'collectionPath'),
        ...settings,
      }),
  },
} satisfies Readonly<Record<string, Platform<Source>>>;

const TARGETS = {
  bigcommerce: {
    credentials: z.strictObject({ storeHash: credential, accessToken: credential }),
    options: z.strictObject({}),
    environment: { accessToken: 'BC_ACCESS_TOKEN' },
    open: (baseUrl, secrets, shown, settings) =>
      createBigCommerceTarget({
        baseUrl,
        storeHash: shown['storeHash'] ?? '',
        accessToken: secrets['accessToken'] ?? '',
        ...settings,
      }),
  },
} satisfies Readonly<Record<string, Platform<Target>>>;

export const SOURCE_PLATFORMS: readonly string[] = Object.keys(SOURCES);

/** Credential → variable of the environment, by platform. */
export const SOURCE_ENVIRONMENT: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  Object.entries(SOURCES).map(([platform, { environment }]) => [platform, environment]),
);

/** Webhooks by platform, for the API, which knows no connectors. */
export const HOOK_FORMATS: Readonly<Record<string, HookFormat>> = Object.fromEntries(
  Object.entries<Platform<Source>>(SOURCES).flatMap(([platform, { hooks }]) =>
    hooks === undefined ? [] : [[platform, hooks]],
  ),
);

/** A store as whoever makes a project names it. */
interface NamedStore {
  readonly platform: string;
  readonly url?: string | undefined;
  readonly credentials: Values;
  readonly options?: Values | undefined;
}

function namedStore(
  table: Readonly<Record<string, Pick<Platform<unknown>, 'credentials' | 'options'>>>,
  url: z.ZodString | z.ZodOptional<z.ZodString>,
): z.ZodType<NamedStore> {
  const [first, ...others] = Object.entries(table).map(([platform, { credentials, options }]) =>
    z.strictObject({ platform: z.literal(platform), url, credentials, options: options.optional() }),
  );
  if (first === undefined) throw new Error('there is no platform');
  return z.discriminatedUnion('platform', [first, ...others]);
}

const url = z.string().min(1).max(2_000);

/** For the API, which knows no connectors. */
export const STORE_SCHEMAS = {
  source: namedStore(SOURCES, url),
  target: namedStore(TARGETS, url.optional()),
};

export function openSource(connection: StoreConnection, settings: StoreSettings): Source {
  const { platform, baseUrl, secrets, shown } = connection;
  return known<Source>(SOURCES, platform, 'source').open(baseUrl, secrets, shown, settings);
}

export function openTarget(connection: StoreConnection, settings: StoreSettings): Target {
  const { platform, baseUrl, secrets, shown } = connection;
  return known<Target>(TARGETS, platform, 'target').open(baseUrl, secrets, shown, settings);
}

function known<S>(table: Readonly<Record<string, Platform<S>>>, platform: string, side: string): Platform<S> {
  const found = Object.hasOwn(table, platform) ? table[platform] : undefined;
  if (found !== undefined) return found;
  throw new Error(`${platform} is no ${side} platform; known: ${Object.keys(table).join(', ')}`);
}
