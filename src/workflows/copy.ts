import { condition, workflowInfo } from '@temporalio/workflow';
import type { WaitingGate } from '../activities/activity-types.ts';
import { gateWaitsSignal } from './contract.ts';
import { pauseFor, tellProject, untilDone } from './run.ts';
import type { Run } from './run.ts';
import { boxActivities, LONGEST_BOX_MS } from './stages.ts';
import { together } from './together.ts';

/** What the lanes of one execution know together. */
interface Lanes {
  readonly run: Run;
  /** After this pass nothing comes. */
  readonly last: boolean;
  readonly boxes: ReturnType<typeof boxActivities>;
  /** Everything is in the queue. */
  readDone: boolean;
  /** ... and nothing is outstanding. */
  applyDone: boolean;
  slicesLeft: number | null;
  outstanding: number | null;
  openLanes: number;
}

/**
 * Reads and applies at the same time, in lanes of repeated time boxes, until everything is read and nothing is outstanding
 * (`finished`) or the history has grown enough (`continue`).
 */
export async function copy(run: Run): Promise<'finished' | 'continue'> {
  const { queuePrefix, timings } = run.input;
  const boxes = boxActivities(queuePrefix, timings);
  const lanes: Lanes = {
    run,
    last: run.pass === run.passes,
    boxes,
    readDone: false,
    applyDone: false,
    slicesLeft: null,
    outstanding: null,
    openLanes: 0,
  };
  await together([
    ...Array.from({ length: run.input.lanes.read }, () => () => inLane(lanes, () => readLane(lanes))),
    ...Array.from({ length: run.input.lanes.apply }, () => () => inLane(lanes, () => applyLane(lanes))),
  ]);
  return lanes.applyDone ? 'finished' : 'continue';
}

async function readLane(lanes: Lanes): Promise<void> {
  let idle = 0;
  while (!lanes.readDone && !isHistoryLong(lanes.run)) {
    const startedAt = Date.now();
    const { recordsRead, slicesLeft, paused } = await untilDone(lanes.run, () =>
      lanes.boxes.readSlices.executeWithOptions({ summary: summary(lanes, 'read slices', lanes.slicesLeft, 'left') }, [
        box(lanes),
      ]),
    );
    lanes.slicesLeft = slicesLeft;
    if (slicesLeft === 0) lanes.readDone = true;
    else idle = await paceSelf(lanes, { startedAt, idle, didNothing: paused || recordsRead === 0 });
  }
}

async function applyLane(lanes: Lanes): Promise<void> {
  let idle = 0;
  while (!lanes.applyDone && !isHistoryLong(lanes.run)) {
    const startedAt = Date.now();
    const {
      settled,
      outstanding,
      allRead,
      paused,
      broken,
      gate = null,
    } = await untilDone(lanes.run, () =>
      lanes.boxes.applyChanges.executeWithOptions(
        { summary: summary(lanes, 'apply changes', lanes.outstanding, 'outstanding') },
        [box(lanes)],
      ),
    );
    lanes.outstanding = outstanding;
    if (isNews(lanes.run, gate)) await tellGate(lanes.run, gate);
    if (broken !== null) await stopFor(lanes.run, broken);
    else if (allRead && outstanding === 0 && !paused) lanes.applyDone = true;
    else idle = await paceSelf(lanes, { startedAt, idle, didNothing: paused || settled === 0 });
  }
}

export function isNews({ deleteGate }: Run, gate: WaitingGate | null): boolean {
  return gate?.gate !== deleteGate?.gate || gate?.since !== deleteGate?.since;
}

/** The run goes on, but a person must look: told when a gate opens, when it is opened anew, and when it is passed. */
export async function tellGate(run: Run, gate: WaitingGate | null): Promise<void> {
  const before = run.deleteGate;
  run.deleteGate = gate;
  await tellProject(run, gateWaitsSignal, {
    run: run.input.run,
    gate: gate?.gate ?? null,
    before: before?.gate ?? null,
  });
}

/** A broken rule pauses the project, from what is settled by now; all lanes that see it wait for the same answer. */
export async function stopFor(run: Run, reason: string): Promise<void> {
  await pauseFor(run, reason);
  await condition(() => !run.paused);
}

/** Boxes grow with the open lanes, so that a run's history grows by one box per `timeBoxMs` however many lanes there are. */
function box(lanes: Lanes) {
  lanes.run.boxes += 1;
  const { ref, input } = lanes.run;
  const timeBoxMs = Math.min(LONGEST_BOX_MS, input.timings.timeBoxMs * lanes.openLanes);
  return { ...ref, timeBoxMs, pass: lanes.run.pass, last: lanes.last };
}

interface Pace {
  readonly startedAt: number;
  /** Boxes in a row that came back early with nothing done. */
  readonly idle: number;
  readonly didNothing: boolean;
}

/** Activities wait inside their box; this only keeps a stage from spinning when one does not. Returns the new `idle`. */
async function paceSelf(lanes: Lanes, { startedAt, idle, didNothing }: Pace): Promise<number> {
  const { run } = lanes;
  const { guardMs, timeBoxMs } = run.input.timings;
  if (!didNothing || Date.now() - startedAt >= timeBoxMs / 2) return 0;
  const wait = Math.min(timeBoxMs, guardMs * 2 ** Math.min(idle, 16));
  const wasPaused = run.paused;
  await condition(() => run.paused !== wasPaused || lanes.applyDone, wait, { summary: 'nothing to do yet' });
  return idle + 1;
}

export function isHistoryLong({ boxes, input }: Run): boolean {
  return workflowInfo().continueAsNewSuggested || boxes >= (input.continueAfterBoxes ?? Infinity);
}

function summary({ run }: Lanes, what: string, count: number | null, word: string): string {
  const pass = `pass ${run.pass} of ${run.passes}: ${what}`;
  return count === null ? pass : `${pass}, ${count} ${word}`;
}

async function inLane(lanes: Lanes, work: () => Promise<void>): Promise<void> {
  lanes.openLanes += 1;
  try {
    await work();
  } finally {
    lanes.openLanes -= 1;
  }
}
