import { condition } from '@temporalio/workflow';
import { gateWaitsSignal } from './contract.ts';
import { pauseFor, showRun, tellProject, untilDone } from './run.ts';
import type { Run } from './run.ts';
import { verifyingActivities } from './stages.ts';

/**
 * Looks at what a pass made and goes on when it may: when no stop rule is broken, or a person resumed in spite of it, and
 * when the gate behind it is passed. A gate whose evidence grows old while it waits is shown anew.
 */
export async function endPass(run: Run): Promise<void> {
  const { queuePrefix, timings } = run.input;
  const { reviewPass } = verifyingActivities(queuePrefix, timings);
  const last = run.pass === run.passes;
  for (let waived = false; ;) {
    run.stirred = false;
    const verdict = await untilDone(run, () =>
      reviewPass.executeWithOptions({ summary: `pass ${run.pass} of ${run.passes}: read back and judge` }, [
        { ...run.ref, pass: run.pass, last, waived },
      ]),
    );
    if (verdict.verdict === 'go') break;
    if (verdict.verdict === 'gate') await atGate(run, verdict);
    else waived = await stopped(run, verdict.reason);
  }
  if (run.gate !== null) await show(run, null);
}

async function atGate(run: Run, { gate, livesMs }: { readonly gate: string; readonly livesMs: number }): Promise<void> {
  if (run.gate === null) await show(run, gate);
  await condition(() => run.stirred, livesMs, { summary: `wait for approval of gate ${gate}` });
}

async function show(run: Run, gate: string | null): Promise<void> {
  const before = run.gate;
  run.gate = gate;
  showRun(run);
  await tellProject(run, gateWaitsSignal, { run: run.input.run, gate, before });
}

/** A resume is a person's word that it shall go on: true once it was given. */
async function stopped(run: Run, reason: string): Promise<boolean> {
  await pauseFor(run, reason);
  const wasPaused = run.paused;
  await condition(() => !run.paused);
  return wasPaused;
}
