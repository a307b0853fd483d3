import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentHash } from '../../src/canonical/content-hash.ts';
import type { Source } from '../../src/connectors/source.ts';
import type { MovedEntity, SourceRecord } from '../../src/domain/record.ts';
import { scanned } from '../support/scanned.ts';

/** A store of some platform, on a real socket, that the suite can change behind the source's back. */
export interface ContractStore {
  readonly source: Source;
  /** The same store with credentials that it does not know. */
  readonly stranger: Source;
  /** The same store while private networks are forbidden. */
  readonly guarded: Source;
  /** Adds products with these names, as shoppers read them, each with a SKU and some in stock; their ids. */
  add(names: readonly string[]): Promise<string[]>;
  /** Adds one product with three variants; its id. */
  addWithVariants(name: string): Promise<string>;
  rename(id: string, name: string): Promise<void>;
  /** Throws it away such that it could come back; never called where there is no trash. */
  trash(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  /** Takes everything away. */
  clear(): Promise<void>;
  /** The store's own clock, and moving it forward: a real store's is waited for. */
  now(): string;
  tick(ms: number): Promise<void>;
  /** What every reply is until `none`: a web page, a 404 for the route, half of the JSON, errors at random. */
  break(how: 'html' | 'no-route' | 'truncated' | 'flaky' | 'none'): Promise<void>;
  /** Requests answered so far. */
  requests(): number;
  close(): Promise<void>;
}

const signal = new AbortController().signal;

/**
 * What every source must do, whatever the platform (design P1, P3, P7).
 * @param timeoutMs of each test; a real store takes its time
 */
export function sourceContract(platform: string, makeStore: () => Promise<ContractStore>, timeoutMs = 60_000): void {
  describe(`the source contract, ${platform}`, { timeout: timeoutMs }, () => {
    let store: ContractStore;
    beforeAll(async () => {
      store = await makeStore();
    });
    afterAll(() => store.close());

    describe('the check', () => {
      test('tells the store’s settings and how far its clock is off', async () => {
        const profile = await store.source.check(signal);
        expect(profile.platform).toBe(store.source.platform);
        expect(profile.currency).toMatch(/^[A-Z]{3}$/);
        expect(Math.abs(profile.clockSkewMs - (Date.parse(store.now()) - Date.now()))).toBeLessThan(2500);
      });

      test('wrong credentials are rejected as such', async () => {
        await expect(store.stranger.check(signal)).rejects.toMatchObject({ kind: 'credentials-rejected' });
        await expect(store.stranger.count('product', signal)).rejects.toMatchObject({ kind: 'credentials-rejected' });
      });

      test('a store inside a private network is refused unless that is allowed', async () => {
        await expect(store.guarded.check(signal)).rejects.toMatchObject({ kind: 'address-refused' });
      });

      test('the store key is short, stable and the same for all who name this store', () => {
        expect(store.source.storeKey).toMatch(/^[a-z0-9]{4,16}$/);
        expect(store.stranger.storeKey).toBe(store.source.storeKey);
      });
    });

    describe('an empty store', () => {
      beforeAll(() => store.clear());

      test('has empty lists, and that is no fault', async () => {
        expect(await store.source.count('product', signal)).toBe(0);
        expect(await scanned(store.source, 'product')).toEqual([]);
        const window = { after: '2000-01-01T00:00:00.000Z', until: store.now() };
        let cursor: string | null = null;
        do {
          const page = await store.source.readChanged('product', window, cursor, signal);
          expect(page).toMatchObject({ records: [], unreadable: [], missing: [], seenUntil: null });
          cursor = page.next;
        } while (cursor !== null);
      });
    });

    describe('a scan', () => {
      test('gives every record once, in ascending order, while rows are added, edited and removed under it', async () => {
        for (const seed of [1, 2, 3]) {
          await store.clear();
          const steady = new Set(await store.add(names(`steady ${seed} `, 230)));
          const doomed = await store.add(names(`doomed ${seed} `, 25));
          for (const id of await store.add(names(`late ${seed} `, 70))) steady.add(id);
          const random = randomFrom(seed);
          const seen: string[] = [];
          for await (const keys of store.source.scan('product', signal)) {
            seen.push(...keys.map((key) => key.sourceId));
            for (let times = 0; times < 6; times++) {
              const victim = doomed.splice(Math.floor(random() * doomed.length), 1)[0];
              if (victim !== undefined) await store.remove(victim);
            }
            await store.rename(pick([...steady], random), `renamed ${seed} ${seen.length}`);
            await store.add([`added ${seed} ${seen.length}`]);
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen).toEqual([...seen].sort((a, b) => Number(a) - Number(b)));
          expect(seen.filter((id) => steady.has(id))).toHaveLength(steady.size);
        }
      });

      test('carries the values that the target will want unique, variants’ too', async () => {
        await store.clear();
        const [plain = ''] = await store.add(['Plain & simple']);
        const varied = await store.addWithVariants('Varied');
        const keys = await scanned(store.source, 'product');
        const found = Object.fromEntries(keys.map((key) => [key.sourceId, key]));
        expect(found[plain]).toMatchObject({ name: 'Plain & simple', children: [] });
        expect(found[plain]?.sku).not.toBe('');
        expect(found[varied]?.children).toHaveLength(3);
      });

      test('comes through a store that fails now and then', async () => {
        await store.clear();
        const ids = await store.add(names('flaky ', 250));
        await store.break('flaky');
        const seen = await scanAll(store.source, 'product');
        await store.break('none');
        expect(seen).toEqual(ids);
      });
    });

    describe('a read by id', () => {
      test('gives a page with what it brings in few requests, and names what is not there', async () => {
        await store.clear();
        const ids = [...(await store.add(names('page ', 90))), await store.addWithVariants('Page of variants')];
        const before = store.requests();
        const page = await store.source.readByIds('product', [...ids.reverse(), '99999999'], signal);
        expect(store.requests() - before).toBeLessThanOrEqual(3);
        expect(page.unreadable).toEqual([]);
        expect(page.missing).toEqual([{ entity: 'product', sourceId: '99999999' }]);
        const products = page.records.filter((record) => record.entity === 'product');
        expect(new Set(products.map((record) => record.sourceId))).toEqual(new Set(ids));
        const stock = page.records.filter((record) => record.entity === 'stock');
        expect(stock).toHaveLength(90 + 3);
        expect(stock.every((record) => record.references.some(({ kind }) => kind === 'hard'))).toBe(true);
      });

      test('twice gives the same hashes, which do not depend on the order of keys', async () => {
        await store.clear();
        const id = await store.addWithVariants('Twice');
        const [first, second] = [await readOne(store.source, id), await readOne(store.source, id)];
        expect(second).toEqual(first);
        for (const record of first) {
          expect(contentHash(record.entity, reversedKeys(record.canonical))).toBe(record.contentHash);
        }
      });

      test('after an edit gives another hash and a later stamp, and the other records stay', async () => {
        await store.clear();
        const [one = '', other = ''] = await store.add(['Edited', 'Left alone']);
        const before = (await store.source.readByIds('product', [one, other], signal)).records;
        await store.tick(2000);
        await store.rename(one, 'Edited again');
        const after = (await store.source.readByIds('product', [one, other], signal)).records;
        const pair = (id: string) =>
          [before, after].map((read) => read.find((r) => r.entity === 'product' && r.sourceId === id));
        const [was, is] = pair(one);
        expect(is?.contentHash).not.toBe(was?.contentHash);
        expect(String(is?.modifiedAt) > String(was?.modifiedAt)).toBe(true);
        const [otherWas, otherIs] = pair(other);
        expect(otherIs).toEqual(otherWas);
      });

      test('of no ids asks nothing', async () => {
        const before = store.requests();
        expect(await store.source.readByIds('product', [], signal)).toEqual({
          records: [],
          unreadable: [],
          missing: [],
        });
        expect(store.requests()).toBe(before);
      });
    });

    describe('a read of what changed', () => {
      test('has all of the window and nothing of before or after it', async () => {
        await store.clear();
        await store.add(['too early']);
        await store.tick(3000);
        const after = store.now();
        await store.tick(3000);
        const inside = await store.add(names('inside ', 12));
        const until = store.now();
        await store.tick(3000);
        await store.add(['too late']);
        const { ids, seenUntil } = await changedAll(store.source, { after, until });
        expect(ids).toEqual(inside);
        expect(seenUntil !== null && seenUntil > after && seenUntil <= until).toBe(true);
      });

      test('misses nothing that stays in the window while rows are edited during the walk', async () => {
        for (const seed of [4, 5]) {
          await store.clear();
          const random = randomFrom(seed);
          await store.tick(2000);
          const after = store.now();
          const ids: string[] = [];
          for (let second = 0; second < 4; second++) {
            await store.tick(1000);
            ids.push(...(await store.add(names(`change ${seed} ${second} `, 80))));
          }
          const until = store.now();
          await store.tick(2000);
          const edited = new Set<string>();
          const { ids: seen } = await changedAll(store.source, { after, until }, async () => {
            for (let times = 0; times < 5; times++) {
              const id = pick(ids, random);
              edited.add(id);
              await store.rename(id, `edited ${seed} ${edited.size}`);
            }
          });
          const steady = ids.filter((id) => !edited.has(id));
          expect(steady.filter((id) => !seen.includes(id))).toEqual([]);
        }
      });
    });

    describe('one record fetched by id', () => {
      test('is present or gone in the platform’s own words', async () => {
        await store.clear();
        const [here = '', gone = ''] = await store.add(['Here', 'Gone']);
        await store.remove(gone);
        expect(await fetchOutcome(store.source, here)).toBe('present');
        expect(await fetchOutcome(store.source, gone)).toBe('gone');
        expect(await fetchOutcome(store.source, '99999999')).toBe('gone');
      });

      test('brings its stock, which can be fetched alone and is gone with it', async () => {
        await store.clear();
        const id = await store.addWithVariants('With stock');
        const fetched = await store.source.fetchOne({ entity: 'product', sourceId: id }, signal);
        if (fetched.outcome !== 'present') throw new Error(`the product is ${fetched.outcome}`);
        expect(fetched.also).toHaveLength(3);
        const [stock] = fetched.also;
        const ref = { entity: 'stock' as const, sourceId: stock?.sourceId ?? '' };
        expect(await store.source.fetchOne(ref, signal)).toMatchObject({ outcome: 'present', record: stock });
        await store.remove(id);
        expect(await store.source.fetchOne(ref, signal)).toEqual({ outcome: 'gone', ref });
      });

      test.each(['html', 'no-route', 'truncated'] as const)(
        'of a store that answers with %s is a fault, not a delete',
        async (how) => {
          await store.clear();
          const [id = ''] = await store.add(['Still there']);
          await store.break(how);
          try {
            await expect(fetchOutcome(store.source, id)).rejects.toMatchObject({ kind: 'unintelligible' });
            await expect(scanned(store.source, 'product')).rejects.toMatchObject({ kind: 'unintelligible' });
            await expect(store.source.readByIds('product', [id], signal)).rejects.toMatchObject({
              kind: 'unintelligible',
            });
          } finally {
            await store.break('none');
          }
          expect(await fetchOutcome(store.source, id)).toBe('present');
        },
      );

      test('with credentials that were withdrawn is a fault', async () => {
        await store.clear();
        const [id = ''] = await store.add(['Hidden']);
        await expect(fetchOutcome(store.stranger, id)).rejects.toMatchObject({ kind: 'credentials-rejected' });
      });
    });

    test('a signal that is aborted stops every call with its own reason', async () => {
      const stopped = AbortSignal.abort(new Error('the slice was taken away'));
      const window = { after: '2000-01-01T00:00:00.000Z', until: store.now() };
      for (const call of [
        () => store.source.check(stopped),
        () => store.source.count('product', stopped),
        () => scanned(store.source, 'product', stopped),
        () => store.source.readByIds('product', ['1'], stopped),
        () => store.source.readChanged('product', window, null, stopped),
        () => store.source.fetchOne({ entity: 'product', sourceId: '1' }, stopped),
      ]) {
        await expect(call()).rejects.toThrow('the slice was taken away');
      }
    });
  });
}

async function scanAll(source: Source, entity: MovedEntity): Promise<string[]> {
  return (await scanned(source, entity)).map(({ sourceId }) => sourceId);
}

async function changedAll(
  source: Source,
  window: { after: string; until: string },
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<{ ids: string[]; seenUntil: string | null }> {
  const ids = new Set<string>();
  let cursor: string | null = null;
  let seenUntil: string | null = null;
  do {
    const page = await source.readChanged('product', window, cursor, signal);
    for (const record of page.records) if (record.entity === 'product') ids.add(record.sourceId);
    ({ next: cursor, seenUntil } = page);
    await between();
  } while (cursor !== null);
  return { ids: [...ids].sort((a, b) => Number(a) - Number(b)), seenUntil };
}

async function readOne(source: Source, id: string): Promise<readonly SourceRecord[]> {
  return (await source.readByIds('product', [id], signal)).records;
}

async function fetchOutcome(source: Source, id: string): Promise<string> {
  return (await source.fetchOne({ entity: 'product', sourceId: id }, signal)).outcome;
}

function reversedKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => reversedKeys(item)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversedKeys(member)]),
  ) as T;
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

function pick<T>(list: readonly T[], random: () => number): T {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a source must do besides whose platform has a trash: trashed is not gone (P7). */
export function trashContract(platform: string, makeStore: () => Promise<ContractStore>): void {
  describe(`the trash of ${platform}`, () => {
    let store: ContractStore;
    beforeAll(async () => {
      store = await makeStore();
    });
    afterAll(() => store.close());

    test('nominates what was trashed in the window', async () => {
      await store.clear();
      const [id = ''] = await store.add(['To the bin']);
      await store.tick(2000);
      const after = store.now();
      await store.tick(2000);
      await store.trash(id);
      const page = await store.source.readChanged('product', { after, until: store.now() }, null, signal);
      expect(page.records).toEqual([]);
      expect(page.missing).toEqual([{ entity: 'product', sourceId: id }]);
    });

    test('is trashed, which is not gone', async () => {
      await store.clear();
      const [id = ''] = await store.add(['Binned']);
      await store.trash(id);
      expect(await fetchOutcome(store.source, id)).toBe('trashed');
    });
  });
}
