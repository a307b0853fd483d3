import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { COMMAND_SIGNALS, COMMAND_UPDATES, SEARCH_ATTRIBUTES } from '../../src/workflows/contract.ts';
import type { CommandAnswer, StartRunCommand } from '../../src/workflows/contract.ts';
import { currentDetails, eventsOf, eventually, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();

function refusalIn(answer: CommandAnswer) {
  if (answer.accepted) throw new Error('the command was accepted');
  return answer.refusal;
}

it('starts the workflow with the first command, and gives the next ones to the same', async () => {
  const project = bench().project();
  expect(await project.give('pause', { by: 'ops' })).toEqual({ accepted: true, phase: 'draft', run: null });
  const first = (await project.parent.describe()).runId;
  expect(await project.give('resume', { by: 'ops' })).toMatchObject({ accepted: true });
  expect((await project.parent.describe()).runId).toBe(first);
  expect(project.facts.paused).toBe(false);
});

it('refuses a run that is started twice, with the phase and what is allowed', async () => {
  const project = bench().project();
  project.facts.close('assess');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  const refusal = refusalIn(await project.give('startRun', { by: 'ops', kind: 'full' }));
  expect(refusal).toEqual({
    code: 'not-allowed-in-phase',
    message: 'startRun is not allowed in phase copying, while run full-1 is active; allowed: pause, cancel, setRate',
    phase: 'copying',
    allowed: ['pause', 'cancel', 'setRate'],
  });
  expect(project.facts.calls.admitCommand).toBe(1);
  project.facts.open('assess');
  await untilPhase(project, 'syncing');
});

it('lets only one of two starts through that arrive together', async () => {
  const project = bench().project();
  project.facts.close('assess');
  project.facts.close('admitCommand');
  const both = [1, 2].map(() => project.give('startRun', { by: 'ops', kind: 'full' }));
  // The validator saw both in phase draft: the second must be weighed again when its turn comes.
  await eventually(async () => expect((await eventsOf(project.parent)).get('workflowExecutionUpdateAccepted')).toBe(2));
  project.facts.open('admitCommand');
  const answers = await Promise.all(both);
  expect(answers.filter(({ accepted }) => accepted)).toHaveLength(1);
  expect(project.facts.runs.size).toBe(1);
  project.facts.open('assess');
  await untilPhase(project, 'syncing');
});

it('takes the next command of whoever saw in the ledger that the run has ended', async () => {
  const project = bench().project();
  project.facts.close('recordPhase');
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(() => expect(project.facts.calls.recordPhase).toBe(1));
  // The ledger may have been told, and its answer be on its way still.
  const next = project.give('startRun', { by: 'ops', kind: 'full' });
  await eventually(async () => expect((await eventsOf(project.parent)).get('workflowExecutionUpdateAccepted')).toBe(2));
  project.facts.open('recordPhase');
  expect(await next).toEqual({ accepted: true, phase: 'copying', run: 'full-2' });
  await untilPhase(project, 'syncing');
});

it('takes an approval to the ledger with its token, and none without, whoever brings it', async () => {
  const project = bench().project();
  const given = { by: 'ops', gate: 'mass-delete-product', token: 'once' };
  expect(await project.give('approve', given)).toMatchObject({ accepted: true });
  expect(project.facts.asked.at(-1)).toMatchObject({ command: 'approve', gate: 'mass-delete-product', token: 'once' });
  expect(refusalIn(await project.give('approve', { ...given, gate: '' })).code).toBe('malformed');
  expect(refusalIn(await project.give('approve', { ...given, token: '' })).message).toContain('gates/<gate>/tokens');
  await project.parent.signal(COMMAND_SIGNALS.approve, { by: 'somebody', gate: 'trial' } as never);
  await eventually(() => expect(project.facts.decisions.at(-1)).toContain('token must be a one-time word'));
  expect(project.facts.calls.admitCommand).toBe(1);
  await project.parent.signal(COMMAND_SIGNALS.approve, { ...given, by: 'somebody' });
  await eventually(() => expect(project.facts.calls.admitCommand).toBe(2));
});

it('takes rates to the ledger in whatever phase, and refuses those that make no sense', async () => {
  const project = bench().project();
  expect(await project.give('setRate', { by: 'ops', concurrency: 8 })).toMatchObject({ accepted: true });
  expect(project.facts.asked.at(-1)).toMatchObject({ command: 'setRate', rates: { concurrency: 8 } });
  for (const rates of [{}, { concurrency: 0 }, { batchSize: 10_000 }, { reservePercent: 4 }, { concurrency: 1.5 }])
    expect(refusalIn(await project.give('setRate', { by: 'ops', ...rates })).code).toBe('malformed');
  expect(project.facts.calls.admitCommand).toBe(1);
});

it('answers an Update that is sent twice under one id once', async () => {
  const project = bench().project();
  project.facts.close('assess');
  const id = randomUUID();
  const answers = await Promise.all([1, 2].map(() => project.give('startRun', { by: 'ops', kind: 'full' }, id)));
  const late = await project.give('startRun', { by: 'ops', kind: 'full' }, id);
  expect(answers).toEqual([late, late]);
  expect(late).toEqual({ accepted: true, phase: 'copying', run: 'full-1' });
  expect(project.facts.calls.admitCommand).toBe(1);
  project.facts.open('assess');
  await untilPhase(project, 'syncing');
  expect([...project.facts.runs.keys()]).toEqual(['full-1']);
});

it('passes on what the ledger refuses, in the words of the ledger', async () => {
  const project = bench().project();
  project.facts.stops = [{ key: 'no-license', message: 'no license' }];
  expect(refusalIn(await project.give('startRun', { by: 'ops', kind: 'full' }))).toEqual({
    code: 'no-license',
    message: 'the license has ended; renew it',
    phase: 'draft',
    allowed: ['startRun', 'pause', 'setRate'],
  });
  expect(await currentDetails(project.parent)).toContain('startRun by ops: refused: the license has ended');
});

it.each([
  [
    'cancel is not allowed in phase draft, while no run is active; allowed: startRun, pause, setRate',
    'cancel',
    { by: 'ops' },
  ],
  ['a recent run is not allowed in phase draft', 'startRun', { by: 'ops', kind: 'recent' }],
  ['startRun.kind must be one of full, demo, recent, resync, continuous', 'startRun', { by: 'ops', kind: 'half' }],
  ['startRun.by must say who gives the command in 1 to 100 characters', 'startRun', { kind: 'full' }],
  ['pause.reason must be a text of at most 500 characters', 'pause', { by: 'ops', reason: 'x'.repeat(501) }],
  ['pause.attention must be true or false', 'pause', { by: 'ops', attention: 'yes' }],
] as const)('refuses before the ledger is asked: %s', async (message, command, given) => {
  const project = bench().project();
  expect(refusalIn(await project.give(command, given as StartRunCommand)).message).toBe(message);
  expect(project.facts.calls.admitCommand).toBe(0);
});

it('tells people who send an Update from elsewhere the phase and what is allowed', async () => {
  const project = bench().project();
  await project.start({});
  const error = await project.parent.executeUpdate(COMMAND_UPDATES.cancel, { args: [{ by: 'cli' }] }).catch((e) => e);
  expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
  expect(error.cause).toBeInstanceOf(ApplicationFailure);
  expect(error.cause.message).toBe(
    'cancel is not allowed in phase draft, while no run is active; allowed: startRun, pause, setRate',
  );
});

it('refuses a start while the project is paused, and names resume', async () => {
  const project = bench().project();
  await project.give('pause', { by: 'ops' });
  const refusal = refusalIn(await project.give('startRun', { by: 'ops', kind: 'full' }));
  expect(refusal.message).toContain('while the project is paused');
  expect(refusal.allowed).toEqual(['resume', 'setRate']);
});

it('accepts a pause and a resume that are repeated, and changes nothing (P14)', async () => {
  const project = bench().project();
  for (const command of ['pause', 'pause', 'resume', 'resume'] as const) {
    expect(await project.give(command, { by: 'ops' })).toEqual({ accepted: true, phase: 'draft', run: null });
  }
  expect(project.facts).toMatchObject({ phase: 'draft', paused: false, attention: null });
});

it('obeys Signals by the same rules, and tells the decision log and the details what became of them', async () => {
  const project = bench().project();
  project.facts.close('assess');
  await project.start({});
  await project.parent.signal(COMMAND_SIGNALS.cancel, { by: 'signal' });
  await eventually(() => expect(project.facts.decisions).toHaveLength(1));
  expect(project.facts.decisions[0]).toContain(
    'draft by signal: signal cancel refused: cancel is not allowed in phase',
  );
  expect(await currentDetails(project.parent)).toContain('cancel by signal: refused');
  await project.parent.signal(COMMAND_SIGNALS.startRun, { by: 'signal', kind: 'full' });
  await untilPhase(project, 'copying');
  expect(project.facts.decisions[1]).toBe('startRun by signal admitted');
  await project.parent.signal(COMMAND_SIGNALS.startRun, { by: 'signal', kind: 'full' });
  await eventually(() => expect(project.facts.decisions).toHaveLength(3));
  expect(project.facts.decisions[2]).toContain('signal startRun refused');
  project.facts.open('assess');
  await untilPhase(project, 'syncing');
  expect(project.facts.runs.size).toBe(1);
});

it('survives a Signal of any shape', async () => {
  const project = bench().project();
  await project.start({});
  await project.parent.signal('startRun', 'nonsense');
  await project.parent.signal('pause');
  await project.parent.signal('resume', { by: 7 });
  await eventually(() => expect(project.facts.decisions).toHaveLength(3));
  expect(project.facts.decisions[0]).toContain('startRun takes one object, string came');
  expect(await project.give('pause', { by: 'ops' })).toMatchObject({ accepted: true });
});

it('says that the ledger gave no answer, and takes over the run whose admission got lost', async () => {
  const project = bench().project();
  project.facts.fail('admitCommand', ApplicationFailure.nonRetryable('the ledger is away'), 1);
  const refusal = refusalIn(await project.give('startRun', { by: 'ops', kind: 'full' }));
  expect(refusal).toMatchObject({ code: 'ledger-silent', phase: 'draft' });
  // What the ledger did before its answer got lost.
  project.facts.runs.set('full-1', { state: 'running', reason: null });
  expect(await project.give('startRun', { by: 'ops', kind: 'full' })).toMatchObject({ accepted: true, run: 'full-1' });
  await untilPhase(project, 'syncing');
  expect([...project.facts.runs.keys()]).toEqual(['full-1']);
});

it('asks the ledger again under the same id when an attempt got lost', async () => {
  const project = bench().project();
  project.facts.close('assess');
  project.facts.fail('admitCommand', ApplicationFailure.retryable('the connection broke'), 2);
  expect(await project.give('startRun', { by: 'ops', kind: 'full' })).toMatchObject({ accepted: true });
  expect(project.facts.calls.admitCommand).toBe(3);
  project.facts.open('assess');
  await untilPhase(project, 'syncing');
});

it('changes the attention attribute at most once a minute, whatever comes', async () => {
  const project = bench().project();
  await project.give('pause', { by: 'rule', reason: 'look at this', attention: true });
  await eventually(async () => {
    const { typedSearchAttributes: shown } = await project.parent.describe();
    expect(shown.get(SEARCH_ATTRIBUTES.attention)).toBe(true);
  });
  for (const command of ['resume', 'pause', 'resume'] as const) {
    await project.give(command, { by: 'ops', ...(command === 'pause' ? { attention: true } : {}) });
  }
  expect(project.facts.attention).toBeNull();
  expect((await eventsOf(project.parent)).get('upsertWorkflowSearchAttributes')).toBe(1);
});
