import { ApplicationFailure } from '@temporalio/workflow';
import { FAILURE_TYPES } from './contract.ts';
import type { RunStep } from './contract.ts';
import { enter, untilDone } from './run.ts';
import type { Run } from './run.ts';
import { preparingActivities } from './stages.ts';

/** How every run begins that follows its source: a look at both stores, the sweeps that are due, a first poll. */
export async function beginFollowing(run: Run, next: RunStep): Promise<void> {
  if (run.step === 'assess') {
    await assess(run);
    enter(run, 'plan');
  }
  if (run.step === 'plan') {
    await planSlices(run);
    enter(run, 'capture');
  }
  if (run.step === 'capture') {
    await captureChanges(run);
    enter(run, next);
  }
}

/** Looks at both stores; what stops the run ends it before its first write. */
export async function assess(run: Run): Promise<void> {
  const { stops } = await untilDone(run, () =>
    preparing(run).assess.executeWithOptions({ summary: 'assess the source' }, [run.ref]),
  );
  if (stops.length > 0) {
    const reasons = stops.map(({ message }) => message).join('; ');
    throw ApplicationFailure.nonRetryable(reasons, FAILURE_TYPES.runStopped);
  }
}

export async function planSlices(run: Run): Promise<void> {
  const { passes } = await untilDone(run, () =>
    preparing(run).planSlices.executeWithOptions({ summary: 'start capture and plan slices' }, [run.ref]),
  );
  run.passes = passes;
}

/** The store was alive while it was copied: what changed meanwhile is brought over before the run ends. */
export async function captureChanges(run: Run): Promise<void> {
  await untilDone(run, () =>
    preparing(run).captureChanges.executeWithOptions({ summary: `pass ${run.pass}: capture what changed` }, [run.ref]),
  );
}

export function preparing({ input }: Run) {
  return preparingActivities(input.queuePrefix, input.timings);
}
