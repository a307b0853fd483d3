import type { SingleRoute } from '../../rest/resource.ts';
import type { Shop } from '../../store/shop.ts';

/** Names as recorded ("order totals report"); `checkout-draft` is a basket that was never sent. */
const core: Record<string, string> = {
  pending: 'Pending payment',
  processing: 'Processing',
  'on-hold': 'On hold',
  completed: 'Completed',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
  failed: 'Failed',
  'checkout-draft': 'Draft',
};

/** Statuses that can be listed and set, plugins' own included; `trash` and `auto-draft` are none of them. */
export function orderStatuses(shop: Shop): Record<string, string> {
  return { ...core, ...shop.customStatuses };
}

export const orderStatusRoutes: SingleRoute[] = [
  {
    method: 'GET',
    path: '/wc/v3/orders/statuses',
    allow: 'GET',
    handle: ({ shop }) => Object.entries(orderStatuses(shop)).map(([slug, name]) => ({ slug, name })),
  },
  {
    method: 'GET',
    path: '/wc/v3/reports/orders/totals',
    allow: 'GET',
    handle: ({ shop }) => {
      const counts = new Map<string, number>();
      for (const row of shop.orders.values()) counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
      return Object.entries(orderStatuses(shop)).map(([slug, name]) => ({ slug, name, total: counts.get(slug) ?? 0 }));
    },
  },
];
