import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { MovedEntity } from '../../../domain/record.ts';
import type { HookDelivery, HookFormat } from '../../hooks.ts';

/** What WooCommerce has topics for (source-apis §1.8); a customer cannot be in the trash. */
const SUBJECTS = [
  { entity: 'product', events: ['created', 'updated', 'deleted', 'restored'] },
  { entity: 'order', events: ['created', 'updated', 'deleted', 'restored'] },
  { entity: 'customer', events: ['created', 'updated', 'deleted'] },
  { entity: 'coupon', events: ['created', 'updated', 'deleted', 'restored'] },
] as const;

/**
 * WordPress' own hooks for what has no topic and no list by change: terms, and reviews that are edited or go. Comments that are
 * new are left to the poll: every note of an order is one too.
 */
const ACTIONS: readonly { readonly entity: MovedEntity; readonly names: readonly string[] }[] = [
  { entity: 'category', names: ['created_product_cat', 'edited_product_cat', 'delete_product_cat'] },
  { entity: 'brand', names: ['created_product_brand', 'edited_product_brand', 'delete_product_brand'] },
  { entity: 'review', names: ['edit_comment', 'trashed_comment', 'deleted_comment'] },
];

const TOPICS: readonly { readonly topic: string; readonly entity: MovedEntity }[] = [
  ...SUBJECTS.flatMap(({ entity, events }) => events.map((event) => ({ topic: `${entity}.${event}`, entity }))),
  ...ACTIONS.flatMap(({ entity, names }) => names.map((name) => ({ topic: `action.${name}`, entity }))),
];
const ENTITY_OF: ReadonlyMap<string, MovedEntity> = new Map(TOPICS.map(({ topic, entity }) => [topic, entity]));

const id = z.int().positive();
/** A variation is announced as an updated product: what is to be looked at is its parent. */
const row = z.object({ id, parent_id: z.int().nonnegative().optional() });
const action = z.object({ arg: z.union([id, z.string().regex(/^[1-9]\d*$/)]) });

/** WooCommerce's webhooks: HMAC-SHA256 of the raw body in base64, the topic in a header (source-apis §1.8). */
export const wooHookFormat: HookFormat = {
  topics: TOPICS,
  isPing: (delivery) =>
    header(delivery, 'x-wc-webhook-signature') === null &&
    delivery.body.length <= 64 &&
    /^webhook_id=\d+$/.test(delivery.body.toString('latin1')),
  isSigned(delivery, secret) {
    const given = Buffer.from(header(delivery, 'x-wc-webhook-signature') ?? '', 'latin1');
    const right = Buffer.from(createHmac('sha256', secret).update(delivery.body).digest('base64'), 'latin1');
    return given.length === right.length && timingSafeEqual(given, right);
  },
  topicOf: (delivery) => header(delivery, 'x-wc-webhook-topic'),
  refOf(topic, body) {
    const entity = ENTITY_OF.get(topic);
    const sourceId = entity === undefined ? null : idIn(topic, body);
    return entity === undefined || sourceId === null ? null : { entity, sourceId };
  },
};

/** The body is made at delivery: of what is gone by then it is an error that names nothing; its end is told by another hook. */
function idIn(topic: string, body: Buffer): string | null {
  const sent = jsonOf(body);
  if (topic.startsWith('action.')) {
    const told = action.safeParse(sent);
    return told.success ? String(told.data.arg) : null;
  }
  const read = row.safeParse(sent);
  if (!read.success) return null;
  const parent = topic.startsWith('product.') ? (read.data.parent_id ?? 0) : 0;
  return String(parent > 0 ? parent : read.data.id);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

/** A header that came once. */
function header({ headers }: HookDelivery, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}
