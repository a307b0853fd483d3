import type { Shop } from '../store/shop.ts';

const hints = { allow: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] };
const fixedHints = { allow: ['GET', 'DELETE'] };

/** `_links` of one resource: itself, its collection and, for children, its parent (recordings "create child category" and others). */
export function links(shop: Shop, path: string, id: number, upPath?: string): Record<string, unknown> {
  const collection = `${shop.baseUrl}/wp-json${path}`;
  const out: Record<string, unknown> = {
    self: [{ href: `${collection}/${id}`, targetHints: hints }],
    collection: [{ href: collection }],
  };
  if (upPath) out['up'] = [{ href: `${shop.baseUrl}/wp-json${upPath}` }];
  return out;
}

/** The same of something that cannot be changed, below the order it belongs to (recordings "order note", "list refunds"). */
export function orderChildLinks(shop: Shop, kind: 'notes' | 'refunds', id: number, orderId: number): object {
  const up = `${shop.baseUrl}/wp-json/wc/v3/orders/${orderId}`;
  return {
    self: [{ href: `${up}/${kind}/${id}`, targetHints: fixedHints }],
    collection: [{ href: `${up}/${kind}` }],
    up: [{ href: up }],
  };
}
