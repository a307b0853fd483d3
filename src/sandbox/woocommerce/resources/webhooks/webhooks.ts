import { RestError } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import type { Params, ParamSpecs } from '../../rest/params.ts';
import { text, textOf } from '../../rest/params.ts';
import type { Resource } from '../../rest/resource.ts';
import type { Shop } from '../../store/shop.ts';
import { nextId, nowSeconds } from '../../store/shop.ts';
import type { WebhookRow } from '../../store/webhook-rows.ts';
import { filterStamp, naive } from '../../store/zone.ts';
import { links } from '../links.ts';
import { idFilter } from '../post-query.ts';
import { compareText } from '../product-wire.ts';
import { ping } from './delivery.ts';

const path = '/wc/v3/webhooks';
const statuses = ['active', 'paused', 'disabled'];
const topicForm = /^(?:(?:product|order|customer|coupon)\.(?:created|updated|deleted|restored)|action\.\w+)$/;

const listParams: ParamSpecs = {
  ...pagingParams,
  after: { type: 'date' },
  before: { type: 'date' },
  order: { type: 'string', default: 'desc', enum: ['asc', 'desc'] },
  orderby: { type: 'string', default: 'date', enum: ['date', 'id', 'title'] },
  status: { type: 'string', default: 'all', enum: ['all', ...statuses] },
};

/** The WordPress hooks behind a topic; only those of `order.updated` were recorded. */
function hooksOf(topic: string): string[] {
  const [resource = '', event = ''] = topic.split('.');
  if (topic === 'order.updated') return ['woocommerce_update_order', 'woocommerce_order_refunded'];
  return resource === 'action' ? [event] : [`woocommerce_${event}_${resource}`];
}

export function webhookWire(shop: Shop, row: WebhookRow): Record<string, unknown> {
  const [resource, event] = row.topic.split('.');
  const { modifiedGmt: modified } = row;
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    topic: row.topic,
    resource,
    event,
    hooks: hooksOf(row.topic),
    // The secret is never shown.
    delivery_url: row.deliveryUrl,
    date_created: shop.zone.local(row.createdGmt),
    date_created_gmt: naive(row.createdGmt),
    date_modified: modified === null ? null : shop.zone.local(modified),
    date_modified_gmt: modified === null ? null : naive(modified),
    _links: links(shop, path, row.id),
  };
}

function writeWebhook(row: WebhookRow, body: Params): void {
  if (body['topic'] !== undefined) {
    const topic = textOf(body['topic']);
    if (!topicForm.test(topic)) {
      const message = 'Webhook topic is required and must be valid.';
      throw new RestError('woocommerce_rest_shop_webhook_invalid_topic', message, 400);
    }
    row.topic = topic;
  }
  if (body['delivery_url'] !== undefined) {
    const url = textOf(body['delivery_url']);
    if (!/^https?:\/\//.test(url)) {
      const message = 'Webhook delivery URL must be a valid URL starting with http:// or https://.';
      throw new RestError('woocommerce_rest_shop_webhook_invalid_delivery_url', message, 400);
    }
    row.deliveryUrl = url;
  }
  if (typeof body['name'] === 'string') row.name = body['name'];
  if (typeof body['secret'] === 'string') row.secret = body['secret'];
  if (typeof body['status'] === 'string') {
    row.status = body['status'];
    if (row.status === 'active') row.failures = 0;
  }
}

export const webhooks: Resource = {
  path,
  ownFieldOrder: true,
  listParams,
  writeParams: {
    name: { type: 'string' },
    status: { type: 'string', enum: statuses },
    topic: { type: 'string', required: true },
    secret: { type: 'string' },
    delivery_url: { type: 'string', required: true },
  },
  batch: true,
  list: ({ shop, params }) => {
    const bound = (name: string, none: number): number => {
      const value = text(params, name);
      return value === undefined ? none : shop.zone.instant(filterStamp(value, shop.zone));
    };
    const [after, before, byId] = [bound('after', -Infinity), bound('before', Infinity), idFilter(params)];
    const status = text(params, 'status') ?? 'all';
    const direction = text(params, 'order') === 'asc' ? 1 : -1;
    const byName = text(params, 'orderby') === 'title';
    return [...shop.webhooks.values()]
      .filter((row) => byId(row) && (status === 'all' || row.status === status))
      .filter((row) => row.createdGmt > after && row.createdGmt < before)
      .sort((a, b) => direction * (byName ? compareText(a.name, b.name) : a.id - b.id));
  },
  render: ({ shop }, row: WebhookRow) => webhookWire(shop, row),
  read: ({ shop }, id) => webhookWire(shop, hookOr404(shop, id)),
  create: ({ shop }, body) => {
    const row: WebhookRow = {
      id: 0,
      name: '',
      status: 'active',
      topic: '',
      deliveryUrl: '',
      secret: '',
      createdGmt: nowSeconds(shop),
      modifiedGmt: null,
      failures: 0,
    };
    writeWebhook(row, body);
    row.id = nextId(shop, 'webhook');
    if (row.name === '') row.name = `Webhook created on ${naive(row.createdGmt)}`;
    shop.webhooks.set(row.id, row);
    shop.revision += 1;
    if (row.status === 'active') void ping(row);
    return webhookWire(shop, row);
  },
  update: ({ shop }, id, body) => {
    const row = hookOr404(shop, id);
    writeWebhook(row, body);
    row.modifiedGmt = nowSeconds(shop);
    shop.revision += 1;
    return webhookWire(shop, row);
  },
  remove: ({ shop }, id, force) => {
    const row = hookOr404(shop, id);
    if (!force) throw new RestError('woocommerce_rest_trash_not_supported', 'Webhooks do not support trashing.', 501);
    shop.webhooks.delete(id);
    shop.revision += 1;
    return webhookWire(shop, row);
  },
};

function hookOr404(shop: Shop, id: number): WebhookRow {
  const row = shop.webhooks.get(id);
  if (!row) throw new RestError('woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.', 404);
  return row;
}
