import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { stableJson } from '../../src/canonical/stable-json.ts';
import type { Target, TargetEntity } from '../../src/connectors/target.ts';
import type { PresentState } from '../../src/domain/target-state.ts';
import type { MovedEntity } from '../../src/domain/record.ts';
import type { RecordRef } from '../../src/domain/entity.ts';
import { pricing, product, SOURCE_KEY, stock, category } from '../connectors/bigcommerce/forms.ts';
import { BRAND, PRODUCT, SAMPLES, type Sample } from './target-samples.ts';
import { call, coreOf, type Held, signal, TargetDriver } from './target-driver.ts';

/** A store of some platform, on a real socket, that the suite can change and break behind the target's back. */
export interface ContractTarget {
  readonly target: Target;
  /** The same store with credentials that it does not know. */
  readonly stranger: Target;
  /** What becomes of the next write: never applied, applied and the reply lost, refused for being too many, a 5xx. */
  breakNextWrite(how: 'lost-before' | 'lost-after' | 'busy' | 'broken-after'): Promise<void>;
  mend(): Promise<void>;
  /** A merchant edits a field that we own, by hand. */
  editByMerchant(entity: MovedEntity, targetId: string, field: 'name' | 'description'): Promise<void>;
  /** A merchant makes a record of this name; its id. */
  createByMerchant(entity: MovedEntity, name: string): Promise<string>;
  /** Requests answered so far, of one method or of all. */
  requests(method?: string): number;
  /** Moves the store's clock forward. */
  tick(ms: number): void;
  clear(): Promise<void>;
  close(): Promise<void>;
}

const ref = ({ entity }: Sample): RecordRef & { entity: MovedEntity } => ({ entity, sourceId: '7' });

/** What every target must do, whatever the platform (design P2, P6, P7, P8). */
export function targetContract(platform: string, makeTarget: () => Promise<ContractTarget>): void {
  describe(`the target contract, ${platform}`, () => {
    let store: ContractTarget;
    let driver: TargetDriver;
    beforeAll(async () => {
      store = await makeTarget();
    });
    beforeEach(async () => {
      await store.mend();
      await store.clear();
      driver = new TargetDriver(store.target);
    });
    afterAll(() => store.close());

    const bring = async (sample: Sample, canonical = sample.canonical) =>
      expect(await driver.bring(sample.entity, '7', canonical)).toBeNull();

    const stockRow = () => store.target.entity('stock');
    const bringStock = async (quantity: string) => {
      expect(await driver.bring('product', '7', PRODUCT)).toBeNull();
      expect(await driver.bring('stock', '7', stock({ product: '7', quantity }))).toBeNull();
    };

    const level = async () => {
      const [state] = await stockRow().read([driver.heldOf({ entity: 'stock', sourceId: '7' }).targetId ?? ''], call);
      const core = state?.parts['core'] as { levels: { quantity: number }[] } | undefined;
      return core?.levels[0]?.quantity;
    };

    describe('the check', () => {
      test('tells the store’s settings and the ids that writes need', async () => {
        const profile = await store.target.check(signal);
        expect(profile.platform).toBe(store.target.platform);
        expect(profile.storeRef).toBe(store.target.storeRef);
        expect(profile.currency).toMatch(/^[A-Z]{3}$/);
        expect(Object.values(profile.ids).every((id) => id !== '')).toBe(true);
        expect(Math.abs(profile.clockSkewMs)).toBeLessThan(5_000);
      });

      test('wrong credentials stop everything, and are no outcome of a record', async () => {
        await expect(store.stranger.check(signal)).rejects.toMatchObject({ kind: 'credentials-rejected' });
        const item = await driver.createItem('brand', '7', BRAND);
        const write = store.stranger.entity('brand').write('core', [item], call);
        await expect(write).rejects.toMatchObject({ kind: 'credentials-rejected' });
      });
    });

    describe.each(SAMPLES)('a $label', (sample) => {
      const row = () => store.target.entity(sample.entity);

      test('that is made is there as it was meant', async () => {
        await bring(sample);
        const present = await driver.present(ref(sample));
        const held = driver.heldOf(ref(sample));
        expect(present?.targetId).toBe(held.targetId);
        expect(disagreeing(row(), held, present)).toEqual([]);
        expect([...held.open]).toEqual([]);
      });

      test('has the base that its writes told, however often it is read', async () => {
        await bring(sample);
        const { parts } = driver.heldOf(ref(sample));
        const present = await driver.present(ref(sample));
        const again = await driver.present(ref(sample));
        expect(again?.parts).toEqual(present?.parts);
        const listed = await row().changedSince('2000-01-01T00:00:00.000Z', call);
        expect(listed.find(({ targetId }) => targetId === present?.targetId)?.parts).toEqual(present?.parts);
        expect(otherBases(parts, present)).toEqual([]);
      });

      test('that did not change costs no request', async () => {
        await bring(sample);
        const before = store.requests();
        await bring(sample);
        expect(store.requests()).toBe(before);
      });

      test('that is edited at the source is edited there, and nothing else of it', async () => {
        await bring(sample);
        const before = await driver.present(ref(sample));
        await bring(sample, sample.edited);
        const after = await driver.present(ref(sample));
        expect(after?.targetId).toBe(before?.targetId);
        expect(disagreeing(row(), driver.heldOf(ref(sample)), after)).toEqual([]);
        expect(after?.parts).not.toEqual(before?.parts);
      });

      test('that is edited by the merchant shows it, and keeps it through our edit of another field', async () => {
        await bring(sample);
        const { targetId } = driver.heldOf(ref(sample));
        await store.editByMerchant(sample.entity, targetId ?? '', 'name');
        const edited = await driver.present(ref(sample));
        expect(edited?.parts['core']).not.toEqual(driver.heldOf(ref(sample)).parts.get('core')?.base);
        await bring(sample, sample.edited);
        const name = (state: typeof edited) => (state?.parts['core'] as { name?: unknown } | undefined)?.name;
        expect(name(await driver.present(ref(sample)))).toBe(name(edited));
      });

      test('is found by its unique values', async () => {
        await bring(sample);
        const [hit] = await row().lookUp([await driver.createItem(sample.entity, '7', sample.canonical)], call);
        expect(hit).toMatchObject({ id: '7', agrees: true, state: { targetId: driver.heldOf(ref(sample)).targetId } });
        // What the look-up tells of children is what the create told.
        const children = driver
          .heldOf(ref(sample))
          .children.filter(({ kind }) => kind !== 'metafield' && kind !== 'modifier');
        expect(hit?.state.children.map(plain).sort()).toEqual(children.map(plain).sort());
      });

      test('that was never made is not found', async () => {
        expect(await row().lookUp([await driver.createItem(sample.entity, '7', sample.canonical)], call)).toEqual([]);
      });

      test('that is made twice is a duplicate, and says of what', async () => {
        await bring(sample);
        const second = await driver.createItem(sample.entity, '8', sample.canonical);
        const [outcome] = await row().write(coreOf(row()).part, [second], call);
        expect(outcome).toMatchObject({ id: '8', outcome: 'duplicate' });
        const kinds = row()
          .wantedKeys('8', sample.canonical, await driver.context())
          .map(({ kind }) => kind);
        expect(kinds).toContain(outcome?.outcome === 'duplicate' ? outcome.kind : '');
      });

      test('of a merchant with the same name is found, and is not taken for ours by its name alone', async () => {
        const name = sample.canonical as { name: string };
        const theirs = await store.createByMerchant(sample.entity, name.name);
        const item = await driver.createItem(sample.entity, '7', sample.canonical);
        const [outcome] = await row().write(coreOf(row()).part, [item], call);
        expect(outcome).toMatchObject({ outcome: 'duplicate', kind: sample.nameKind });
        const [hit] = await row().lookUp([item], call);
        expect(hit?.state.targetId).toBe(theirs);
        const { records } = await row().scanExisting(null, call);
        expect(records).toMatchObject([{ targetId: theirs, marker: null }]);
      });

      test('that is deleted is gone; deleting it again does no harm', async () => {
        await bring(sample);
        expect(await driver.remove(ref(sample))).toMatchObject({ outcome: 'written' });
        expect(await driver.present(ref(sample))).toBeUndefined();
        expect(['written', 'missing']).toContain((await driver.remove(ref(sample))).outcome);
      });

      test('that someone deleted is missing for an update', async () => {
        await bring(sample);
        await driver.remove(ref(sample));
        const outcome = await driver.bring(sample.entity, '7', sample.edited);
        expect(outcome).toMatchObject({ outcome: 'missing' });
      });

      test('carries a marker that a lost ledger finds again, with its keys and children', async () => {
        await bring(sample);
        const held = driver.heldOf(ref(sample));
        const { records, next } = await row().scanExisting(null, call);
        expect(next).toBeNull();
        expect(records).toMatchObject([{ entity: sample.entity, targetId: held.targetId, marker: `${SOURCE_KEY}:7` }]);
        const wanted = row().wantedKeys('7', sample.canonical, await driver.context());
        const found = records[0]?.keys.map((key) => placeOf(key, key.value)) ?? [];
        for (const key of wanted) expect(found).toContain(placeOf(key, key.alternatives[0] ?? ''));
        const variants = held.children
          .filter(({ kind }) => kind === 'variant')
          .map(plain)
          .sort();
        expect(
          records[0]?.children
            .filter(({ kind }) => kind === 'variant')
            .map(plain)
            .sort(),
        ).toEqual(variants);
      });

      test('can be brought again by one who knows no more than its marker', async () => {
        await bring(sample);
        const { records } = await row().scanExisting(null, call);
        const stranger = new TargetDriver(store.target);
        const held = stranger.heldOf(ref(sample));
        held.targetId = records[0]?.targetId ?? null;
        held.children = [...(records[0]?.children ?? [])];
        const before = await driver.present(ref(sample));
        expect(await stranger.bring(sample.entity, '7', sample.canonical)).toBeNull();
        expect((await driver.present(ref(sample)))?.parts).toEqual(before?.parts);
        expect(held.children.map(plain).sort()).toEqual(driver.heldOf(ref(sample)).children.map(plain).sort());
      });
    });

    describe.each(SAMPLES)('a create of a $label', (sample) => {
      const row = () => store.target.entity(sample.entity);
      const create = async () =>
        driver.send(sample.entity, coreOf(row()).part, await driver.createItem(sample.entity, '7', sample.canonical));
      const found = async () => row().lookUp([await driver.createItem(sample.entity, '7', sample.canonical)], call);

      test('whose reply is lost is uncertain, and found when it was applied', async () => {
        await store.breakNextWrite('lost-after');
        expect(await create()).toMatchObject({ id: '7', outcome: 'uncertain' });
        const [hit] = await found();
        expect(hit).toMatchObject({ id: '7', agrees: true });
        // All that went along is there as it was meant, or the edit of someone else would be seen in it (P8).
        const { desired, bundle } = await driver.createItem(sample.entity, '7', sample.canonical);
        const meant = { ...bundle, [coreOf(row()).part]: desired };
        const differs = Object.entries(meant).filter(
          ([part, form]) => !row().agrees(part, form, hit?.state.parts[part] ?? null),
        );
        expect(differs).toEqual([]);
      });

      test('that never arrived is as uncertain, and not found', async () => {
        await store.breakNextWrite('lost-before');
        expect(await create()).toMatchObject({ outcome: 'uncertain' });
        expect(await found()).toEqual([]);
      });

      test('that was applied and answered with an error is uncertain, not refused', async () => {
        await store.breakNextWrite('broken-after');
        expect(await create()).toMatchObject({ outcome: 'uncertain' });
        expect(await found()).toMatchObject([{ agrees: true }]);
      });

      test('that the store has no time for was certainly not made', async () => {
        await store.breakNextWrite('busy');
        const outcome = await create();
        expect(outcome).toMatchObject({ outcome: 'not-sent' });
        expect(outcome.outcome === 'not-sent' && outcome.retryAfterMs).toBeGreaterThanOrEqual(0);
        expect(await found()).toEqual([]);
      });

      test('is not sent after its deadline', async () => {
        const item = await driver.createItem(sample.entity, '7', sample.canonical);
        const late = { signal, sendBefore: performance.now() - 1 };
        const writes = store.requests('POST');
        const [outcome] = await row().write(coreOf(row()).part, [item], late);
        expect(outcome).toMatchObject({ outcome: 'not-sent' });
        expect(store.requests('POST')).toBe(writes);
      });
    });

    describe('batches', () => {
      test('of which one is a duplicate leave the others alone', async () => {
        const row = store.target.entity('category');
        expect(await driver.bring('category', '1', category({ name: 'Taken', path: '/c/taken/' }))).toBeNull();
        const names = ['One', 'Taken', 'Two'];
        const items = await Promise.all(
          names.map((name, index) =>
            driver.createItem('category', `${index + 10}`, category({ name, path: `/c/${name}-${index}/` })),
          ),
        );
        const outcomes = await row.write('core', items, call);
        expect(outcomes.map(({ id }) => id).sort()).toEqual(['10', '11', '12']);
        const byId = new Map(outcomes.map((outcome) => [outcome.id, outcome.outcome]));
        expect(byId.get('11')).toBe('duplicate');
        for (const id of ['10', '12']) expect(['written', 'batch-failed']).toContain(byId.get(id));
        const there = await row.lookUp(
          items.filter((item) => byId.get(item.id) === 'written'),
          call,
        );
        expect(there).toHaveLength(outcomes.filter(({ outcome }) => outcome === 'written').length);
      });

      test('of updates reach every record, and one that is gone does not take the others along', async () => {
        const row = store.target.entity('product');
        const ids = ['1', '2', '3'];
        for (const id of ids) {
          expect(
            await driver.bring('product', id, product({ name: `Tea ${id}`, sku: `T-${id}`, path: `/p/${id}/` })),
          ).toBeNull();
        }
        await driver.remove({ entity: 'product', sourceId: '2' });
        const items = await Promise.all(
          ids.map(async (id) => {
            const edited = product({ name: `Tea ${id}`, sku: `T-${id}`, path: `/p/${id}/`, pricing: pricing('77') });
            const parts = await driver.parts('product', id, edited);
            return driver.updateItem(row, { entity: 'product', sourceId: id }, 'core', parts.get('core') ?? null);
          }),
        );
        const outcomes = await row.write('core', items, call);
        const single = await Promise.all(
          outcomes.map(async (outcome) => {
            if (outcome.outcome !== 'batch-failed') return outcome;
            const [alone] = await row.write(
              'core',
              items.filter((item) => item.id === outcome.id),
              call,
            );
            return alone;
          }),
        );
        const byId = new Map(single.map((outcome) => [outcome?.id, outcome?.outcome]));
        expect([byId.get('1'), byId.get('2'), byId.get('3')]).toEqual(['written', 'missing', 'written']);
      });
    });

    describe('edits by others', () => {
      test('are listed since a time, and what nobody touched is not, where the platform can tell', async () => {
        for (const id of ['1', '2']) {
          expect(
            await driver.bring('product', id, product({ name: `Tea ${id}`, sku: `T-${id}`, path: `/p/${id}/` })),
          ).toBeNull();
        }
        store.tick(60_000);
        const since = new Date(Date.now() + 30_000).toISOString();
        const { targetId } = driver.heldOf({ entity: 'product', sourceId: '2' });
        await store.editByMerchant('product', targetId ?? '', 'description');
        store.tick(5_000);
        const row = store.target.entity('product');
        const changed = await row.changedSince(since, call);
        expect(changed.map((state) => state.targetId)).toEqual([targetId]);
      });
    });

    describe('stock', () => {
      test('is set on the product that it belongs to, and set again', async () => {
        await bringStock('7');
        await expect.poll(level, { timeout: 5_000 }).toBe(7);
        await bringStock('3');
        await expect.poll(level, { timeout: 5_000 }).toBe(3);
      });

      test('agrees with what is there once it has taken effect', async () => {
        await bringStock('7');
        await expect.poll(level, { timeout: 5_000 }).toBe(7);
        const held = driver.heldOf({ entity: 'stock', sourceId: '7' });
        const [state] = await stockRow().read([held.targetId ?? ''], call);
        const desired = held.parts.get('core')?.desired ?? null;
        expect(stockRow().agrees('core', desired, state?.parts['core'] ?? null)).toBe(true);
      });

      test('does not look like an edit of its product', async () => {
        await bringStock('7');
        await expect.poll(level, { timeout: 5_000 }).toBe(7);
        const present = await driver.present({ entity: 'product', sourceId: '7' });
        const base = driver.heldOf({ entity: 'product', sourceId: '7' }).parts.get('core')?.base;
        expect(present?.parts['core']).toEqual(base);
      });

      test('whose reply is lost is uncertain', async () => {
        expect(await driver.bring('product', '7', PRODUCT)).toBeNull();
        await store.breakNextWrite('lost-after');
        expect(await driver.bring('stock', '7', stock({ product: '7' }))).toMatchObject({ outcome: 'uncertain' });
      });
    });
  });
}

function plain({ kind, sourceId, targetId }: { kind: string; sourceId: string; targetId: string }): string {
  return `${kind} ${sourceId} ${targetId}`;
}

function placeOf(key: { kind: string; scope: string }, value: string): string {
  return `${key.kind} ${key.scope} ${value}`.toLowerCase();
}

/** Parts that are not there as they were meant. */
function disagreeing(row: TargetEntity, held: Held, present: PresentState | undefined): string[] {
  return [...held.parts].flatMap(([part, { desired }]) => {
    const seen = present?.parts[part];
    return seen === undefined || row.agrees(part, desired, seen) ? [] : [part];
  });
}

/** Parts whose base is not what a read shows. */
function otherBases(parts: Held['parts'], present: PresentState | undefined): unknown[] {
  return [...parts].flatMap(([part, { base }]) => {
    const seen = present?.parts[part];
    return seen === undefined || stableJson(seen) === stableJson(base) ? [] : [{ part, base, seen }];
  });
}
