import { followingOf, park, unpark } from '../ledger/following.ts';
import { projectOptions } from '../ledger/project-options.ts';
import { secondsSinceCapture } from '../ledger/watermarks.ts';
import type { FollowBox, FollowResult } from './activity-types.ts';
import { captureChanges } from './capture-changes.ts';
import { LOOK_EVERY_MS, tendHooks } from './hooks/tend-hooks.ts';
import { sweepsDue } from './plan-slices.ts';
import type { RunScope } from './run-scope.ts';

/** How long a word of the operator may go unheard between two polls. */
const HEARS_WITHIN_MS = 250;

/**
 * A continuous run's way of capture: polls at the project's pace until its box ends, also where that pace is slower than the boxes
 * follow each other. Webhooks are taken by those who apply, at once. Where nothing happened in a whole box and nothing is left to
 * do, the run is parked.
 */
export async function followSource(
  scope: RunScope,
  box: Pick<FollowBox, 'timeBoxMs' | 'sweeping'>,
): Promise<FollowResult> {
  const ends = scope.now() + box.timeBoxMs;
  const { pollSeconds } = await projectOptions(scope.db, scope.projectId);
  await unpark(scope.db, scope.projectId);
  let nextPoll = await dueAt(scope, pollSeconds * 1_000);
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
    const now = scope.now();
    await tendHooks(scope, LOOK_EVERY_MS);
    if (now >= nextPoll) {
      nextPoll = now + pollSeconds * 1_000;
      recordsSeen += (await captureChanges(scope)).recordsSeen;
    }
    scope.heartbeat(`followed: ${recordsSeen} changes seen`);
    if (!box.sweeping && (await sweepsDue(scope)).length > 0) return end({ sweepDue: true });
    if (scope.signal.aborted || scope.now() >= ends) break;
    await restUntilTold(scope, Math.min(nextPoll, ends));
  }
  return end({ parked: recordsSeen === 0 && !box.sweeping && (await park(scope.db, scope)) });
}

/** When the next poll is due by the one before, which may be of an earlier box; now, where an entity was never polled. */
async function dueAt({ db, projectId, source, entities, now }: RunScope, paceMs: number): Promise<number> {
  const polled = source.entities.filter(({ entity, modifiedFilter }) => modifiedFilter && entities.includes(entity));
  const seconds = await secondsSinceCapture(
    db,
    projectId,
    polled.map(({ entity }) => entity),
  );
  return seconds === null ? now() : now() + paceMs - seconds * 1_000;
}

/** Waits until then, or until the run is told something. */
async function restUntilTold(scope: RunScope, until: number): Promise<void> {
  while (scope.now() < until && !scope.signal.aborted) {
    await scope.rest(Math.min(HEARS_WITHIN_MS, until - scope.now()));
    const { paused, finishing } = await followingOf(scope.db, scope.runId);
    if (paused || finishing) return;
  }
}
