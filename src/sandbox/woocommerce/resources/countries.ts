import { RestError } from '../rest/errors.ts';
import type { SingleRoute } from '../rest/resource.ts';
import type { Shop } from '../store/shop.ts';

interface Country {
  code: string;
  name: string;
  states: { code: string; name: string }[];
}

/** A few countries with and without states: codes where WooCommerce knows them (fidelity §1 T15). */
const countries: Country[] = [
  country('CA', 'Canada', 'BC:British Columbia,ON:Ontario,QC:Quebec'),
  country('DE', 'Germany', 'DE-BE:Berlin,DE-BY:Bavaria,DE-HH:Hamburg'),
  country('FR', 'France', ''),
  country('GB', 'United Kingdom (UK)', ''),
  country('JP', 'Japan', 'JP13:Tokyo,JP27:Osaka'),
  country('US', 'United States (US)', 'CA:California,NY:New York,OR:Oregon,TX:Texas,WA:Washington'),
];

function country(code: string, name: string, states: string): Country {
  const parts = states === '' ? [] : states.split(',').map((state) => state.split(':'));
  return {
    code,
    name,
    states: parts.map(([stateCode = '', stateName = '']) => ({ code: stateCode, name: stateName })),
  };
}

function wire(shop: Shop, row: Country): Record<string, unknown> {
  const collection = `${shop.baseUrl}/wp-json/wc/v3/data/countries`;
  const links = { self: [{ href: `${collection}/${row.code.toLowerCase()}` }], collection: [{ href: collection }] };
  return { ...row, _links: links };
}

export const countryRoutes: SingleRoute[] = [
  {
    method: 'GET',
    path: '/wc/v3/data/countries',
    allow: 'GET',
    handle: ({ shop }) => countries.map((row) => wire(shop, row)),
  },
  {
    method: 'GET',
    path: '/wc/v3/data/countries/:location',
    allow: 'GET',
    handle: ({ shop, names }) => {
      const row = countries.find((one) => one.code === names['location']?.toUpperCase());
      if (!row) {
        throw new RestError(
          'woocommerce_rest_data_invalid_location',
          'There are no locations matching these parameters.',
          404,
        );
      }
      return wire(shop, row);
    },
  },
];
