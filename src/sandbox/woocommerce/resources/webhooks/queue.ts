import type { Shop } from '../../store/shop.ts';
import type { WaitingDelivery } from '../../store/webhook-rows.ts';

/** Puts a delivery in the queue of every active hook of the topic; several changes of one thing collapse (source-apis §1.8). */
export function happened(shop: Shop, topic: string, resourceId: number): void {
  const { odds, chance, counts } = shop.hooks;
  for (const hook of shop.webhooks.values()) {
    if (hook.status !== 'active' || hook.topic !== topic) continue;
    const same = (one: WaitingDelivery): boolean => one.webhookId === hook.id && one.resourceId === resourceId;
    if (shop.hookQueue.some(same)) {
      counts.collapsed += 1;
      continue;
    }
    if (chance.chance(odds.lostRate)) {
      counts.lost += 1;
      continue;
    }
    const sinceMs = shop.clock.now();
    const dueMs = sinceMs + chance.int(odds.lateMs.from, odds.lateMs.to);
    shop.hookQueue.push({ webhookId: hook.id, topic, resourceId, sinceMs, dueMs });
    counts.queued += 1;
  }
}

/** What a run that starts now sends, in its order; twice what the odds double. All of it goes on waiting until it is sent. */
export function dueNow(shop: Shop): WaitingDelivery[] {
  const { odds, chance } = shop.hooks;
  const now = shop.clock.now();
  const due = shop.hookQueue.filter(({ dueMs }) => dueMs <= now).sort((a, b) => a.dueMs - b.dueMs);
  const doubled = due.flatMap((one) => (chance.chance(odds.doubledRate) ? [one, one] : [one]));
  return odds.shuffled ? chance.shuffle(doubled) : doubled;
}

/** Takes one out of the queue: what happens from now on is a delivery of its own. False when it waits no more. */
export function takeOut(shop: Shop, waiting: WaitingDelivery): boolean {
  const at = shop.hookQueue.indexOf(waiting);
  if (at >= 0) shop.hookQueue.splice(at, 1);
  return at >= 0;
}
