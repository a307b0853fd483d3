import { z } from 'zod';
import { clockSkew } from '../http/clock-skew.ts';
import type { SourceProfile } from '../source.ts';
import type { Place } from './place.ts';
import type { ShopFactsReader } from './shop-facts.ts';
import type { VendureApi } from './vendure-api.ts';
import { text } from './wire/fields.ts';

const DOCUMENT = '{ taxCategories(options: { take: 100, sort: { id: ASC } }) { items { id name isDefault } } }';
const schema = z.looseObject({
  taxCategories: z.looseObject({ items: z.array(z.looseObject({ name: text, isDefault: z.boolean() })) }),
});

/** Credentials, channel, settings and clock of the shop: two requests, once in a run. */
export async function readStoreProfile(
  api: VendureApi,
  facts: ShopFactsReader,
  place: Place,
  signal: AbortSignal,
): Promise<SourceProfile> {
  const sentAt = Date.now();
  const { facts: shop, headers } = await facts.readNow(signal);
  const repliedAt = Date.now();
  const { data } = await api.query({ document: DOCUMENT, route: 'taxCategories', schema, signal });
  return {
    platform: 'vendure',
    platformName: 'Vendure',
    skuPrefix: 'VE',
    name: nameOf(shop.channelCode, place.shopUrl),
    url: place.shopUrl,
    // The API does not tell it.
    version: '',
    currency: shop.currency,
    currencyDecimals: shop.moneyDecimals,
    weightUnit: null,
    lengthUnit: null,
    timeZone: null,
    pricesIncludeTax: shop.pricesIncludeTax,
    taxClasses: data.taxCategories.items.map(({ name, isDefault }) => ({ key: isDefault ? '' : name, name })),
    lowStockAt: 0,
    clockSkewMs: clockSkew(headers['date'], sentAt, repliedAt),
  };
}

/** The default channel has a code that tells nobody anything. */
function nameOf(channelCode: string, url: string): string {
  if (channelCode !== '__default_channel__') return channelCode;
  return URL.canParse(url) ? new URL(url).host : url;
}
