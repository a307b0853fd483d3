import type { Shop } from '../store/shop.ts';

const hints = { allow: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] };

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
