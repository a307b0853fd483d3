import { expect, test } from 'vitest';
import { sendAll, type WriteRequest } from '../../src/activities/apply/send.ts';
import { type ApplyDeps, type BatchTarget, startWork, type Work } from '../../src/activities/apply/work.ts';
import type { WriteItem } from '../../src/connectors/target.ts';
import type { Claim, NewIntent } from '../../src/ledger/apply-ledger.ts';
import { NOTHING } from './nothing-known.ts';

function workFor(sourceId: string): Work {
  const ref = { entity: 'brand', sourceId } as const;
  const claim = { id: Number(sourceId), ref, change: { ref, payload: null, version: null }, epoch: 7, attempts: 1 };
  return startWork(claim as unknown as Claim, NOTHING, `brand:${sourceId}`);
}

const requestFor = (work: Work): WriteRequest => {
  const item = { id: String(work.claim.id), ref: work.claim.ref, action: 'create', targetId: null, desired: 'x' };
  return { works: [work], items: [{ ...item, bundle: {} } as unknown as WriteItem] };
};

const ids = (items: readonly { readonly ref: { readonly sourceId: string } }[]) =>
  items.map(({ ref }) => ref.sourceId).join(' ');

/** Requests for brands 1 to `count`; what happened stands in `seen`, in order. */
function scene(count: number) {
  const seen: string[] = [];
  const works = Array.from({ length: count }, (_, at) => workFor(String(at + 1)));
  const state = { failsAt: '', notingFails: false, lost: '' };
  const deps = {
    ledger: {
      intend: async (intents: readonly NewIntent[]) => {
        seen.push(`note ${ids(intents)}`);
        if (state.notingFails) throw new Error('the ledger is away');
        const given = intents.filter(({ ref }) => ref.sourceId !== state.lost);
        return new Map(given.map(({ ref }) => [`brand:${ref.sourceId}#core`, Number(ref.sourceId) * 10]));
      },
    },
    options: { settleMs: 1_000 },
  } as unknown as ApplyDeps;
  const target = {
    entity: {
      write: async (_: string, items: readonly WriteItem[]) => {
        if (ids(items) === state.failsAt) throw new Error('a fault of ours');
        seen.push(`send ${ids(items)}`);
        return items.map(({ id }) => ({ id, outcome: 'written', targetId: `t${id}` }));
      },
    },
    faults: [],
  } as unknown as BatchTarget;
  const run = (width: number) =>
    sendAll(
      deps,
      target,
      { part: 'core', requests: works.map(requestFor), width },
      { signal: new AbortController().signal },
      (work) => seen.push(`take ${work.claim.ref.sourceId}`),
    );
  return { seen, state, works, run };
}

test('stores every intent before its request leaves, twice as many together as are under way, and the next ahead', async () => {
  const { seen, run, works } = scene(5);
  await run(1);
  expect(seen.filter((line) => line.startsWith('note'))).toEqual(['note 1 2', 'note 3 4', 'note 5']);
  for (const id of ['1', '2', '3', '4', '5']) {
    const noted = seen.findIndex((line) => line.startsWith('note') && line.includes(id));
    expect(noted).toBeLessThan(seen.indexOf(`send ${id}`));
    expect(seen.indexOf(`send ${id}`)).toBeLessThan(seen.indexOf(`take ${id}`));
  }
  // Never further ahead than the next that go together.
  expect(seen.indexOf('note 5')).toBeGreaterThan(seen.indexOf('send 1'));
  expect(works.map(({ learnt }) => learnt.resolved)).toEqual(
    [10, 20, 30, 40, 50].map((intentId) => [{ intentId, outcome: 'written' }]),
  );
});

test('resolves what was noted and is not sent after all; what is under way stays open', async () => {
  const { seen, state, run, works } = scene(4);
  state.failsAt = '1';
  await expect(run(1)).rejects.toThrow('a fault of ours');
  expect(seen.filter((line) => line.startsWith('send'))).toEqual([]);
  const unsent = [20, 30, 40].map((intentId) => [{ intentId, outcome: 'not-sent' }]);
  expect(works.map(({ learnt }) => learnt.resolved)).toEqual([[], ...unsent]);
});

test('sends nothing when its intent cannot be stored, and nothing that is not ours any more', async () => {
  const away = scene(3);
  away.state.notingFails = true;
  await expect(away.run(2)).rejects.toThrow('the ledger is away');
  expect(away.seen.some((line) => line.startsWith('send'))).toBe(false);

  const lost = scene(3);
  lost.state.lost = '2';
  await lost.run(2);
  expect(lost.seen.filter((line) => line.startsWith('take'))).toEqual(['take 1', 'take 3']);
  expect(lost.works[1]?.settlement?.disposition).toMatchObject({ to: 'parked' });
});
