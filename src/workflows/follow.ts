import { condition } from '@temporalio/workflow';
import type { WorkBox } from '../activities/activity-types.ts';
import { isHistoryLong, isNews, stopFor, tellGate } from './copy.ts';
import { preparing } from './prepare.ts';
import { showRun, untilDone } from './run.ts';
import type { Run } from './run.ts';
import { boxActivities, LONGEST_BOX_MS } from './stages.ts';
import { together } from './together.ts';

/** What the lanes of one execution know together. */
interface Following {
  readonly run: Run;
  readonly boxes: ReturnType<typeof boxActivities>;
  /** The operator wants it to end. */
  finishing: boolean;
  /** Nothing happens at the source, and nothing is left to do. */
  parked: boolean;
  sweep: 'none' | 'due' | 'under way';
}

/** Captures, sweeps and applies side by side until the run is told to finish, or the history has grown enough. */
export async function follow(run: Run): Promise<'finished' | 'continue'> {
  const { queuePrefix, timings, lanes } = run.input;
  const following: Following = {
    run,
    boxes: boxActivities(queuePrefix, timings),
    finishing: false,
    parked: false,
    // Slices of an execution before this one may be left.
    sweep: 'under way',
  };
  await together([
    () => sourceLane(following),
    () => sweepLane(following),
    ...Array.from({ length: lanes.apply }, () => () => applyLane(following)),
  ]);
  return following.finishing ? 'finished' : 'continue';
}

const isOver = ({ run, finishing }: Following): boolean => finishing || isHistoryLong(run);

async function sourceLane(following: Following): Promise<void> {
  const { run, boxes } = following;
  let isPeek = false;
  while (!isOver(following)) {
    // Cleared first: who wakes the run while it looks at the source has news that this look may have missed.
    run.woken = false;
    run.boxes += 1;
    const { finishing, sweepDue, parked, paused } = await untilDone(run, () =>
      boxes.followSource.executeWithOptions({ summary: 'follow the source' }, [
        { ...run.ref, timeBoxMs: isPeek ? 0 : run.input.timings.timeBoxMs, sweeping: following.sweep !== 'none' },
      ]),
    );
    following.finishing = finishing;
    if (sweepDue && following.sweep === 'none') following.sweep = 'due';
    if (!parked) showParked(following, false);
    isPeek = parked && !(await parkFor(following));
    // What the ledger knows of a pause the project will tell in a moment.
    if (paused) await condition(() => run.paused, run.input.timings.guardMs, { summary: 'wait to hear of the pause' });
  }
}

/** True: somebody woke the run; false: it is time for a poll. While it lasts, nothing runs and nothing is written down. */
async function parkFor(following: Following): Promise<boolean> {
  const { run } = following;
  showParked(following, true);
  const woken = await condition(() => run.woken, run.input.timings.timeBoxMs, { summary: 'parked' });
  if (woken) showParked(following, false);
  return woken;
}

function showParked(following: Following, parked: boolean): void {
  if (following.parked === parked) return;
  following.parked = parked;
  following.run.parked = parked;
  showRun(following.run);
}

/** One sweep after the other, each a pass of its own. */
async function sweepLane(following: Following): Promise<void> {
  const { run } = following;
  for (;;) {
    if (following.sweep === 'under way') await readSlices(following);
    await condition(() => following.sweep === 'due' || isOver(following));
    if (isOver(following)) return;
    following.sweep = 'under way';
    showParked(following, false);
    run.pass += 1;
    await untilDone(run, () =>
      preparing(run).planSlices.executeWithOptions({ summary: `sweep ${run.pass}: plan slices` }, [
        { ...run.ref, pass: run.pass },
      ]),
    );
  }
}

async function readSlices(following: Following): Promise<void> {
  const { run, boxes } = following;
  while (!isOver(following)) {
    const { slicesLeft } = await untilDone(run, () =>
      boxes.readSlices.executeWithOptions({ summary: `sweep ${run.pass}: read slices` }, [box(following)]),
    );
    if (slicesLeft === 0) {
      following.sweep = 'none';
      return;
    }
  }
}

async function applyLane(following: Following): Promise<void> {
  const { run, boxes } = following;
  while (!isOver(following)) {
    const {
      settled,
      broken,
      gate = null,
    } = await untilDone(run, () =>
      boxes.applyChanges.executeWithOptions({ summary: 'apply what comes' }, [{ ...box(following), stays: true }]),
    );
    if (isNews(run, gate)) await tellGate(run, gate);
    if (broken !== null) await stopFor(run, broken);
    else if (settled === 0) await restWhileParked(following);
  }
}

/** A box ends early when the run is parked, a moment before we hear of that. */
async function restWhileParked(following: Following): Promise<void> {
  const { guardMs } = following.run.input.timings;
  const isParked = await condition(() => following.parked || isOver(following), guardMs, { summary: 'nothing to do' });
  if (isParked) await condition(() => !following.parked || isOver(following));
}

/** As long as the boxes of all lanes together, so that the history grows by one box per `timeBoxMs`. */
function box({ run }: Following): WorkBox {
  run.boxes += 1;
  const { timings, lanes } = run.input;
  const timeBoxMs = Math.min(LONGEST_BOX_MS, timings.timeBoxMs * (lanes.apply + 1));
  return { ...run.ref, timeBoxMs, pass: run.pass, last: true };
}
