import { createHash, createHmac } from 'node:crypto';
import { RestError } from '../../rest/errors.ts';
import type { Call, Resource } from '../../rest/resource.ts';
import type { Shop } from '../../store/shop.ts';
import { nowSeconds } from '../../store/shop.ts';
import type { WaitingDelivery, WebhookRow } from '../../store/webhook-rows.ts';
import { phpJson } from './php-json.ts';

const agent = 'WooCommerce/10.5.0 Hookshot (WordPress/6.9.1)';
/** A hook that has failed more often than this in a row is disabled by its next failure, the seventh (source-apis §1.8). */
const failureLimit = 5;

/** The answer of the REST route at this moment: later state, or the error of what is gone. */
export type PayloadOf = (topic: string, resourceId: number) => unknown;

export function payloads(call: Call, readers: Record<string, Resource>): PayloadOf {
  return (topic, resourceId) => {
    const [subject = '', event] = topic.split('.');
    if (subject === 'action') return { action: event, arg: resourceId };
    if (event === 'deleted') return { id: resourceId };
    try {
      return readers[subject]?.read?.(call, resourceId);
    } catch (error) {
      if (error instanceof RestError) return error.body();
      throw error;
    }
  };
}

export interface Delivered {
  topic: string;
  /** 0 where nobody answered. */
  status: number;
}

/** Sends one delivery with the body of this moment; undefined when its hook is not active any more, or the shop closes. */
export async function deliver(
  shop: Shop,
  waiting: WaitingDelivery,
  payloadOf: PayloadOf,
  signal: AbortSignal,
): Promise<Delivered | undefined> {
  const hook = shop.webhooks.get(waiting.webhookId);
  if (hook?.status !== 'active') return undefined;
  const body = phpJson(payloadOf(waiting.topic, waiting.resourceId));
  count(shop, waiting);
  note(shop, waiting);
  const status = await post(hook.deliveryUrl, body, headersOf(shop, hook, waiting, body), signal);
  // A shop that closes knows nothing of the answer: that is no failure of the receiver.
  if (signal.aborted) return undefined;
  await settle(shop, hook, status, signal);
  return { topic: waiting.topic, status };
}

function count({ clock, hooks: { counts } }: Shop, { sinceMs }: WaitingDelivery): void {
  // The clock may have been stepped back in between.
  const delay = Math.max(0, clock.now() - sinceMs);
  counts.delivered += 1;
  counts.delay.sumMs += delay;
  counts.delay.mostMs = Math.max(counts.delay.mostMs, delay);
}

const KEPT = 20_000;

function note({ hooks: { sent } }: Shop, { topic, resourceId }: WaitingDelivery): void {
  sent.push({ topic, resourceId, atMs: Date.now() });
  if (sent.length > KEPT) sent.splice(0, sent.length - KEPT);
}

/** Any success starts the count anew; a failure is followed by another ping, and nothing is sent again. */
async function settle(shop: Shop, hook: WebhookRow, status: number, signal: AbortSignal): Promise<void> {
  if (status >= 200 && status <= 302) {
    hook.failures = 0;
    return;
  }
  shop.hooks.counts.failed += 1;
  if (hook.failures > failureLimit) hook.status = 'disabled';
  else hook.failures += 1;
  shop.revision += 1;
  await ping(hook, signal);
}

/** Form-encoded and unsigned, sent at once when an active hook is made; whether it arrives does not matter. */
export async function ping(hook: WebhookRow, signal?: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': agent };
  await post(hook.deliveryUrl, `webhook_id=${hook.id}`, headers, signal);
}

function headersOf(shop: Shop, hook: WebhookRow, waiting: WaitingDelivery, body: string): Record<string, string> {
  const [resource = '', event = ''] = waiting.topic.split('.');
  return {
    'content-type': 'application/json',
    'user-agent': agent,
    'x-wc-webhook-source': `${shop.baseUrl}/`,
    'x-wc-webhook-topic': waiting.topic,
    'x-wc-webhook-resource': resource,
    'x-wc-webhook-event': event,
    'x-wc-webhook-signature': createHmac('sha256', hook.secret).update(body).digest('base64'),
    'x-wc-webhook-id': String(hook.id),
    // From hook and second: all deliveries of one second share it (source-apis §1.8).
    'x-wc-webhook-delivery-id': createHash('md5')
      .update(`${hook.id} ${nowSeconds(shop)}`)
      .digest('hex'),
  };
}

const PATIENCE_MS = 60_000;

/** Nothing leaves the machine: an address that is not loopback fails as one that does not answer. Returns 0 then. */
async function post(
  url: string,
  body: string,
  headers: Record<string, string>,
  closing?: AbortSignal,
): Promise<number> {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host)) return 0;
  try {
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const signal = closing ? AbortSignal.any([patience, closing]) : patience;
    const answer = await fetch(url, { method: 'POST', body, headers, redirect: 'manual', signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}
