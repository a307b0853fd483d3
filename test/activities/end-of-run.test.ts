import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ActivityDeps, createActivities } from '../../src/activities/index.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { gateState, openRunGate } from '../../src/ledger/gates.ts';
import { getRun, openRun } from '../../src/ledger/runs.ts';
import { lowerForRest, storeConcurrency } from '../../src/ledger/store-rates.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

/** A run at its gate, whose source was given rest. */
async function atGate(slug: string) {
  const { db } = ledger;
  const project = await makeProject(ledger, slug);
  await connectSource(ledger, project);
  const run = await openRun(db, { projectId: project.id, kind: 'full', mappingVersion: 1, mappingFingerprint: 'f' });
  const of = { projectId: project.id, runId: run?.id ?? 0 };
  await openRunGate(db, of, { name: 'trial', evidence: {}, livesMs: 60_000 });
  const source = `woocommerce:key-${slug}`;
  await lowerForRest(db, source, { seen: await storeConcurrency(db, source), to: 2 });
  const activities = createActivities({ db, isRunOpen: async () => false } as unknown as ActivityDeps);
  const seen = async () => ({
    state: (await getRun(db, project.id, 'full-1'))?.state,
    gate: await gateState(db, of, 'trial'),
    source: await storeConcurrency(db, source),
    decisions: (await listDecisions(db, project.id, { before: null, limit: 9 })).map(({ what }) => what),
  });
  return { ref: { project: slug, run: 'full-1' }, activities, seen };
}

const OVER = { gate: 'expired', source: { concurrency: null, resting: false }, decisions: ['rest ended with the run'] };

it('leaves no gate open and no store at rest, however often it is told', async () => {
  const { ref, activities, seen } = await atGate('closed');
  for (let attempt = 0; attempt < 2; attempt += 1)
    await activities.closeRun({ ...ref, outcome: 'cancelled', reason: null });
  expect(await seen()).toMatchObject({ ...OVER, state: 'cancelled' });
});

it('is the same for a run whose workflow is gone', async () => {
  const { ref, activities, seen } = await atGate('gone');
  expect(await activities.inspectRun(ref)).toMatchObject({ state: 'failed' });
  expect(await seen()).toMatchObject({ ...OVER, state: 'failed' });
});
