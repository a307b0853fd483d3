import { RestError } from '../rest/errors.ts';
import type { Call, SingleRoute } from '../rest/resource.ts';
import type { TaxClassRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { slugOf } from '../store/text.ts';
import { textOf } from '../rest/params.ts';

const path = '/wc/v3/taxes/classes';
const standard: TaxClassRow = { slug: 'standard', name: 'Standard rate' };

export function taxClasses(shop: Shop): TaxClassRow[] {
  return [standard, ...shop.taxClasses];
}

function wire(shop: Shop, row: TaxClassRow): Record<string, unknown> {
  return { ...row, _links: { collection: [{ href: `${shop.baseUrl}/wp-json${path}` }] } };
}

/** Tax classes have no ids: their slug names them. The standard class is always there. */
export const taxClassRoutes: SingleRoute[] = [
  {
    method: 'GET',
    path,
    allow: 'GET, POST',
    handle: ({ shop }) => taxClasses(shop).map((row) => wire(shop, row)),
  },
  {
    method: 'POST',
    path,
    allow: 'GET, POST',
    params: { name: { type: 'string', required: true } },
    handle: ({ shop, params }) => {
      const row = { slug: slugOf(textOf(params['name'])), name: textOf(params['name']) };
      if (taxClasses(shop).some((held) => held.slug === row.slug)) {
        throw new RestError('woocommerce_rest_tax_class_exists', 'Cannot create existing resource.', 400);
      }
      shop.taxClasses.push(row);
      return wire(shop, row);
    },
  },
  {
    method: 'GET',
    path: `${path}/:slug`,
    allow: 'GET, DELETE',
    // The real route answers a list of one.
    handle: (call) => [wire(call.shop, classOr404(call))],
  },
];

function classOr404(call: Call): TaxClassRow {
  const row = taxClasses(call.shop).find((held) => held.slug === call.names['slug']);
  if (!row) throw new RestError('woocommerce_rest_tax_class_invalid_slug', 'Invalid slug.', 404);
  return row;
}
