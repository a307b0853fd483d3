import { expect, it } from 'vitest';
import type { PassVerdict } from '../../src/activities/activity-types.ts';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/contract.ts';
import { currentDetails, eventually, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();

const GATE: PassVerdict = { verdict: 'gate', gate: 'trial', livesMs: 600_000 };
const approval = { by: 'ops', gate: 'trial', token: 'once' };

function projectWith(passes: number, ...verdicts: PassVerdict[]) {
  const project = bench().project();
  project.facts.passes = passes;
  project.facts.verdicts.push(...verdicts);
  return project;
}

it('looks at each pass, and catches up only after the last', async () => {
  const project = projectWith(3);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  const seen = project.facts.reviews.map(({ pass, last, waived }) => ({ pass, last, waived }));
  expect(seen).toEqual([
    { pass: 1, last: false, waived: false },
    { pass: 2, last: false, waived: false },
    { pass: 3, last: true, waived: false },
  ]);
  expect(project.facts.calls.captureChanges).toBe(3);
});

it('waits at a gate, says so to operators, and goes on when it is approved', async () => {
  const project = projectWith(2, GATE);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect(await currentDetails(project.run('full-1'))).toContain('gate trial'));
  await eventually(async () => {
    const { typedSearchAttributes } = await project.parent.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.attention)).toBe(true);
  });
  expect(await currentDetails(project.parent)).toContain('gate trial waits for approval');
  expect(project.facts.reviews).toHaveLength(1);
  await project.give('approve', approval);
  await untilPhase(project, 'syncing');
  expect(project.facts.reviews.map(({ pass }) => pass)).toEqual([1, 1, 2]);
  expect(await currentDetails(project.parent)).not.toContain('Needs a person');
});

it('is not moved on by an approval that the ledger holds for another gate', async () => {
  const project = projectWith(1, GATE, GATE);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect(await currentDetails(project.run('full-1'))).toContain('gate trial'));
  await project.give('approve', { ...approval, gate: 'mass-delete-product' });
  await eventually(() => expect(project.facts.reviews).toHaveLength(2));
  expect(project.facts.phase).toBe('copying');
  await project.give('approve', approval);
  await untilPhase(project, 'syncing');
});

it('gathers the evidence of a gate anew when it is too old', async () => {
  const project = projectWith(1, { ...GATE, livesMs: 50 });
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await untilPhase(project, 'syncing');
  expect(project.facts.reviews).toHaveLength(2);
});

it('pauses for a broken rule and takes a resume for a word that it shall go on', async () => {
  const project = projectWith(2, { verdict: 'stop', reason: 'trial: mismatch-rate: 3 of 50' });
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.paused).toBe(true));
  expect(project.facts.attention).toContain('mismatch-rate');
  expect(project.facts.reviews).toHaveLength(1);
  await project.give('resume', { by: 'ops' });
  await untilPhase(project, 'syncing');
  expect(project.facts.reviews.map(({ pass, waived }) => [pass, waived])).toEqual([
    [1, false],
    [1, true],
    [2, false],
  ]);
});

it('pauses in the middle of a pass when a rule is broken there, and goes on from what is settled', async () => {
  const project = projectWith(1);
  project.facts.broken = 'no-progress: nothing was settled for 10 min';
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.paused).toBe(true));
  expect(project.facts.attention).toContain('no-progress');
  await project.give('resume', { by: 'ops' });
  await untilPhase(project, 'syncing');
  expect(project.facts.settled).toBe(300);
});

const DELETES = { gate: 'mass-delete-brand', since: '2026-11-20T08:00:00.000Z' };
const deleteApproval = { by: 'ops', gate: DELETES.gate, token: 'once' };
/** Why a person must look, as Temporal UI shows it. */
async function attention(project: ReturnType<typeof projectWith>): Promise<string | undefined> {
  return /Needs a person:\*\* (.+)/.exec(await currentDetails(project.parent))?.[1];
}
/** The brake holds deletes back once the run is under way: no command tells of it. */
function holdDeletes({ facts }: ReturnType<typeof projectWith>): void {
  facts.onCall = (name) => {
    if (name === 'planSlices') facts.deleteGate = DELETES;
  };
}
const DELETES_WAIT = 'gate mass-delete-brand waits for approval';

it('calls a person to a gate that holds deletes back while the run goes on, and after it', async () => {
  const project = projectWith(1);
  holdDeletes(project);
  project.facts.close('captureChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect(await attention(project)).toBe(DELETES_WAIT));
  await eventually(async () => {
    const { typedSearchAttributes } = await project.parent.describe();
    expect(typedSearchAttributes.get(SEARCH_ATTRIBUTES.attention)).toBe(true);
  });
  project.facts.open('captureChanges');
  await untilPhase(project, 'syncing');
  expect(await attention(project)).toBe(DELETES_WAIT);
  expect(project.facts.attention).toBe(DELETES_WAIT);
});

it('brings up the gate that still waits when another one is passed', async () => {
  const project = projectWith(2, GATE, GATE);
  holdDeletes(project);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect(await attention(project)).toBe('gate trial waits for approval'));
  await project.give('approve', approval);
  await untilPhase(project, 'copying');
  await eventually(async () => expect(await attention(project)).toBe(DELETES_WAIT));
  await project.give('approve', deleteApproval);
  expect(await attention(project)).toBeUndefined();
});

it('takes a gate back that the boxes no longer find', async () => {
  const project = projectWith(1);
  holdDeletes(project);
  project.facts.close('captureChanges');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect(await attention(project)).toBe(DELETES_WAIT));
  await eventually(() => expect(project.facts.calls.captureChanges).toBe(1));
  project.facts.deleteGate = null;
  project.facts.close('closeRun');
  project.facts.open('captureChanges');
  await eventually(async () => expect(await attention(project)).toBeUndefined());
  project.facts.open('closeRun');
  await untilPhase(project, 'syncing');
});

it('says again that deletes wait when their gate is opened anew', async () => {
  const project = projectWith(2);
  holdDeletes(project);
  project.facts.close('reviewPass');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect(await attention(project)).toBe(DELETES_WAIT));
  await project.give('approve', deleteApproval);
  expect(await attention(project)).toBeUndefined();
  await eventually(() => expect(project.facts.calls.reviewPass).toBe(1));
  project.facts.deleteGate = { ...DELETES, since: '2026-11-20T09:00:00.000Z' };
  project.facts.open('reviewPass');
  await untilPhase(project, 'syncing');
  await eventually(async () => expect(await attention(project)).toBe(DELETES_WAIT));
});

it('can be cancelled while it waits at a gate', async () => {
  const project = projectWith(2, GATE);
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect(await currentDetails(project.run('full-1'))).toContain('gate trial'));
  await project.give('cancel', { by: 'ops' });
  await untilPhase(project, 'cancelled');
});

it('takes options of a run to the ledger, and refuses those that make no sense', async () => {
  const project = projectWith(1);
  const bad = await project.give('startRun', { by: 'ops', kind: 'demo', perEntity: 0 });
  expect(bad).toMatchObject({ accepted: false, refusal: { code: 'malformed' } });
  expect(project.facts.asked).toHaveLength(0);
  await project.give('startRun', { by: 'ops', kind: 'demo', perEntity: 3, autoApprove: true });
  expect(project.facts.asked).toMatchObject([{ kind: 'demo', options: { perEntity: 3, autoApprove: true } }]);
  await untilPhase(project, 'draft');
});
