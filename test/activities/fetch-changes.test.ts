import { expect, test } from 'vitest';
import { fetchChanges } from '../../src/activities/apply/fetch-changes.ts';
import { type ApplyDeps, startWork } from '../../src/activities/apply/work.ts';
import type { RecordRef } from '../../src/domain/entity.ts';
import { ALL_GUARDS } from '../../src/domain/guards.ts';
import type { Claim } from '../../src/ledger/apply-ledger.ts';
import { NOTHING } from './nothing-known.ts';

function lookAgain(sourceId: string): Claim {
  const ref = { entity: 'stock', sourceId } as const;
  const change = { ref, kind: 'fetch', reason: 'repair', fetchAfter: 0, generation: 1, looksAtTarget: true };
  return {
    id: Number(sourceId),
    ref,
    change,
    epoch: 1,
    recheck: false,
    attempts: 1,
    stateReason: null,
  } as unknown as Claim;
}

const record = (sourceId: string) => ({
  entity: 'stock',
  sourceId,
  modifiedAt: null,
  contentHash: `hash of ${sourceId}`,
});

/** A source of products that bring their stock, two in a page, of which `3` is gone. */
function source(asked: string[]) {
  return {
    entities: [{ entity: 'product', brings: ['stock'], modifiedFilter: true, pageSize: 2 }],
    readByIds: (entity: string, ids: readonly string[]) => {
      asked.push(`${entity} ${ids.join(',')}`);
      return Promise.resolve({ records: ids.filter((id) => id !== '3').map(record), missing: [], unreadable: [] });
    },
    fetchOne: (ref: RecordRef) => {
      asked.push(`one ${ref.sourceId}`);
      return Promise.resolve({ outcome: 'gone', ref });
    },
  };
}

test('what comes along with another record is looked at in pages of that; what a page leaves out is asked for alone', async () => {
  const asked: string[] = [];
  let numbers = 0;
  const deps = {
    source: source(asked),
    ledger: { readNumber: () => Promise.resolve((numbers += 1)) },
    guards: ALL_GUARDS,
    options: { concurrency: 1 },
  } as unknown as ApplyDeps;
  const works = ['1', '2', '3'].map((id) => startWork(lookAgain(id), NOTHING, `stock:${id}`));
  await fetchChanges(deps, works, new AbortController().signal);
  expect(asked).toEqual(['stock 1,2', 'stock 3', 'one 3']);
  expect(works.map(({ learnt }) => learnt.arrivals.map(({ kind }) => kind))).toEqual([
    ['upsert'],
    ['upsert'],
    ['delete'],
  ]);
});
