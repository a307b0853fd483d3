import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, vi } from 'vitest';
import type { Phase } from '../../src/domain/phases.ts';
import { openBench } from './bench.ts';
import type { Bench, TestProject } from './bench.ts';

const PATIENCE = { timeout: 40_000, interval: 30 };

/** A bench with a worker for the tests of one file. */
export function useBench(): () => Bench {
  let bench: Bench | undefined;
  beforeAll(async () => {
    bench = await openBench({
      address: inject('temporalAddress'),
      namespace: inject('temporalNamespace'),
      bundlePath: inject('workflowBundlePath'),
    });
    await bench.startWorker();
  });
  afterAll(() => bench?.close());
  return () => {
    if (bench === undefined) throw new Error('the bench is opened before the first test');
    return bench;
  };
}

export function eventually(check: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(check, PATIENCE);
}

export function untilPhase({ facts }: TestProject, phase: Phase): Promise<void> {
  return eventually(() => expect(facts.phase).toBe(phase));
}

/** What Temporal UI shows on a workflow's page. */
export async function currentDetails(handle: WorkflowHandle): Promise<string> {
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

/** Events of an execution: how many of each kind, in the server's words. */
export async function eventsOf(handle: WorkflowHandle): Promise<Map<string, number>> {
  const { events } = await handle.fetchHistory();
  const counts = new Map<string, number>();
  for (const event of events ?? []) {
    const kind = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? 'unknown';
    const name = kind.replace('EventAttributes', '');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** The one-line texts beside activities and timers in Temporal UI. */
export async function summariesOf(handle: WorkflowHandle): Promise<string[]> {
  const { events } = await handle.fetchHistory();
  const texts = (events ?? []).map((event) => event.userMetadata?.summary?.data);
  return texts.flatMap((data) => (data ? [JSON.parse(Buffer.from(data).toString()) as string] : []));
}
