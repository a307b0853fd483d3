import { expect, it } from 'vitest';
import { alertsSignal, SEARCH_ATTRIBUTES } from '../../src/workflows/contract.ts';
import type { TestProject } from './bench.ts';
import { currentDetails, eventsOf, eventually, untilPhase, useBench } from './test-bench.ts';

const bench = useBench();
const LAG = 'lag-above-limit';
const SAYS_LAG = `open alerts: ${LAG} (storeferry alerts`;
/** Found as an operator finds it: by the filter, and by what the project's page says. */
const found = ({ slug, parent }: TestProject) =>
  eventually(async () => {
    const listed: string[] = [];
    const query = `StoreferryProject = '${slug}' AND StoreferryAttention = true`;
    for await (const { workflowId } of bench().client.workflow.list({ query })) listed.push(workflowId);
    expect(listed).toContain(parent.workflowId);
  });
const attribute = (project: TestProject, is: boolean) =>
  eventually(async () => {
    const { typedSearchAttributes: shown } = await project.parent.describe();
    expect(shown.get(SEARCH_ATTRIBUTES.attention)).toBe(is);
  });
const says = (project: TestProject, what: string) =>
  eventually(async () => expect(await currentDetails(project.parent)).toContain(what));
const saysNothing = (project: TestProject) =>
  eventually(async () => {
    const details = await currentDetails(project.parent);
    expect(details).not.toContain('Needs a person');
    expect(details).not.toContain('Open alerts');
  });
/** A project whose workflow has obeyed its first command. */
async function begun(): Promise<TestProject> {
  const project = bench().project();
  await project.give('resume', { by: 'api' });
  return project;
}

it('an alert alone brings the project up in the list, named, and goes when it closes', async () => {
  const project = await begun();
  expect(await project.tell({ version: 1, names: [LAG] })).toBe(true);
  await found(project);
  await says(project, `**Needs a person:** ${SAYS_LAG}`);
  await project.tell({ version: 2, names: [] });
  await saysNothing(project);
  // What changes with a phase is shown at once; by itself the attribute would follow within a minute.
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await attribute(project, false);
  expect(project.facts.attention).toBeNull();
});

it('is brought up from the start by what the ledger knows, and lowered at once when it is over', async () => {
  const project = bench().project();
  project.facts.alerts = { version: 5, names: [LAG] };
  expect(await project.tell(project.facts.alerts)).toBe(false);
  await project.give('resume', { by: 'api' });
  await found(project);
  await says(project, SAYS_LAG);
  await project.tell({ version: 6, names: [] });
  await attribute(project, false);
  await saysNothing(project);
});

it('told twice, or late, it changes nothing', async () => {
  const project = await begun();
  await project.tell({ version: 3, names: [LAG] });
  await project.tell({ version: 3, names: [LAG] });
  await project.tell({ version: 2, names: ['no-progress'] });
  await attribute(project, true);
  await project.tell({ version: 4, names: [LAG, 'no-progress'] });
  await says(project, `${LAG}, no-progress`);
  expect((await eventsOf(project.parent)).get('upsertWorkflowSearchAttributes')).toBe(1);
});

it('an alert that opens before a pause outlives it, and the pause comes first', async () => {
  const project = await begun();
  await project.tell({ version: 1, names: [LAG] });
  await says(project, SAYS_LAG);
  await project.give('pause', { by: 'rule', reason: 'prices look wrong', attention: true });
  await says(project, '**Needs a person:** prices look wrong');
  await says(project, `**Open alerts:** ${LAG}`);
  await project.give('resume', { by: 'ops' });
  await says(project, `**Needs a person:** ${SAYS_LAG}`);
  await attribute(project, true);
  await project.tell({ version: 2, names: [] });
  await saysNothing(project);
  expect(project.facts).toMatchObject({ paused: false, attention: null });
});

it('an alert that opens during a pause and closes before its end leaves it as it was', async () => {
  const project = await begun();
  await project.give('pause', { by: 'rule', reason: 'prices look wrong', attention: true });
  await project.tell({ version: 1, names: [LAG] });
  await says(project, `**Open alerts:** ${LAG}`);
  await project.tell({ version: 2, names: [] });
  await eventually(async () => expect(await currentDetails(project.parent)).not.toContain(LAG));
  await says(project, '**Needs a person:** prices look wrong');
  await attribute(project, true);
  // The ledger's own word on who must look is not mixed with alerts.
  expect(project.facts.attention).toBe('prices look wrong');
});

it('a gate that is passed while an alert is open leaves the alert', async () => {
  const project = bench().project();
  project.facts.passes = 2;
  project.facts.verdicts.push({ verdict: 'gate', gate: 'trial', livesMs: 60_000 });
  await project.give('startRun', { by: 'ops', kind: 'full' });
  await says(project, '**Needs a person:** gate trial waits for approval');
  await project.tell({ version: 1, names: [LAG] });
  await says(project, `**Open alerts:** ${LAG}`);
  await project.give('approve', { by: 'ops', gate: 'trial', token: 'once' });
  await untilPhase(project, 'syncing');
  await says(project, `**Needs a person:** ${SAYS_LAG}`);
  await attribute(project, true);
  expect(project.facts.attention).toBeNull();
});

it('is remembered when the project goes on in a new history', async () => {
  const project = bench().project();
  await project.start({ continueAfterCommands: 1 });
  const { runId } = await project.parent.describe();
  await project.tell({ version: 1, names: [LAG] });
  await says(project, SAYS_LAG);
  await project.give('resume', { by: 'ops' });
  await eventually(async () => expect((await project.parent.describe()).runId).not.toBe(runId));
  await says(project, SAYS_LAG);
  await attribute(project, true);
  await project.tell({ version: 1, names: [] });
  await project.tell({ version: 2, names: ['no-progress'] });
  await says(project, 'open alerts: no-progress');
});

it('goes on as before when somebody signals what says nothing', async () => {
  const project = await begun();
  await project.parent.signal(alertsSignal, { version: 'new' } as never);
  await project.parent.signal('alerts');
  await project.tell({ version: 1, names: [LAG] });
  await says(project, SAYS_LAG);
  expect((await eventsOf(project.parent)).get('workflowTaskFailed')).toBeUndefined();
});
