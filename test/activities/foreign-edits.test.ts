import { expect, test } from 'vitest';
import { heedForeignEdits } from '../../src/activities/apply/foreign-edits.ts';
import { type ApplyDeps, type BatchTarget, startWork } from '../../src/activities/apply/work.ts';
import { refKey } from '../../src/domain/entity.ts';
import { ALL_GUARDS } from '../../src/domain/guards.ts';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import type { PresentState } from '../../src/domain/target-state.ts';
import type { ApplyContext, Claim, LedgerRecord, NotedEdit } from '../../src/ledger/apply-ledger.ts';
import { NOTHING } from './nothing-known.ts';

const REF = { entity: 'brand', sourceId: '7' } as const;
const EDITED = { targetId: '70', modifiedAt: null, parts: { core: { name: 'By hand' } } } as unknown as PresentState;
const CHAIN = { from: '2026-01-01T00:00:00.000Z', polledAt: '2026-01-01T01:00:00.000Z', ageMs: 0 };
const VERSION = { read: { start: 1, end: 2 }, modifiedAt: null, contentHash: 'a', hashVersion: 1 };

/** The delete of a brand that we wrote within the chain of looks, as it was when its batch was loaded. */
function deleting(record: Partial<LedgerRecord> = {}) {
  const base = { name: 'Ours' };
  const known = {
    state: 'live',
    targetId: '70',
    version: VERSION,
    foreignState: null,
    unchecked: false,
    appliedAt: '2026-01-01T00:30:00.000Z',
    parts: new Map([['core', { part: 'core', desired: base, desiredHash: 'h', base, state: 'applied', reason: null }]]),
    children: [],
    ...record,
  } as unknown as LedgerRecord;
  const context: ApplyContext = { ...NOTHING, records: new Map([[refKey(REF), known]]) };
  const change = { ref: REF, kind: 'delete', reason: 'hint', version: VERSION, payload: null, looksAtTarget: false };
  return startWork({ id: 1, ref: REF, change, epoch: 1, attempts: 1 } as unknown as Claim, context, refKey(REF));
}

/** A ledger in which others work too, and a target whose lists nobody may ask for: the chain is young. */
function scene(noted: NotedEdit, present: readonly PresentState[] = []) {
  const notes: { readonly states: readonly PresentState[]; readonly extendsChain: boolean }[] = [];
  const deps = {
    ledger: {
      clock: async () => '2026-01-01T01:00:01.000Z',
      foreignEdits: {
        chain: async () => CHAIN,
        noted: async () => new Map([[refKey(REF), noted]]),
        note: async (_entity: string, _at: string, states: readonly PresentState[], extendsChain: boolean) => {
          notes.push({ states, extendsChain });
        },
      },
    },
    guards: ALL_GUARDS,
    mapping: DEFAULT_MAPPING,
    options: { foreignEditsMaxAgeMs: 30_000, skewMs: 0 },
  } as unknown as ApplyDeps;
  const entity = {
    entity: 'brand',
    foreignEdits: 'modified-since',
    changedSince: () => Promise.reject(new Error('the chain is young: nobody asks')),
    read: async () => present,
  };
  const target = { entity, faults: [] } as unknown as BatchTarget;
  return {
    notes,
    heed: (work: ReturnType<typeof deleting>) =>
      heedForeignEdits(deps, target, [work], { signal: new AbortController().signal }),
  };
}

test('an edit that another worker noted after these records were loaded is heeded', async () => {
  const work = deleting();
  await scene({ foreignState: EDITED, unchecked: false }).heed(work);
  expect(work.settlement?.disposition).toMatchObject({ to: 'held', reason: 'conflict' });

  const untouched = deleting();
  await scene({ foreignState: null, unchecked: false }).heed(untouched);
  expect(untouched.settlement).toBeNull();
});

test('what a read by id showed is noted, so that it is not forgotten when the work ends otherwise', async () => {
  const work = deleting();
  const { notes, heed } = scene({ foreignState: null, unchecked: true }, [EDITED]);
  await heed(work);
  expect(work.settlement?.disposition).toMatchObject({ to: 'held', reason: 'conflict' });
  expect(notes).toEqual([{ states: [EDITED], extendsChain: false }]);
});
