import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { Migrations } from '../../src/temporal/migrations.ts';
import { connectWorker, installTemporalRuntime } from '../../src/worker/connection.ts';
import { startWorker } from '../../src/worker/start-worker.ts';
import type { RunningWorker } from '../../src/worker/start-worker.ts';
import { DEFAULT_LANES, DEFAULT_TIMINGS, runWorkflowId } from '../../src/workflows/contract.ts';
import { fakeActivities } from '../workflow/fake-activities.ts';
import type { Call, Name } from '../workflow/fake-activities.ts';
import { FakeProject } from '../workflow/fake-project.ts';

/** The server's number for a pending activity that a worker is at. */
const STARTED = 2;
const PATIENCE = { timeout: 40_000, interval: 30 };
const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
const lines: Record<string, unknown>[] = [];
const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line) as never) });
const namespace = inject('temporalNamespace');
let native: NativeConnection;
let connection: Connection;

beforeAll(async () => {
  installTemporalRuntime(logger);
  const address = inject('temporalAddress');
  native = await connectWorker({ address, namespace, connectionOptions: { address } });
  connection = await Connection.connect({ address });
});
afterAll(async () => {
  await native.close();
  await connection.close();
});

interface Site {
  readonly facts: FakeProject;
  /** Queue and attempt of each activity that began. */
  readonly begun: { name: Name; queue: string; attempt: number }[];
  start(shutdownGraceMs: number, over?: NativeConnection): Promise<RunningWorker>;
  /** States of the apply boxes that the server holds. */
  pendingBoxes(): Promise<string[]>;
  give(command: 'startRun' | 'pause' | 'cancel'): Promise<unknown>;
}

function openSite(): Site {
  const slug = `p-${randomUUID().slice(0, 8)}`;
  const prefix = `worker-${slug}`;
  const client = new Client({ connection, namespace });
  const facts = new FakeProject(() => Promise.resolve(true));
  const migrations = new Migrations({
    client,
    queuePrefix: prefix,
    timings: { ...DEFAULT_TIMINGS, heartbeatMs: 1_000 },
    answerWithinMs: 30_000,
  });
  const begun: Site['begun'] = [];
  const call: Call = (name, input, signal) => {
    const { taskQueue, attempt } = Context.current().info;
    begun.push({ name, queue: taskQueue.replace(`${prefix}-`, ''), attempt });
    return facts.call(name, input, signal);
  };
  const settings = {
    taskQueuePrefix: prefix,
    slots: { control: 5, read: 5, apply: 1, verify: 1 },
    maxCachedWorkflows: 10,
    stickyQueueScheduleToStartMs: 200,
  };
  return {
    facts,
    begun,
    start: (shutdownGraceMs, over = native) =>
      startWorker({
        settings: { ...settings, shutdownGraceMs },
        connection: over,
        namespace,
        activities: fakeActivities(call),
        logger,
        workflows: { workflowsPath },
      }),
    pendingBoxes: async () => {
      const { raw } = await client.workflow.getHandle(runWorkflowId(slug, 'full-1')).describe();
      const boxes = (raw.pendingActivities ?? []).filter(({ activityType }) => activityType?.name === 'applyChanges');
      return boxes.map(({ state }) => (Number(state) === STARTED ? 'STARTED' : 'SCHEDULED')).sort();
    },
    give: (command) => {
      const known = {
        slug,
        phase: facts.phase,
        paused: false,
        attention: null,
        alerts: null,
        activeRun: null,
        hasBaseline: false,
      };
      return migrations.command(known, command, { by: 'ops', kind: 'full' });
    },
  };
}

const boxesBegun = (site: Site) => site.begun.filter(({ name }) => name === 'applyChanges');

it('runs each activity on the queue of its kind, with as many at once as the queue has slots', async () => {
  const site = openSite();
  site.facts.close('applyChanges');
  const worker = await site.start(0);
  await site.give('startRun');
  await vi.waitFor(() => expect(site.facts.calls.readSlices).toBeGreaterThanOrEqual(3), PATIENCE);
  // All lanes want to apply and one slot is there; commands are answered all the same.
  const waiting = Array.from({ length: DEFAULT_LANES.apply - 1 }, () => 'SCHEDULED');
  await vi.waitFor(async () => expect(await site.pendingBoxes()).toEqual([...waiting, 'STARTED']), PATIENCE);
  expect(boxesBegun(site)).toHaveLength(1);
  expect(await site.give('pause')).toMatchObject({ accepted: true });
  const queues = new Map(site.begun.map(({ name, queue }) => [name, queue]));
  expect(Object.fromEntries(queues)).toEqual({
    admitCommand: 'control',
    assess: 'read',
    matchTarget: 'read',
    planSlices: 'read',
    readSlices: 'read',
    applyChanges: 'apply',
  });
  await worker.shutdown();
});

it('lets a box that is at work finish within the grace', async () => {
  const site = openSite();
  site.facts.close('applyChanges');
  const worker = await site.start(60_000);
  await site.give('startRun');
  await vi.waitFor(() => expect(boxesBegun(site)).toHaveLength(1), PATIENCE);
  const ended = worker.shutdown();
  site.facts.open('applyChanges');
  await ended;
  await expect(worker.run()).resolves.toBeUndefined();
  expect(site.facts.settled).toBeGreaterThan(0);
});

it('hands a box that does not finish to the next worker as a further attempt, and the run does not notice', async () => {
  const site = openSite();
  site.facts.close('applyChanges');
  const first = await site.start(0);
  await site.give('startRun');
  await vi.waitFor(() => expect(boxesBegun(site)).toHaveLength(1), PATIENCE);
  await first.shutdown();
  site.facts.open('applyChanges');
  const second = await site.start(0);
  await vi.waitFor(() => expect(site.facts.phase).toBe('syncing'), PATIENCE);
  expect(boxesBegun(site).some(({ attempt }) => attempt === 2)).toBe(true);
  expect(site.facts.runs.get('full-1')?.state).toBe('completed');
  await second.shutdown();
});

it('ends by force when an activity does not heed the stop, and says so', async () => {
  const site = openSite();
  site.facts.call = () => new Promise(() => {});
  // The SDK cannot let go of what such an activity holds, so this connection cannot be closed: the process has to end.
  const address = inject('temporalAddress');
  const worker = await site.start(0, await connectWorker({ address, namespace, connectionOptions: { address } }));
  void site.give('pause').catch(() => undefined);
  await vi.waitFor(() => expect(site.begun).not.toHaveLength(0), PATIENCE);
  await worker.shutdown();
  await expect(worker.run()).rejects.toThrow(/in use|shutdown/i);
});

it('writes what the SDK says as events of our log', () => {
  expect(lines.some(({ msg, sdkComponent }) => typeof msg === 'string' && sdkComponent === 'worker')).toBe(true);
});
