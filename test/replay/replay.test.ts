import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, it } from 'vitest';
import { quietLogger } from '../support/quiet-logger.ts';
import { readHistory, workflowIdOf } from './history-file.ts';

const folder = new URL('histories/', import.meta.url);
const files = readdirSync(folder).sort();
const workflowBundle = { codePath: inject('workflowBundlePath') };

beforeAll(() => {
  Runtime.install({ logger: quietLogger });
});

function history(file: string) {
  return readHistory(fileURLToPath(new URL(file, folder)));
}

it.each(files)('today code takes the same decisions as when %s was recorded', async (file) => {
  const recorded = history(file);
  await expect(Worker.runReplayHistory({ workflowBundle }, recorded, workflowIdOf(recorded))).resolves.toBeUndefined();
});

it('would notice code that decides otherwise', async () => {
  const recorded = history('full-migration-completed.json');
  const scheduled = (recorded.events ?? []).find((event) => event.activityTaskScheduledEventAttributes);
  const activity = scheduled?.activityTaskScheduledEventAttributes?.activityType;
  if (!activity) throw new Error('the history schedules no activity');
  activity.name = 'assessElsewhere';
  const replay = Worker.runReplayHistory({ workflowBundle }, recorded, workflowIdOf(recorded));
  await expect(replay).rejects.toThrow(/assessElsewhere|[Nn]ondeterminism/);
});

it('keeps a history for every way that a run and a project can go', () => {
  expect(files).toEqual(
    [
      ...['completed', 'cancelled', 'cancelled-in-temporal', 'credentials', 'stopped', 'passes'].map(
        (n) => `full-migration-${n}`,
      ),
      ...[
        'full',
        'steered',
        'credentials',
        'stopped',
        'run-terminated',
        'continues',
        'continued',
        'cancelled',
        'passes',
        'alerts',
      ].map((name) => `migration-${name}`),
      ...['completed', 'skipped'].map((name) => `scheduled-run-${name}`),
      'continuous-sync',
    ]
      .map((name) => `${name}.json`)
      .sort(),
  );
});

it('keeps nothing of the machine that recorded it', () => {
  const texts = files.map((file) => JSON.stringify(history(file)));
  const identities = new Set(texts.flatMap((text) => text.match(/"identity":"[^"]*"/g) ?? []));
  // What the server's own scheduler starts bears the names of the namespace and the schedule.
  const scheduler = /^"identity":"temporal-scheduler-storeferry-test-schedule-recorded-schedule\/(often|nightly)"$/;
  const others = [...identities].filter((identity) => !scheduler.test(identity));
  expect(others.sort()).toEqual(['"identity":"history-service"', '"identity":"test"']);
  expect(texts.filter((text) => text.includes('node_modules'))).toEqual([]);
});

it('bundles nothing but our workflows and rules and what the SDK itself needs', () => {
  const code = readFileSync(workflowBundle.codePath, 'utf8');
  const modules = [...code.matchAll(/^\/\*\*\*\/ "\.\/(src\/[^/"]+|node_modules\/(?:@[^/]+\/)?[^/"]+)/gm)];
  const sdk = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc'];
  expect([...new Set(modules.map(([, place]) => String(place)))].sort()).toEqual([
    ...sdk.map((name) => `node_modules/${name}`),
    'src/domain',
    'src/workflows',
  ]);
});
