import {
  ActivityFailure,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  ParentClosePolicy,
  startChild,
  TemporalFailure,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy } from '@temporalio/common';
import type { RunOutcome } from '../activities/activity-types.ts';
import { afterEvent } from '../domain/phases.ts';
import type { PhaseEvent, RunKind } from '../domain/phases.ts';
import { runWorkflowId, SEARCH_ATTRIBUTES, steerSignal, WORKFLOW_TYPES } from './contract.ts';
import type { MigrationState } from './contract.ts';
import { lookSoon, standingOf } from './desk.ts';
import type { Desk } from './desk.ts';
import type { fullMigration } from './full-migration.ts';

const TYPES: Partial<Record<RunKind, string>> = {
  recent: WORKFLOW_TYPES.recentSync,
  continuous: WORKFLOW_TYPES.continuousSync,
};

/** Starts the run's workflow, whose name is the run's: a second start of the same run finds the first. */
export async function launchRun(desk: Desk, run: string): Promise<void> {
  const { project, queuePrefix, timings, lanes } = desk.input;
  const kind = desk.state.runKind ?? 'full';
  desk.lookAt = Date.now() + timings.watchdogMs;
  try {
    const type = TYPES[kind] ?? WORKFLOW_TYPES.fullMigration;
    const child = await startChild<typeof fullMigration>(type, {
      workflowId: runWorkflowId(project, run),
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      // The project continues as new while its run is open; the run must outlive that.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      args: [{ project, run, kind, queuePrefix, timings, lanes }],
      staticSummary: `run ${run} of ${project}`,
      typedSearchAttributes: [
        { key: SEARCH_ATTRIBUTES.project, value: project },
        { key: SEARCH_ATTRIBUTES.runKind, value: kind },
      ],
    });
    // As long as this execution lasts, the server tells of the end by itself, a termination too; then the watchdog must do.
    const look = () => lookSoon(desk);
    void child.result().then(look, look);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    lookSoon(desk);
  }
}

/** Tells the active run how the project stands. */
export async function steerRun(desk: Desk, { cancelled }: { readonly cancelled: boolean }): Promise<void> {
  const { run, paused } = desk.state;
  if (run === null) return;
  try {
    await getExternalWorkflowHandle(runWorkflowId(desk.input.project, run)).signal(steerSignal, { paused, cancelled });
  } catch (error) {
    if (!(error instanceof TemporalFailure) || isCancellation(error)) throw error;
    log.warn('the run took no signal; looking after it', { run });
    lookSoon(desk);
  }
}

const EVENTS: Record<RunOutcome, PhaseEvent> = {
  completed: 'runCompleted',
  failed: 'runFailed',
  cancelled: 'runCancelled',
};

/** Longest wait before a settlement that did not reach the ledger is tried again. */
const RETRY_MS = 30_000;

/** Asks how the active run stands and, when it has ended, moves the project on. */
export async function settleRun(desk: Desk): Promise<void> {
  const { watchdogMs } = desk.input.timings;
  // Set first: a report that comes meanwhile must bring another look.
  desk.lookAt = Date.now() + watchdogMs;
  await desk.inTurn(async () => {
    const { run } = desk.state;
    if (run === null) return;
    try {
      const seen = await desk.activities.inspectRun.executeWithOptions({ summary: `see how run ${run} stands` }, [
        { project: desk.input.project, run },
      ]);
      if (seen.state !== 'running') await moveOn(desk, run, seen.state, seen.reason);
    } catch (error) {
      if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
      log.warn('the end of a run could not be settled yet', { run, error });
      desk.lookAt = Date.now() + Math.min(watchdogMs, RETRY_MS);
    }
  });
}

async function moveOn(desk: Desk, run: string, outcome: RunOutcome, reason: string | null): Promise<void> {
  const why = `run ${run} ${outcome}${reason === null ? '' : `: ${reason}`}`;
  const next = stateAfterRun(desk.state, outcome, why);
  const { phase, attention } = next;
  desk.upcoming = next;
  try {
    const stands = await desk.activities.recordPhase.executeWithOptions(
      { summary: `run ${run} ${outcome}: phase ${phase}` },
      [{ project: desk.input.project, phase, by: `run ${run}`, why, attention }],
    );
    desk.state = stands === undefined || stands === null ? next : { ...next, attention: stands.attention };
  } finally {
    desk.upcoming = null;
  }
}

const LONGEST_ATTENTION = 300;

function stateAfterRun(state: MigrationState, outcome: RunOutcome, why: string): MigrationState {
  const after = afterEvent(standingOf(state), EVENTS[outcome]);
  if (after === null) throw new Error(`run ${state.run} ended in phase ${state.phase}, which knows of no run`);
  // What made the project pause still waits for a person when its run is over.
  const attention = outcome === 'failed' ? why.slice(0, LONGEST_ATTENTION) : state.paused ? state.attention : null;
  return { ...state, phase: after.phase, before: after.before, run: null, runKind: null, attention };
}
