import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { loadSettings } from '../../src/config/settings.ts';
import type { TestProject } from './bench.ts';
import { openShell, readExamples } from './runbook.ts';
import { eventually, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();
const examples = readExamples();
const executed = new Set<string>();
let shell: Awaited<ReturnType<typeof openShell>>;
let project: TestProject;

beforeAll(async () => {
  shell = await openShell({ address: inject('temporalAddress'), namespace: inject('temporalNamespace') });
});
afterAll(() => shell.close());
beforeEach(async () => {
  project = bench().project();
  project.facts.close('assess');
  // As the page says: a project's workflow is there from its first command through the API on.
  await project.give('resume', { by: 'api' });
  project.facts.decisions.length = 0;
});
afterEach(async () => {
  project.facts.open('assess');
  await eventually(() => {
    if ([...project.facts.runs.values()].some(({ state }) => state === 'running')) throw new Error('a run is active');
  });
});

const follow = (name: string) => {
  executed.add(name);
  return shell.run(examples.get(name) ?? `echo "the page has no example ${name}"; exit 99`, project.slug);
};
/** The words in which the project answered an Update. */
const accepted = { code: 0, output: expect.stringMatching(/"accepted":\s*true/) };
const lastDecision = (what: string) => eventually(() => expect(project.facts.decisions.at(-1)).toContain(what));

it('points the CLI at the server of temporal-dev.yml', () => {
  const packageFolder = new URL('../..', import.meta.url).pathname;
  const { temporal } = loadSettings({ variables: {}, workingFolder: '/', packageFolder, searchFile: true });
  executed.add('connect');
  expect(examples.get('connect')?.split('\n')).toEqual([
    `export TEMPORAL_ADDRESS=${temporal.host}:${temporal.port}`,
    `export TEMPORAL_NAMESPACE=${temporal.namespace}`,
  ]);
});

it('lists projects, and those that need a person', async () => {
  await eventually(async () => expect((await follow('list')).output).toContain(project.parent.workflowId));
  expect(await follow('list-attention')).toMatchObject({ code: 0, output: '' });
  expect(await follow('pause-attention')).toMatchObject(accepted);
  expect(project.facts).toMatchObject({ paused: true, attention: 'prices look wrong' });
  await eventually(async () => expect((await follow('list-attention')).output).toContain(project.parent.workflowId));
});

it('shows where a project stands', async () => {
  const { code, output } = await follow('details');
  expect(code).toBe(0);
  expect(output).toContain('**Phase:** draft');
  expect(output).toContain('resume by api: accepted');
});

it.each(['start-update', 'start-signal'])('%s starts a full run', async (name) => {
  expect((await follow(name)).code).toBe(0);
  await untilPhase(project, 'copying');
  expect([...project.facts.runs]).toEqual([['full-1', { state: 'running', reason: null }]]);
  expect(project.facts.decisions).toEqual(['startRun by operations admitted']);
});

it('refuses a second start while a run is active, and changes nothing', async () => {
  await project.give('startRun', { by: 'api', kind: 'full' });
  const { code, error } = await follow('start-update');
  expect(code).toBe(1);
  expect(error).toContain('startRun is not allowed in phase copying, while run full-1 is active');
  await follow('start-signal');
  await lastDecision('signal startRun refused: startRun is not allowed in phase copying');
  expect([...project.facts.runs.keys()]).toEqual(['full-1']);
});

it.each(['update', 'signal'])('pause and resume by %s', async (way) => {
  expect((await follow(`pause-${way}`)).code).toBe(0);
  await lastDecision('pause by operations admitted');
  expect(project.facts.paused).toBe(true);
  expect((await follow(`resume-${way}`)).code).toBe(0);
  await lastDecision('resume by operations admitted');
  expect(project.facts.paused).toBe(false);
});

/** Follows the source after a full run of 300 records, by the page's own example. */
async function following(): Promise<void> {
  project.facts.open('assess');
  await project.give('startRun', { by: 'api', kind: 'full' });
  await untilPhase(project, 'syncing');
  project.facts.unread = 0;
  expect(await follow('follow-update')).toMatchObject(accepted);
}
const FINISHED = { state: 'completed', reason: null };

it.each(['finish-update', 'finish-signal'])(
  '%s ends a continuous run when what is there is brought over',
  async (name) => {
    await following();
    project.facts.changed = 40;
    await eventually(() => expect(project.facts.settled).toBe(340));
    expect(project.facts.runs.get('continuous-2')?.state).toBe('running');
    project.facts.changed = 7;
    expect((await follow(name)).code).toBe(0);
    await eventually(() => expect(project.facts.runs.get('continuous-2')).toEqual(FINISHED));
    expect(project.facts.settled).toBe(347);
    expect(project.facts.decisions).toContain('finish by operations admitted');
    await eventually(async () => expect((await follow('details')).output).toContain('**Run:** none'));
  },
);

it('a finish may be repeated, waits for the resume of a pause, and is turned away where nothing follows', async () => {
  expect(await follow('finish-update')).toMatchObject({
    code: 1,
    error: expect.stringContaining('finish is not allowed'),
  });
  await following();
  await follow('pause-update');
  project.facts.changed = 7;
  expect(await follow('finish-update')).toMatchObject(accepted);
  expect(await follow('finish-update')).toMatchObject(accepted);
  expect(project.facts.runs.get('continuous-2')?.state).toBe('running');
  await follow('resume-update');
  await eventually(() => expect(project.facts.runs.get('continuous-2')).toEqual(FINISHED));
  expect(project.facts.settled).toBe(307);
});

it.each(['cancel-update', 'cancel-signal'])('%s ends the active run', async (name) => {
  await project.give('startRun', { by: 'api', kind: 'full' });
  expect((await follow(name)).code).toBe(0);
  await eventually(() => expect(project.facts.runs.get('full-1')?.state).toBe('cancelled'));
  expect(project.facts.decisions).toContain('cancel by operations admitted');
});

it('prints the answer of an Update as the page shows it', async () => {
  const { output } = await follow('start-update');
  expect(JSON.parse(output).result).toEqual({ accepted: true, phase: 'copying', run: 'full-1' });
});

it('prints what the ledger refused, with the exit code that the page names', async () => {
  project.facts.stops = [{ key: 'no-license', message: 'no license' }];
  const { code, output } = await follow('start-update');
  expect(code).toBe(0);
  expect(JSON.parse(output).result).toMatchObject({
    accepted: false,
    refusal: { message: 'the license has ended; renew it', allowed: ['startRun', 'pause', 'setRate'] },
  });
});

it('takes an approval with its token to the ledger, by Update and by Signal', async () => {
  expect(await follow('approve-update')).toMatchObject(accepted);
  expect(project.facts.decisions).toEqual(['approve by operations admitted']);
  expect((await follow('approve-signal')).code).toBe(0);
  await eventually(() => expect(project.facts.decisions).toHaveLength(2));
  expect(project.facts.asked.filter(({ command }) => command === 'approve')).toMatchObject([
    { gate: 'mass-delete-product', token: 'the-one-time-word' },
    { gate: 'trial', token: 'the-one-time-word' },
  ]);
});

it('takes rates by Update and by Signal', async () => {
  expect(await follow('rate-update')).toMatchObject(accepted);
  expect((await follow('rate-signal')).code).toBe(0);
  await eventually(() => {
    const rates = project.facts.asked.flatMap((asked) => asked.rates ?? []);
    expect(rates).toEqual([{ concurrency: 2, reservePercent: 50 }, { batchSize: 20 }]);
  });
  expect(await follow('rate-unset')).toMatchObject(accepted);
  expect(project.facts.asked.at(-1)?.rates).toEqual({ concurrency: null, reservePercent: null });
});

it('answers an Update that is repeated under its id as before', async () => {
  const { code, output } = await follow('start-once');
  expect(code).toBe(0);
  expect(output.match(/"accepted":\s*true/g)).toHaveLength(2);
  expect(project.facts.calls.admitCommand).toBe(2); // the first command through the API, and one start
  expect([...project.facts.runs.keys()]).toEqual(['full-1']);
});

it('has followed every example of the page', () => {
  expect([...examples.keys()].filter((name) => !executed.has(name))).toEqual([]);
});
