import { ApiError } from '../errors.ts';

/** OAuth scopes of a token that may do everything here (bigcommerce-api §1). Each but the last two has a `_read_only` twin. */
export const ALL_SCOPES = [
  'store_v2_products',
  'store_v2_customers',
  'store_v2_orders',
  'store_v2_content',
  'store_v2_marketing',
  'store_v2_information',
  'store_inventory',
  'store_channel_settings',
  'store_sites',
  'store_locations_read_only',
  'store_metafield_write',
] as const;

/** Which scope opens which routes, below `/stores/<hash>`; the first that fits decides. */
const ROUTES: readonly (readonly [RegExp, string])[] = [
  [/^\/v3\/inventory\/locations/, 'store_locations'],
  [/^\/v3\/inventory/, 'store_inventory'],
  [/^\/v3\/catalog/, 'store_v2_products'],
  [/^\/v3\/channels/, 'store_channel_settings'],
  [/^\/v3\/sites/, 'store_sites'],
  [/^\/v3\/customers|^\/v2\/customer/, 'store_v2_customers'],
  [/^\/v[23]\/orders|^\/v2\/order_statuses/, 'store_v2_orders'],
  [/^\/v2\/coupons/, 'store_v2_marketing'],
  [/^\/v2\/blog|^\/v3\/content|^\/v3\/storefront/, 'store_v2_content'],
  [/^\/v2\/(store|tax_classes|currencies)|^\/v3\/settings/, 'store_v2_information'],
];

/** @throws ApiError 403 when the token lacks the scope of the route (§1.3) */
export function assertScope(scopes: ReadonlySet<string>, method: string, path: string): void {
  const needed = ROUTES.find(([route]) => route.test(path))?.[1];
  if (needed === undefined || scopes.has(needed)) return;
  if (method === 'GET' && scopes.has(`${needed}_read_only`)) return;
  throw new ApiError(403, `Your credentials lack the scope for this resource: ${needed}`);
}
