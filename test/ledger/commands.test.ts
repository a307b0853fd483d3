import { afterAll, beforeAll, expect, it } from 'vitest';
import { admitCommand, type CommandRequest, recordPhase } from '../../src/ledger/commands.ts';
import { listDecisions } from '../../src/ledger/decisions.ts';
import { getProject } from '../../src/ledger/projects.ts';
import { listRuns } from '../../src/ledger/runs.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const start = (commandId: string, given: Partial<CommandRequest> = {}): CommandRequest => ({
  command: 'startRun',
  kind: 'full',
  by: 'ops',
  commandId,
  phase: 'draft',
  nextPhase: 'copying',
  attention: null,
  knownRun: null,
  ...given,
});
const decisionsOf = (projectId: number) => listDecisions(ledger.db, projectId, { before: null, limit: 50 });

it('gives two attempts of one command one run and one answer', async () => {
  const project = await makeProject(ledger, 'lost-answer');
  const answers = await Promise.all([1, 2, 3].map(() => admitCommand(ledger.db, project, start('c1'))));
  expect(answers).toEqual(answers.map(() => ({ admitted: true, run: 'full-1', attention: null })));
  expect(await listRuns(ledger.db, project.id, { before: null, limit: 10 })).toHaveLength(1);
  expect(await decisionsOf(project.id)).toHaveLength(1);
  expect((await getProject(ledger.db, 'lost-answer'))?.phase).toBe('copying');
});

it('keeps a refusal as the answer, and leaves the phase', async () => {
  const project = await makeProject(ledger, 'refused');
  await admitCommand(ledger.db, project, start('c1'));
  const late = start('c2', { knownRun: 'full-1', nextPhase: 'syncing' });
  const refused = await admitCommand(ledger.db, project, late);
  expect(refused).toMatchObject({ admitted: false, code: 'run-active' });
  expect(refused).toMatchObject({ message: expect.stringContaining('full-1') });
  expect(await admitCommand(ledger.db, project, late)).toEqual(refused);
  expect((await getProject(ledger.db, 'refused'))?.phase).toBe('copying');
  expect((await decisionsOf(project.id)).map((one) => one.what)).toEqual(['startRun', 'startRun']);
});

it('hands over a run that the workflow never heard of, but no run of another kind', async () => {
  const project = await makeProject(ledger, 'unheard');
  await admitCommand(ledger.db, project, start('c1'));
  expect(await admitCommand(ledger.db, project, start('c2'))).toMatchObject({ admitted: true, run: 'full-1' });
  expect(await admitCommand(ledger.db, project, start('c3', { kind: 'resync' }))).toMatchObject({
    admitted: false,
    code: 'run-active',
  });
});

it('gives one of two commands that differ the run', async () => {
  const project = await makeProject(ledger, 'rivals');
  const both = await Promise.all([
    admitCommand(ledger.db, project, start('c1', { kind: 'full' })),
    admitCommand(ledger.db, project, start('c2', { kind: 'resync' })),
  ]);
  expect(both.filter((answer) => answer.admitted)).toHaveLength(1);
});

it('stops writes with a pause and lets them go on with a resume', async () => {
  const project = await makeProject(ledger, 'held');
  await admitCommand(ledger.db, project, start('c1', { command: 'pause', reason: 'stocktaking', knownRun: 'full-1' }));
  expect(await getProject(ledger.db, 'held')).toMatchObject({ pauseReason: 'stocktaking' });
  await admitCommand(ledger.db, project, start('c2', { command: 'resume' }));
  expect(await getProject(ledger.db, 'held')).toMatchObject({ pausedAt: null, pauseReason: null });
  await admitCommand(ledger.db, project, start('c3', { command: 'pause' }));
  expect(await getProject(ledger.db, 'held')).toMatchObject({ pauseReason: 'paused by ops' });
});

it('does not take the id of one project for that of another', async () => {
  const one = await makeProject(ledger, 'namesake-1');
  const two = await makeProject(ledger, 'namesake-2');
  await admitCommand(ledger.db, one, start('same'));
  await admitCommand(ledger.db, two, start('same'));
  expect(await listRuns(ledger.db, two.id, { before: null, limit: 10 })).toHaveLength(1);
});

it('stores a phase with who set it and why', async () => {
  const { id } = await makeProject(ledger, 'phased');
  await recordPhase(ledger.db, id, { phase: 'syncing', by: 'workflow', why: 'copied', attention: 'look here' });
  expect(await getProject(ledger.db, 'phased')).toMatchObject({ phase: 'syncing', attention: 'look here' });
  expect(await decisionsOf(id)).toMatchObject([
    { decidedBy: 'workflow', what: 'phase syncing', detail: { why: 'copied' } },
  ]);
});
