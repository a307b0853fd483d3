import { describe, expect, test } from 'vitest';
import { createClock } from '../../../src/sandbox/shared/clock.ts';
import { openStore, product } from '../bigcommerce/store.ts';
import { openShop } from '../woocommerce/shop.ts';

const HOUR = 3_600_000;

/** One store with a running clock: what its answers say of the time, and what it stamps. */
interface Clocked {
  set(change: object): Promise<void>;
  /** The `Date` header of an answer, and the stamp of a row that is made now. Milliseconds. */
  look(): Promise<{ date: number; stamp: number }>;
}

const stores: [string, () => Promise<Clocked>][] = [
  [
    'WooCommerce',
    async () => {
      const shop = await openShop({ clock: createClock() });
      return {
        set: async (change) => void (await shop.admin('POST', '/clock', change)),
        look: async () => {
          const { headers, body } = await shop.post('/products', { name: 'P' });
          return stamps(headers, `${String(body['date_modified_gmt'])}Z`);
        },
      };
    },
  ],
  [
    'BigCommerce',
    async () => {
      const store = await openStore();
      let made = 0;
      return {
        set: async (change) => void (await store.admin('/clock', change)),
        look: async () => {
          made += 1;
          const { headers, body } = await store.post('/v3/catalog/products', product(`P${made}`));
          return stamps(headers, body.data.date_modified);
        },
      };
    },
  ],
];

function stamps(headers: Headers, stamp: string): { date: number; stamp: number } {
  return { date: Date.parse(headers.get('date') ?? ''), stamp: Date.parse(stamp) };
}

describe.each(stores)('the clock of %s', (_name, open) => {
  test.each([90_000, -90_000])('runs %i ms beside the machine’s, in headers and stamps', async (skewMs) => {
    const store = await open();
    await store.set({ skewMs });
    const before = Math.floor((Date.now() + skewMs) / 1_000) * 1_000;
    const { date, stamp } = await store.look();
    for (const at of [date, stamp]) {
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(Date.now() + skewMs);
    }
  });

  test('is stepped back and forth, and what is made later bears the earlier stamp', async () => {
    const store = await open();
    const first = await store.look();
    await store.set({ stepMs: -HOUR });
    const second = await store.look();
    expect(second.stamp).toBeLessThan(first.stamp - HOUR + 30_000);
    expect(second.date).toBeLessThan(first.date - HOUR + 30_000);
    await store.set({ stepMs: 2 * HOUR });
    expect((await store.look()).stamp).toBeGreaterThan(first.stamp + HOUR - 30_000);
  });

  test('is stopped at an instant, and stepped while it stands', async () => {
    const store = await open();
    await store.set({ freezeAt: '2026-03-01T10:00:00Z', stepMs: 1_000 });
    const at = Date.parse('2026-03-01T10:00:01Z');
    expect(await store.look()).toEqual({ date: at, stamp: at });
  });
});

test('a refusal of either store carries the store’s time', async () => {
  const [shop, store] = [await openShop({ clock: createClock() }), await openStore()];
  await shop.admin('POST', '/clock', { freezeAt: '2026-03-01T10:00:00Z' });
  await store.admin('/clock', { freezeAt: '2026-03-01T10:00:00Z' });
  const refused = [
    await shop.asNobody('GET', '/wc/v3/products'),
    await store.call('GET', '/stores/sandbox/v3/catalog/products', undefined, 'wrong'),
  ];
  expect(refused.map(({ status, headers }) => [status, headers.get('date')])).toEqual(
    refused.map(() => [401, 'Sun, 01 Mar 2026 10:00:00 GMT']),
  );
});
