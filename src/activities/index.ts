import { Context } from '@temporalio/activity';
import { markRejected } from '../ledger/connections.ts';
import { closeIdleDeleteGates, closeRunGates } from '../ledger/gates.ts';
import { appendDecision } from '../ledger/decisions.ts';
import { accountOf } from '../ledger/records/run-account.ts';
import { closeRun, getRun, type Run, setRunStep } from '../ledger/runs.ts';
import { endRest } from '../ledger/store-rates.ts';
import { StoreFailure } from '../connectors/http/failures.ts';
import { followsSource } from '../domain/phases.ts';
import { admitCommand, recordPhase } from '../ledger/commands.ts';
import { getProject } from '../ledger/projects.ts';
import type { Activities, RunOutcome, RunRef } from './activity-types.ts';
import { applyChanges } from './apply-changes.ts';
import { assess } from './assess/assess.ts';
import { assessRecent, priceRecent } from './assess/assess-recent.ts';
import { asFailure, RunStopped } from './failures.ts';
import { captureChanges } from './capture-changes.ts';
import { LOOK_EVERY_MS, tendHooks } from './hooks/tend-hooks.ts';
import { followSource } from './follow-source.ts';
import { noteRequests } from './note-requests.ts';
import { matchTarget } from './match-target.ts';
import { type Attempt, openScope, type ScopeOpener } from './open-scope.ts';
import { planSlices } from './plan-slices.ts';
import { readSlices } from './read-slices.ts';
import { reviewPass } from './review-pass.ts';
import type { RunScope } from './run-scope.ts';
import { noteSkippedFirings, requestRun, type Scheduling } from './scheduled-runs.ts';

export interface ActivityDeps extends ScopeOpener {
  /** Whether the run's workflow is open, asked of the Temporal server. */
  readonly isRunOpen: (ref: RunRef) => Promise<boolean>;
  readonly scheduling: Scheduling;
  /** How often an activity that waits says that it lives, milliseconds. */
  readonly heartbeatMs: number;
}

/** The side effects of all workflows; the worker passes real stores and the real ledger. */
export function createActivities(deps: ActivityDeps): Activities {
  const within = async <T>(
    ref: RunRef,
    step: string,
    act: (scope: RunScope) => Promise<T>,
    readProfiles = false,
  ): Promise<T> => {
    let projectId: number | null = null;
    const note = async () => {
      if (projectId !== null) await noteRequests(deps, projectId);
    };
    const { attempt, stop } = startAttempt(deps.heartbeatMs, note);
    try {
      const scope = await openScope(deps, ref, attempt, readProfiles);
      projectId = scope.projectId;
      await setRunStep(deps.db, scope.runId, stepOf(scope, step));
      const result = await act(scope);
      // What was done is in the ledger; Temporal only needs to hear that the attempt was told to stop.
      if (attempt.signal.aborted) await Context.current().cancelled;
      return result;
    } catch (error) {
      throw asFailure(await withStores(deps, ref, error));
    } finally {
      stop();
      await note();
    }
  };
  return {
    admitCommand: async (input) => {
      const project = await getProject(deps.db, input.project);
      if (project === null)
        return { admitted: false, code: 'unknown-project', message: `there is no project ${input.project}` };
      return admitCommand(deps.db, project, input);
    },
    recordPhase: async (input) => {
      const project = await getProject(deps.db, input.project);
      return project === null ? undefined : { attention: await recordPhase(deps.db, project.id, input) };
    },
    inspectRun: (ref) => inspectRun(deps, ref),
    closeRun: async ({ outcome, reason, ...ref }) => {
      const run = await findRun(deps, ref);
      if (run === null) return;
      await endRun(deps, run, outcome, reason);
    },
    noteSkippedFirings: (firings) => noteSkippedFirings(deps, firings),
    requestRun: (request) => requestRun(deps, request),
    assess: (ref) =>
      within(
        ref,
        'assess',
        async (scope) => {
          if (followsSource(scope.run.kind)) await tendHooks(scope, 0);
          const result = await (followsSource(scope.run.kind) ? assessRecent(scope) : assess(scope));
          if (result.stops.length > 0)
            throw new RunStopped(result.stops.map((stop) => `${stop.key}: ${stop.message}`).join('; '));
          return result;
        },
        true,
      ),
    matchTarget: (ref) => within(ref, 'match target', matchTarget),
    planSlices: (plan) => within(refOf(plan), 'plan', (scope) => planSlices(scope, plan.pass)),
    readSlices: (box) => within(refOf(box), 'copy', (scope) => readSlices(scope, box)),
    captureChanges: (ref) =>
      within(ref, 'capture', async (scope) => {
        await tendHooks(scope, LOOK_EVERY_MS);
        const captured = await captureChanges(scope);
        if (followsSource(scope.run.kind)) await priceRecent(scope);
        return captured;
      }),
    followSource: (box) => within(refOf(box), 'follow', (scope) => followSource(scope, box)),
    applyChanges: (box) => within(refOf(box), 'copy', (scope) => applyChanges(scope, box)),
    reviewPass: (review) => within(refOf(review), 'review', (scope) => reviewPass(scope, review)),
  };
}

function refOf({ project, run }: RunRef): RunRef {
  return { project, run };
}

/** Credentials that a store turned away are marked, so that new ones let the project go on, and the message says whose. */
async function withStores(deps: ActivityDeps, ref: RunRef, error: unknown): Promise<unknown> {
  if (!(error instanceof StoreFailure) || error.kind !== 'credentials-rejected') return error;
  const project = await getProject(deps.db, ref.project);
  if (project === null) return error;
  const sides = deps.meter.takeRejections(project.id);
  for (const side of sides) await markRejected(deps.db, project.id, side);
  const [side = 'source'] = sides;
  const remedy = `PUT /v1/projects/${ref.project}/connections/${side} takes new ones, and the project goes on by itself`;
  return new StoreFailure(error.kind, `the ${side} rejected its credentials (${error.message}): ${remedy}`, error);
}

/** Heartbeats go on while the activity waits: they are also how it hears that it shall stop. */
function startAttempt(heartbeatMs: number, alongside: () => Promise<void>): { attempt: Attempt; stop: () => void } {
  const context = Context.current();
  let progress = '';
  const timer = setInterval(() => {
    context.heartbeat(progress);
    void alongside();
  }, heartbeatMs);
  return {
    attempt: {
      signal: context.cancellationSignal,
      heartbeat: (said) => {
        progress = said;
        context.heartbeat(said);
      },
    },
    stop: () => clearInterval(timer),
  };
}

async function findRun(deps: ActivityDeps, ref: RunRef) {
  const project = await getProject(deps.db, ref.project);
  return project === null ? null : getRun(deps.db, project.id, ref.run);
}

/** The run's own end comes last: who finds it ended does nothing more, so an attempt that dies before leaves it open. */
async function endRun(
  { db }: ActivityDeps,
  run: Pick<Run, 'id' | 'projectId' | 'kind'>,
  outcome: RunOutcome,
  reason: string | null,
): Promise<void> {
  await closeRunGates(db, run.id);
  await closeIdleDeleteGates(db, run.projectId);
  for (const store of await endRest(db, run)) {
    await appendDecision(db, run.projectId, 'rule', 'rest ended with the run', { store });
  }
  const open = outcome === 'completed' && followsSource(run.kind) ? await openAccount(db, run) : null;
  await closeRun(db, run.id, open === null ? outcome : 'failed', open ?? reason);
}

/** Why a recent run that did all its work is failed all the same; null: each record that it saw is accounted for. */
async function openAccount(
  db: ActivityDeps['db'],
  { id, projectId }: Pick<Run, 'id' | 'projectId'>,
): Promise<string | null> {
  const { lines, closed } = await accountOf(db, projectId, id);
  if (closed) return null;
  const open = lines.filter(({ word }) => word === 'unexplained').map(({ entity, count }) => `${count} ${entity}`);
  return `the account does not close: of ${open.join(', ')} nobody knows what became of them; look at their history, then start a resync`;
}

/** A run that the ledger has open and the server has not is settled as failed: nobody works on it any more. */
async function inspectRun(deps: ActivityDeps, ref: RunRef) {
  const run = await findRun(deps, ref);
  if (run === null) return { state: 'failed' as const, reason: 'the run is not in the ledger' };
  if (run.state === 'running' && !(await deps.isRunOpen(ref))) {
    const reason = 'its workflow ended without a report: start a new run, it goes on from what is there';
    await endRun(deps, run, 'failed', reason);
  }
  const now = await findRun(deps, ref);
  return { state: now?.state ?? ('failed' as const), reason: now?.endedReason ?? null };
}

/** A continuous sync polls, sweeps and writes side by side: one word for all of it. */
function stepOf({ run }: RunScope, step: string): string {
  return run.kind === 'continuous' && step === 'copy' ? 'follow' : step;
}
