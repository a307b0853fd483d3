import { expect } from 'vitest';
import type { LifeEvent } from '../../../../src/sandbox/shared/life/life.ts';
import type { Row, TestShop } from '../shop.ts';
import { openShop } from '../shop.ts';

/** A little of everything. */
const size = { products: 30, customers: 20, orders: 20, coupons: 12, reviews: 12, posts: 12, pages: 12 };

/** A seeded shop, a minute after its last edit; its clock stands. */
export async function livingShop(seed = 2): Promise<TestShop> {
  const shop = await openShop();
  await shop.admin('POST', '/seed', { seed, size });
  shop.clock.step(60_000);
  return shop;
}

/** Drives the shop's life over its route. */
export async function live(shop: TestShop, body: object): Promise<LifeEvent[]> {
  const { status, body: said } = await shop.admin('POST', '/life', body);
  expect(status).toBe(200);
  return said['happened'] as LifeEvent[];
}

export async function one(shop: TestShop, kind: string): Promise<LifeEvent> {
  const [event] = await live(shop, { events: 1, kinds: [kind] });
  expect(event).toMatchObject({ kind });
  expect(event?.refused).toBeUndefined();
  return event!;
}

/** Ids that an event touched, of one entity, in its order. */
export function idsOf(event: LifeEvent, entity: string): number[] {
  return event.touched.filter((name) => name.startsWith(`${entity} `)).map((name) => Number(name.split(' ')[1]));
}

/** The raw state without what differs between two shops or two looks: addresses, and related products. */
export async function stateOf(shop: TestShop): Promise<string> {
  const { text } = await shop.admin('GET', '/state');
  return text.replaceAll(shop.url, '').replaceAll(/"related_ids":\[[\d,]*\]/g, '"related_ids":[]');
}

/** Rows of one table as the API shows them, by id. */
export async function rowsOf(shop: TestShop, part: string): Promise<Map<number, Row>> {
  const { body } = await shop.admin('GET', `/state?only=${part}`);
  return new Map((body[part] as Row[]).map((row) => [Number(row['id']), row]));
}
