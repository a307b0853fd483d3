import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { openTemporalClient } from '../../src/temporal/client.ts';
import type { TemporalClient } from '../../src/temporal/client.ts';
import type { KnownProject } from '../../src/domain/known-project.ts';
import { CommandUnanswered, Migrations } from '../../src/temporal/migrations.ts';

let temporal: TemporalClient;
beforeAll(() => {
  temporal = openTemporalClient(profileAt(inject('temporalAddress')));
});
afterAll(() => temporal.close());

function profileAt(address: string) {
  return { address, namespace: inject('temporalNamespace'), connectionOptions: { address } };
}

function project(given: Partial<KnownProject> = {}): KnownProject {
  const slug = `p-${randomUUID().slice(0, 8)}`;
  return {
    slug,
    phase: 'draft',
    paused: false,
    attention: null,
    alerts: null,
    activeRun: null,
    hasBaseline: false,
    ...given,
  };
}

it('says that nobody answered when no worker is up, and leaves the command to the worker that comes', async () => {
  const migrations = new Migrations({
    client: temporal.client,
    queuePrefix: `none-${randomUUID().slice(0, 8)}`,
    answerWithinMs: 300,
  });
  const known = project();
  const error = await migrations.command(known, 'pause', { by: 'ops' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CommandUnanswered);
  expect((error as Error).message).toContain(`no worker answered pause for ${known.slug}`);
  const handle = temporal.client.workflow.getHandle(`migration-${known.slug}`);
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await handle.terminate();
});

it('ends the workflow of a project, and minds none that is not there', async () => {
  const queuePrefix = `none-${randomUUID().slice(0, 8)}`;
  const migrations = new Migrations({ client: temporal.client, queuePrefix, answerWithinMs: 300 });
  const known = project();
  await expect(migrations.command(known, 'pause', { by: 'ops' })).rejects.toThrow(CommandUnanswered);
  await migrations.end(known.slug);
  await migrations.end('never-was');
  const handle = temporal.client.workflow.getHandle(`migration-${known.slug}`);
  // No worker is there to obey; that it was asked is in its history.
  const { events } = await handle.fetchHistory();
  expect(events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes != null)).toBe(true);
  await handle.terminate();
});

it('lists running projects by their search attributes', async () => {
  const migrations = new Migrations({
    client: temporal.client,
    queuePrefix: `none-${randomUUID().slice(0, 8)}`,
    answerWithinMs: 300,
  });
  const known = project({ phase: 'syncing', hasBaseline: true, attention: 'look here' });
  await expect(migrations.command(known, 'pause', { by: 'ops' })).rejects.toThrow(CommandUnanswered);
  await vi.waitFor(async () => {
    const listed = (await migrations.list()).find((one) => one.project === known.slug);
    expect(listed).toMatchObject({
      workflowId: `migration-${known.slug}`,
      phase: 'syncing',
      runKind: null,
      attention: true,
    });
    expect(listed?.startedAt).toBeInstanceOf(Date);
  }, 20_000);
  expect(await migrations.list(1)).toHaveLength(1);
  await temporal.client.workflow.getHandle(`migration-${known.slug}`).terminate();
});

it('opens without a server and says what is missing', async () => {
  const nowhere = openTemporalClient(profileAt('127.0.0.1:1'));
  expect(await nowhere.problem(500)).toContain('Temporal at 127.0.0.1:1, namespace storeferry-test');
  await nowhere.close();
  expect(await temporal.problem(10_000)).toBeUndefined();
});

it('names a namespace that does not exist', async () => {
  const address = inject('temporalAddress');
  const wrong = openTemporalClient({ address, namespace: 'no-such-shop', connectionOptions: { address } });
  expect(await wrong.problem(10_000)).toContain('namespace no-such-shop');
  await wrong.close();
});
