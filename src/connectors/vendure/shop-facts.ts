import { z } from 'zod';
import { StoreFailure } from '../http/failures.ts';
import type { VendureOptions } from './options.ts';
import type { VendureApi } from './vendure-api.ts';

/** Settings that what is read from the shop is understood by. */
export interface ShopFacts {
  readonly channelCode: string;
  readonly currency: string;
  readonly language: string;
  readonly languages: readonly string[];
  readonly currencies: readonly string[];
  readonly pricesIncludeTax: boolean;
  /** Decimal places of every integer that is money, whatever the currency. */
  readonly moneyDecimals: number;
  /** Of variants that inherit it: the global settings, which is what the server itself judges by (not the channel's). */
  readonly tracksInventory: boolean;
  readonly outOfStockThreshold: number;
  /** Id of the facet whose values are brands; null when there is none of that code. */
  readonly brandFacet: string | null;
  /** States of the order process, the shop's own included. */
  readonly orderStates: readonly string[];
  /** Entity (`Product`) → its custom fields that hold plain values, and those that do not. */
  readonly customFields: ReadonlyMap<string, { readonly plain: readonly string[]; readonly others: readonly string[] }>;
}

export interface ShopFactsReader {
  /** One request a minute at most. */
  read(signal: AbortSignal): Promise<ShopFacts>;
  /** The same, asked anew, with the reply's headers. */
  readNow(
    signal: AbortSignal,
  ): Promise<{ readonly facts: ShopFacts; readonly headers: Readonly<Record<string, string>> }>;
}

/** A setting changes seldom; one that did is seen after this. */
const FRESH_MS = 60_000;

const DOCUMENT = `query Shop($brand: FacetListOptions) {
  globalSettings {
    trackInventory outOfStockThreshold
    serverConfig {
      moneyStrategyPrecision
      orderProcess { name }
      entityCustomFields { entityName customFields { ... on CustomField { name type } } }
    }
  }
  activeChannel {
    code token defaultCurrencyCode availableCurrencyCodes defaultLanguageCode availableLanguageCodes pricesIncludeTax
  }
  facets(options: $brand) { items { id } }
}`;

const schema = z.looseObject({
  globalSettings: z.looseObject({
    trackInventory: z.boolean(),
    outOfStockThreshold: z.number().int(),
    serverConfig: z.looseObject({
      moneyStrategyPrecision: z.number().int().min(0).max(10),
      orderProcess: z.array(z.looseObject({ name: z.string() })),
      entityCustomFields: z.array(
        z.looseObject({
          entityName: z.string(),
          customFields: z.array(z.looseObject({ name: z.string(), type: z.string() })),
        }),
      ),
    }),
  }),
  activeChannel: z.looseObject({
    code: z.string(),
    token: z.string(),
    defaultCurrencyCode: z.string(),
    availableCurrencyCodes: z.array(z.string()),
    defaultLanguageCode: z.string(),
    availableLanguageCodes: z.array(z.string()).nullable(),
    pricesIncludeTax: z.boolean(),
  }),
  facets: z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) }),
});

/** Kinds that need a selection of their own: other records, and structures. */
const NOT_PLAIN = new Set(['relation', 'struct']);

export function createShopFacts(api: VendureApi, options: VendureOptions): ShopFactsReader {
  const brand = { filter: { code: { eq: options.brandFacet ?? 'brand' } }, take: 1 };
  let known: { readonly at: number; readonly facts: ShopFacts } | null = null;
  const readNow: ShopFactsReader['readNow'] = async (signal) => {
    const ask = { document: DOCUMENT, variables: { brand }, route: 'globalSettings', schema, signal };
    const { data, headers } = await api.query(ask);
    assertChannel(options.channel, data.activeChannel.token);
    const facts = factsOf(data);
    known = { at: performance.now(), facts };
    return { facts, headers };
  };
  return {
    readNow,
    async read(signal) {
      signal.throwIfAborted();
      if (known !== null && performance.now() - known.at < FRESH_MS) return known.facts;
      return (await readNow(signal)).facts;
    },
  };
}

/** A server with one channel answers for it whatever token comes; the ids of another shop must not be taken for this one's. */
function assertChannel(wanted: string | undefined, active: string): void {
  if (wanted === undefined || wanted === '' || wanted === active) return;
  throw new StoreFailure('credentials-rejected', 'the store has no channel of this token');
}

function factsOf({ globalSettings, activeChannel, facets }: z.output<typeof schema>): ShopFacts {
  const { serverConfig } = globalSettings;
  return {
    channelCode: activeChannel.code,
    currency: activeChannel.defaultCurrencyCode,
    currencies: activeChannel.availableCurrencyCodes,
    language: activeChannel.defaultLanguageCode,
    languages: activeChannel.availableLanguageCodes ?? [activeChannel.defaultLanguageCode],
    pricesIncludeTax: activeChannel.pricesIncludeTax,
    moneyDecimals: serverConfig.moneyStrategyPrecision,
    tracksInventory: globalSettings.trackInventory,
    outOfStockThreshold: globalSettings.outOfStockThreshold,
    brandFacet: facets.items[0]?.id ?? null,
    orderStates: serverConfig.orderProcess.map(({ name }) => name),
    customFields: new Map(
      serverConfig.entityCustomFields.map(({ entityName, customFields }) => [
        entityName,
        {
          plain: customFields.filter(({ type }) => !NOT_PLAIN.has(type)).map(({ name }) => name),
          others: customFields.filter(({ type }) => NOT_PLAIN.has(type)).map(({ name }) => name),
        },
      ]),
    ),
  };
}
