import { afterAll, beforeAll, expect, it } from 'vitest';
import { LiveStack } from './live-stack.ts';
import { lifeSeed, liveFor, recent, WELL, expectEqual } from './lived-on.ts';

/** A shop that nobody stops while it is followed: recent runs until it is quiet, then both stores say the same. */
const SEED = lifeSeed(674_030);

let stack: LiveStack;
beforeAll(async () => {
  stack = await LiveStack.start(60, 23);
  await stack.createProject('shop');
  const { run } = await stack.fullRun('shop');
  if (run?.state !== 'completed') throw new Error(`the full run ${run?.state}: ${run?.endedReason}`);
});
afterAll(() => stack.stop());

it(`follows a shop that lives on (LIFE_SEED=${SEED})`, { timeout: 300_000 }, async () => {
  for (let round = 0; round < 3; round++) {
    const lived = liveFor(stack, 40, SEED + round);
    expect((await recent(stack, 'shop', round === 1)).ended).toEqual(WELL);
    await lived;
  }
  expect((await recent(stack, 'shop', true)).ended).toEqual(WELL);
  await expectEqual(stack, 'shop');
});
