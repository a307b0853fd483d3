import { followingOf, park, unpark } from '../ledger/following.ts';
import { projectOptions } from '../ledger/project-options.ts';
import type { FollowBox, FollowResult } from './activity-types.ts';
import { captureChanges } from './capture-changes.ts';
import { LOOK_EVERY_MS, tendHooks } from './hooks/tend-hooks.ts';
import { sweepsDue } from './plan-slices.ts';
import type { RunScope } from './run-scope.ts';

/** How long a word of the operator may go unheard between two polls. */
const HEARS_WITHIN_MS = 250;

/**
 * A continuous run's way of capture: polls again and again, at least once, until its box ends. Webhooks are taken by those who
 * apply, at once. Where nothing happened in a whole box and nothing is left to do, the run is parked.
 */
export async function followSource(
  scope: RunScope,
  box: Pick<FollowBox, 'timeBoxMs' | 'sweeping'>,
): Promise<FollowResult> {
  const ends = scope.now() + box.timeBoxMs;
  const { pollSeconds } = await projectOptions(scope.db, scope.projectId);
  await unpark(scope.db, scope.projectId);
  let recordsSeen = 0;
  const end = (more: Partial<FollowResult> = {}): FollowResult => ({
    recordsSeen,
    paused: false,
    finishing: false,
    sweepDue: false,
    parked: false,
    ...more,
  });
  for (;;) {
    const { paused, finishing } = await followingOf(scope.db, scope.runId);
    if (paused || finishing) return end({ paused, finishing });
    const polledAt = scope.now();
    await tendHooks(scope, LOOK_EVERY_MS);
    recordsSeen += (await captureChanges(scope)).recordsSeen;
    scope.heartbeat(`followed: ${recordsSeen} changes seen`);
    if (!box.sweeping && (await sweepsDue(scope)).length > 0) return end({ sweepDue: true });
    const next = polledAt + pollSeconds * 1_000;
    if (scope.signal.aborted || next >= ends) break;
    await restUntilTold(scope, next);
  }
  return end({ parked: recordsSeen === 0 && !box.sweeping && (await park(scope.db, scope)) });
}

/** Waits until then, or until the run is told something. */
async function restUntilTold(scope: RunScope, until: number): Promise<void> {
  while (scope.now() < until && !scope.signal.aborted) {
    await scope.rest(Math.min(HEARS_WITHIN_MS, until - scope.now()));
    const { paused, finishing } = await followingOf(scope.db, scope.runId);
    if (paused || finishing) return;
  }
}
