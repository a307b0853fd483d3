import type { Params } from '../../rest/params.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import { happened } from './queue.ts';

type Subject = 'product' | 'order' | 'customer' | 'coupon';

function idOf(item: unknown): number {
  return Number((item as { id?: unknown }).id);
}

/** The same resource, telling the shop's webhooks what was written through it, also in batches. */
export function announced(resource: Resource, subject: Subject): Resource {
  const out: Resource = { ...resource };
  if (resource.create) {
    out.create = (call, body) => {
      const item = told(call, `${subject}.created`, resource.create!(call, body));
      const { odds, chance } = call.shop.hooks;
      return chance.chance(odds.updatedTooRate) ? told(call, `${subject}.updated`, item) : item;
    };
  }
  if (resource.update) {
    out.update = (call, id, body) => told(call, `${subject}.updated`, resource.update!(call, id, body));
  }
  if (resource.remove) {
    out.remove = (call, id, force) => {
      const item = resource.remove!(call, id, force);
      happened(call.shop, `${subject}.deleted`, id);
      // A product in the trash is announced as a coupon too, by its own id: a fault that shops have (source-apis §1.8).
      const { odds, chance } = call.shop.hooks;
      const mistaken = subject === 'product' && !force && chance.chance(odds.wrongTopicRate);
      if (mistaken) happened(call.shop, 'coupon.deleted', id);
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
