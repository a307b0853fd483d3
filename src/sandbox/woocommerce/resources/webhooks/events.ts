import type { Params } from '../../rest/params.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import type { Shop } from '../../store/shop.ts';

type Subject = 'product' | 'order' | 'customer' | 'coupon';

/** Puts a delivery in the queue of every active hook of the topic; several changes of one thing collapse (source-apis §1.8). */
function happened(shop: Shop, topic: string, resourceId: number): void {
  for (const hook of shop.webhooks.values()) {
    if (hook.status !== 'active' || hook.topic !== topic) continue;
    const same = (one: { webhookId: number; resourceId: number }): boolean =>
      one.webhookId === hook.id && one.resourceId === resourceId;
    if (!shop.hookQueue.some(same)) shop.hookQueue.push({ webhookId: hook.id, topic, resourceId });
  }
}

function idOf(item: unknown): number {
  return Number((item as { id?: unknown }).id);
}

/** The same resource, telling the shop's webhooks what was written through it, also in batches. */
export function announced(resource: Resource, subject: Subject): Resource {
  const out: Resource = { ...resource };
  if (resource.create) out.create = (call, body) => told(call, `${subject}.created`, resource.create!(call, body));
  if (resource.update) {
    out.update = (call, id, body) => told(call, `${subject}.updated`, resource.update!(call, id, body));
  }
  if (resource.remove) {
    out.remove = (call, id, force) => {
      const item = resource.remove!(call, id, force);
      happened(call.shop, `${subject}.deleted`, id);
      // A product in the trash is announced as a coupon too, by its own id: a fault that shops have (source-apis §1.8).
      if (subject === 'product' && !force) happened(call.shop, 'coupon.deleted', id);
      return item;
    };
  }
  return out;
}

/** Variations are announced as updated products, refunds as updated orders. */
export function announcedAs(resource: Resource, topic: string, idFor: (call: Call, item: unknown) => number): Resource {
  const out: Resource = { ...resource };
  const tell = (call: Call, item: unknown): unknown => {
    happened(call.shop, topic, idFor(call, item));
    return item;
  };
  if (resource.create) out.create = (call: Call, body: Params) => tell(call, resource.create!(call, body));
  if (resource.update) out.update = (call, id, body) => tell(call, resource.update!(call, id, body));
  return out;
}

function told(call: Call, topic: string, item: unknown): unknown {
  happened(call.shop, topic, idOf(item));
  return item;
}

export const ownId = (_call: Call, item: unknown): number => idOf(item);
export const orderId = (call: Call): number => call.ids['order_id'] ?? 0;
