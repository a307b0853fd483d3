import type { SingleRoute } from '../rest/resource.ts';

/*
 * What a shop sets up and a migration only counts: shipping zones (zone 0 is always there, for places in no other
 * zone) and payment gateways, as WooCommerce's own documents have them. Neither list has pages.
 */
const zones = [
  { id: 0, name: 'Locations not covered by your other zones', order: 0 },
  { id: 1, name: 'Domestic', order: 1 },
];

const gateways = [
  { id: 'bacs', title: 'Direct bank transfer', enabled: true },
  { id: 'cheque', title: 'Check payments', enabled: false },
  { id: 'cod', title: 'Cash on delivery', enabled: true },
];

export const shopSetUpRoutes: SingleRoute[] = [
  { method: 'GET', path: '/wc/v3/shipping/zones', allow: 'GET, POST', handle: () => zones },
  {
    method: 'GET',
    path: '/wc/v3/payment_gateways',
    allow: 'GET',
    handle: () =>
      gateways.map((gateway, order) => ({
        ...gateway,
        description: '',
        order,
        method_title: gateway.title,
        settings: {},
      })),
  },
];
