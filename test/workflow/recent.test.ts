import { expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/contract.ts';
import { eventually, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();

/** A project whose full run is over. */
async function afterFullRun() {
  const project = bench().project();
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  project.facts.unread = 0;
  return project;
}
const startRecent = { by: 'ops', kind: 'recent' } as const;

it('captures, writes and reports, without matching, passes or a look at the target', async () => {
  const project = await afterFullRun();
  const before = { ...project.facts.calls };
  project.facts.changed = 120;
  expect(await project.give('startRun', startRecent)).toEqual({ accepted: true, phase: 'syncing', run: 'recent-2' });
  await eventually(() => expect(project.facts.runs.get('recent-2')?.state).toBe('completed'));
  const { calls, settled } = project.facts;
  expect(settled).toBe(420);
  expect(calls.captureChanges - before.captureChanges).toBe(1);
  expect([calls.matchTarget, calls.reviewPass]).toEqual([before.matchTarget, before.reviewPass]);
  expect(await project.run('recent-2').result()).toEqual({ outcome: 'completed' });
  const described = await project.run('recent-2').describe();
  expect([described.type, described.typedSearchAttributes.get(SEARCH_ATTRIBUTES.runKind)]).toEqual([
    'recentSync',
    'recent',
  ]);
});

it('can be run again and again, each under a name of its own', async () => {
  const project = await afterFullRun();
  for (const run of ['recent-2', 'recent-3', 'recent-4']) {
    project.facts.changed = 10;
    // Its project hears of the end of the one before a moment after that.
    await eventually(async () =>
      expect(await project.give('startRun', startRecent)).toMatchObject({ accepted: true, run }),
    );
    await eventually(() => expect(project.facts.runs.get(run)?.state).toBe('completed'));
    await eventually(async () => expect(await project.run(run).result()).toEqual({ outcome: 'completed' }));
  }
  expect(project.facts.settled).toBe(330);
});

it('is stopped before its first write by what stops a run', async () => {
  const project = await afterFullRun();
  project.facts.stops = [{ key: 'structure-changed', message: 'source.currency: "USD" is "EUR" now' }];
  const { applyChanges } = project.facts.calls;
  await project.give('startRun', startRecent);
  await untilPhase(project, 'failed');
  expect(project.facts.runs.get('recent-2')).toMatchObject({ state: 'failed', reason: expect.stringContaining('EUR') });
  expect(project.facts.calls.applyChanges).toBe(applyChanges);
});

it('pauses by itself when its lag climbs, says why, and goes on from what is settled', async () => {
  const project = await afterFullRun();
  project.facts.changed = 120;
  project.facts.broken = 'lag-climbing: the oldest change waits for 700 s, 10 min ago it was 60 s';
  await project.give('startRun', startRecent);
  await eventually(() => expect(project.facts.paused).toBe(true));
  expect(project.facts.runs.get('recent-2')?.state).toBe('running');
  expect(project.facts.attention).toContain('lag-climbing');
  expect(await project.give('resume', { by: 'ops' })).toMatchObject({ accepted: true, run: 'recent-2' });
  await eventually(() => expect(project.facts.runs.get('recent-2')?.state).toBe('completed'));
  expect(project.facts.settled).toBe(420);
});

it('is refused before a full run was completed', async () => {
  const project = bench().project();
  expect(await project.give('startRun', startRecent)).toMatchObject({
    accepted: false,
    refusal: { code: 'not-allowed-in-phase' },
  });
  expect(project.facts.runs.size).toBe(0);
});
