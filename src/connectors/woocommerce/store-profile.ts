import { z } from 'zod';
import { decodedText } from '../../canonical/plain-text.ts';
import { clockSkew } from '../http/clock-skew.ts';
import { StoreFailure } from '../http/failures.ts';
import type { SourceProfile } from '../source.ts';
import { text } from './wire/fields.ts';
import type { WooApi } from './woo-api.ts';

const WEIGHT_UNITS = { kg: 'kg', g: 'g', lbs: 'lb', oz: 'oz' } as const;
const LENGTH_UNITS = { m: 'm', cm: 'cm', mm: 'mm', in: 'in', yd: 'yd' } as const;

const indexSchema = z.looseObject({
  name: text.default(''),
  namespaces: z.array(z.string()),
  timezone_string: text.default(''),
  gmt_offset: z.coerce.number().default(0),
});
const settingsSchema = z.array(z.looseObject({ id: z.string(), value: z.unknown() }));
const taxClassesSchema = z.array(z.looseObject({ slug: z.string(), name: text }));

/** Credentials, identity, settings and clock of the shop: six small requests, once in a run. */
export async function readStoreProfile(api: WooApi, signal: AbortSignal): Promise<SourceProfile> {
  const sentAt = Date.now();
  const index = await api.index(signal);
  const repliedAt = Date.now();
  const site = parsed(indexSchema, index.data, 'index');
  if (!site.namespaces.includes('wc/v3')) {
    throw new StoreFailure(
      'unintelligible',
      'The address is a WordPress site without the WooCommerce REST API (wc/v3)',
    );
  }
  const general = await settings(api, 'general', signal);
  const products = await settings(api, 'products', signal);
  const tax = await settings(api, 'tax', signal);
  const classes = await api.get({ path: '/taxes/classes', route: 'taxes/classes', signal });
  return {
    platform: 'woocommerce',
    platformName: 'WooCommerce',
    skuPrefix: 'WC',
    name: decodedText(site.name),
    url: api.baseUrl,
    version: await shopVersion(api, signal),
    currency: needed(general, 'woocommerce_currency'),
    currencyDecimals: Math.trunc(Number(general.get('woocommerce_price_num_decimals') ?? 2)),
    weightUnit: unit(WEIGHT_UNITS, products, 'woocommerce_weight_unit'),
    lengthUnit: unit(LENGTH_UNITS, products, 'woocommerce_dimension_unit'),
    timeZone: site.timezone_string === '' ? offsetName(site.gmt_offset) : site.timezone_string,
    pricesIncludeTax: tax.get('woocommerce_prices_include_tax') === 'yes',
    taxClasses: parsed(taxClassesSchema, classes.data, 'taxes/classes').map(({ slug, name }) => ({
      key: slug === 'standard' ? '' : slug,
      name: decodedText(name),
    })),
    lowStockAt: Math.trunc(Number(products.get('woocommerce_notify_low_stock_amount') ?? 0)) || 0,
    clockSkewMs: clockSkew(index.headers['date'], sentAt, repliedAt),
  };
}

async function settings(api: WooApi, group: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const path = `/settings/${group}`;
  const reply = await api.get({ path, route: `settings/${group}`, query: { _fields: ['id', 'value'] }, signal });
  return new Map(parsed(settingsSchema, reply.data, `settings/${group}`).map(({ id, value }) => [id, String(value)]));
}

/** Told by the status report only, which a key of fewer rights cannot read: nice to know, not needed. */
async function shopVersion(api: WooApi, signal: AbortSignal): Promise<string> {
  try {
    const query = { _fields: ['environment'] };
    const reply = await api.get({ path: '/system_status', route: 'system_status', query, signal });
    const status = z.looseObject({ environment: z.looseObject({ version: z.string() }) }).safeParse(reply.data);
    return status.success ? status.data.environment.version : '';
  } catch (error) {
    if (error instanceof StoreFailure && error.kind !== 'busy') return '';
    throw error;
  }
}

function unit<U extends string>(
  units: Readonly<Record<string, U>>,
  values: ReadonlyMap<string, string>,
  id: string,
): U {
  const word = needed(values, id);
  const known = units[word];
  if (known !== undefined) return known;
  const message = `The shop measures in "${word}" (${id}); known are ${Object.keys(units).join(', ')}`;
  throw new StoreFailure('unintelligible', message);
}

function needed(values: ReadonlyMap<string, string>, id: string): string {
  const value = values.get(id);
  if (value === undefined || value === '') throw new StoreFailure('unintelligible', `The shop's settings lack ${id}`);
  return value;
}

/** WordPress gives an offset in hours to shops that chose no city. */
function offsetName(hours: number): string {
  const minutes = Math.round(Math.abs(hours) * 60);
  const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return hours === 0 ? 'UTC' : `${hours < 0 ? '-' : '+'}${clock}`;
}

function parsed<T>(schema: z.ZodType<T>, data: unknown, what: string): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  throw new StoreFailure('unintelligible', `GET ${what}: a reply of another shape than expected`);
}
