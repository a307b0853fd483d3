import type { FastifyInstance } from 'fastify';
import type { RouteContext } from './context.ts';

/** Facts about the store (bigcommerce-api §8) and what the catalogue needs of locations and trees. */
export function storeInfo({ options }: Pick<RouteContext, 'options'>) {
  return {
    id: options.storeHash,
    name: 'Sandbox store',
    domain: 'sandbox.example.test',
    secure_url: 'https://sandbox.example.test',
    status: 'prelaunch',
    currency: options.currency,
    weight_units: 'KGS',
    dimension_units: 'Centimeters',
    timezone: { name: 'UTC', raw_offset: 0 },
    language: 'en',
    plan_name: 'Sandbox',
    plan_level: 'Sandbox',
    is_price_entered_with_tax: options.priceIncludesTax,
    default_channel_id: 1,
    default_site_id: 1000,
    features: { multi_storefront_enabled: false },
  };
}

const list = (data: object[]) => ({
  data,
  meta: {
    pagination: { total: data.length, count: data.length, per_page: 50, current_page: 1, total_pages: 1, links: {} },
  },
});

export function addStoreInfo(app: FastifyInstance, context: RouteContext): void {
  app.get('/v2/store', () => storeInfo(context));
  app.get('/v2/time', () => ({ time: Math.floor(context.catalog.clock.now() / 1000) }));
  app.get('/v2/tax_classes', () => [
    { id: 0, name: 'Default Tax Class' },
    { id: 1, name: 'Non-Taxable Products' },
    { id: 2, name: 'Shipping' },
    { id: 3, name: 'Gift Wrapping' },
    { id: 4, name: 'Reduced rate' },
    { id: 5, name: 'Zero rate' },
  ]);
  app.get('/v3/channels', () =>
    list([{ id: 1, name: 'Storefront', platform: 'bigcommerce', type: 'storefront', status: 'active' }]),
  );
  app.get('/v3/sites', () => list([{ id: 1000, url: 'https://sandbox.example.test', channel_id: 1 }]));
  app.get('/v3/catalog/trees', () => list([{ id: 1, name: 'Default catalog tree', channels: [1] }]));
  app.get('/v3/inventory/locations', () =>
    list([{ id: 1, code: 'BC-LOCATION-1', label: 'Default location', enabled: true }]),
  );
  app.get('/v3/catalog/summary', () => ({
    data: {
      inventory_count: [...context.catalog.products.values()].reduce(
        (sum, product) => sum + product.inventory_level,
        0,
      ),
      variant_count: [...context.catalog.products.values()].reduce((sum, product) => sum + product.variants.length, 0),
    },
    meta: {},
  }));
}
