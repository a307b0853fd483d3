import { StoreFailure } from '../http/failures.ts';
import type { TargetProfile } from '../target.ts';
import type { BigCommerceApi } from './bigcommerce-api.ts';
import { paginated } from './wire/envelope.ts';
import { locationSchema, storeSchema, taxClassesSchema, timeSchema, treeSchema } from './wire/store.ts';

const WEIGHTS: readonly [RegExp, TargetProfile['weightUnit']][] = [
  [/^(lbs?|pounds?)$/i, 'lb'],
  [/^(oz|ounces?)$/i, 'oz'],
  [/^(kgs?|kilograms?)$/i, 'kg'],
  [/^(g|grams?)$/i, 'g'],
];
const LENGTHS: readonly [RegExp, TargetProfile['lengthUnit']][] = [
  [/^(in|inch|inches)$/i, 'in'],
  [/^(cms?|centimeters?|centimetres?)$/i, 'cm'],
  [/^(mms?|millimeters?|millimetres?)$/i, 'mm'],
  [/^(m|meters?|metres?)$/i, 'm'],
];

/** Settings of the store and the ids that writes need; five requests, once per run. */
export async function readStoreProfile(api: BigCommerceApi, signal: AbortSignal): Promise<TargetProfile> {
  const call = { signal };
  const store = await api.get({ path: '/v2/store', route: 'store', schema: storeSchema, call });
  const channel = store.default_channel_id ?? 1;
  const trees = await api.get({
    path: '/v3/catalog/trees',
    route: 'catalog/trees',
    query: { 'channel_id:in': channel },
    schema: paginated(treeSchema).nullable(),
    call,
  });
  const places = await api.get({
    path: '/v3/inventory/locations',
    route: 'inventory/locations',
    schema: paginated(locationSchema).nullable(),
    call,
  });
  const taxClasses = await api.get({ path: '/v2/tax_classes', route: 'tax_classes', schema: taxClassesSchema, call });
  const tree = trees?.data[0]?.id ?? 1;
  const location = places?.data.find(({ enabled }) => enabled !== false)?.id ?? 1;
  return {
    platform: 'bigcommerce',
    storeRef: api.storeRef,
    name: store.name ?? '',
    url: store.secure_url ?? (store.domain == null ? '' : `https://${store.domain}`),
    currency: store.currency,
    weightUnit: unit(WEIGHTS, store.weight_units, 'weight'),
    lengthUnit: unit(LENGTHS, store.dimension_units, 'length'),
    timeZone: store.timezone?.name ?? 'UTC',
    pricesIncludeTax: store.is_price_entered_with_tax === true,
    taxClasses: (taxClasses ?? []).map(({ id, name }) => ({ id: String(id), name })),
    ids: {
      tree: String(tree),
      location: String(location),
      channel: String(channel),
      site: String(store.default_site_id ?? 1),
    },
    clockSkewMs: await clockSkew(api, signal),
  };
}

function unit<U>(known: readonly (readonly [RegExp, U])[], word: string, what: string): U {
  const found = known.find(([pattern]) => pattern.test(word.trim()));
  if (found === undefined) {
    throw new StoreFailure(
      'rejected',
      `the target store measures ${what} in "${word}": choose a unit that both stores have`,
    );
  }
  return found[1];
}

/** Whole seconds cut off: half a second is added back. */
async function clockSkew(api: BigCommerceApi, signal: AbortSignal): Promise<number> {
  const before = Date.now();
  const { time } = await api.get({ path: '/v2/time', route: 'time', schema: timeSchema, call: { signal } });
  return Math.round(time * 1000 + 500 - (before + Date.now()) / 2);
}
