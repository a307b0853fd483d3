import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { createChangeListener } from '../../src/ledger/change-listener.ts';
import { park } from '../../src/ledger/following.ts';
import { receiveHints } from '../../src/ledger/hints.ts';
import { openRun } from '../../src/ledger/runs.ts';
import { wakeParked } from '../../src/worker/wake-parked.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';

let ledger: LedgerUnderTest;
const listeners: ReturnType<typeof createChangeListener>[] = [];
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});
afterAll(() => ledger.close());

/** A worker that looks after parked runs; `woken`: whom it has signalled. */
function worker(fails = false) {
  const listener = createChangeListener(ledger.pool);
  listeners.push(listener);
  const woken: string[] = [];
  const warnings: string[] = [];
  wakeParked({
    db: ledger.db,
    listener,
    wake: async ({ project, run }) => {
      if (fails) throw new Error('Temporal is away');
      woken.push(`${project}/${run}`);
    },
    warn: (said) => void warnings.push(said),
  });
  return { woken, warnings };
}

async function parkedRun(slug: string) {
  const { id: projectId } = await makeProject(ledger, slug);
  const run = await openRun(ledger.db, { projectId, kind: 'continuous', mappingVersion: 1, mappingFingerprint: 'f' });
  expect(await park(ledger.db, { projectId, runId: run?.id ?? 0 })).toBe(true);
  return projectId;
}
const hint = (projectId: number) =>
  receiveHints(ledger.db, projectId, 'webhook', [{ entity: 'product', sourceId: '7' }]);

it('news wake a parked run by one signal, however many workers hear of them', async () => {
  const workers = [worker(), worker(), worker()];
  const projectId = await parkedRun('wake-one');
  // A listener that has just begun may not hear the first.
  await vi.waitFor(async () => {
    await hint(projectId);
    expect(workers.flatMap(({ woken }) => woken)).toContain('wake-one/continuous-1');
  });
  for (let more = 0; more < 5; more++) await hint(projectId);
  expect(workers.flatMap(({ woken }) => woken)).toEqual(['wake-one/continuous-1']);
});

it('a signal that cannot be sent is told of, and ends nothing', async () => {
  const { woken, warnings } = worker(true);
  const first = await parkedRun('wake-away');
  await vi.waitFor(async () => {
    await hint(first);
    expect(warnings).toEqual(['a parked run was not woken']);
  });
  expect(woken).toEqual([]);
});
