import { afterEach, describe, expect, it } from 'vitest';
import { compareStores } from '../e2e/compare-stores.ts';
import { LiveStack } from '../e2e/live-stack.ts';

/** Steps of a full run as the ledger names them, and the processes of the service. */
const STEPS = ['match target', 'plan', 'copy', 'capture'] as const;
const PARTS = ['worker-1', 'api', 'temporal', 'postgres'] as const;

interface Blow {
  readonly step: (typeof STEPS)[number];
  readonly part: (typeof PARTS)[number];
}

/**
 * Every process at every step under `npm run soak`; else each process once, at a step of its own, dealt out by a seed that the
 * names of the tests show. `KILL_SEED` deals the same again.
 */
function blows(): { readonly seed: number; readonly chosen: readonly Blow[] } {
  const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * STEPS.length));
  if (process.env['STOREFERRY_SOAK'] === '1') {
    return { seed, chosen: STEPS.flatMap((step) => PARTS.map((part) => ({ step, part }))) };
  }
  const chosen = STEPS.map((step, at) => ({ step, part: PARTS[(at + seed) % PARTS.length] ?? 'worker-1' }));
  return { seed, chosen };
}

const isBeingCopied = ({ entity, created }: { entity: string; created: number }) => entity === 'product' && created > 5;

const { seed, chosen } = blows();

describe(`kill -9 in the middle of a full run (KILL_SEED=${seed})`, () => {
  let stack: LiveStack;
  afterEach(() => stack.stop());

  it.each(chosen)('of $part during "$step" loses and doubles nothing', async ({ step, part }) => {
    stack = await LiveStack.start(40, 13);
    // Each step is made to last long enough to be hit.
    const slow = { kind: 'slow', ms: 60, when: 'before' } as const;
    await stack.admin('target', 'POST', 'faults', { route: '/v3/', rate: 1, fault: slow });
    await stack.admin('source', 'POST', 'faults', { route: '/wp-json/', rate: 1, fault: { ...slow, ms: 150 } });
    await stack.createProject('hit');
    const { run } = await stack.startRun('hit');
    await stack.until('hit', `the run is at ${step}`, (status) => status.run?.step === step);
    if (step === 'copy') {
      await stack.until(
        'hit',
        'products are being created',
        (status) => status.run?.entities.some(isBeingCopied) === true,
      );
    }
    stack.kill(part);
    const status = await stack.until(
      'hit',
      'the run has ended',
      (now) => now.run?.run === run && now.run.state !== 'running',
    );
    expect(status.run?.state).toBe('completed');
    expect(await compareStores(stack)).toEqual({});
  });
});
