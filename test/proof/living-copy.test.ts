import { afterEach, expect, it } from 'vitest';
import { LiveStack } from '../e2e/live-stack.ts';
import {
  lifeSeed,
  recent,
  recentUntilQuiet,
  PLAYED_AGAIN,
  WELL,
  whileShopLives,
  expectEqual,
} from '../e2e/lived-on.ts';

const SEED = lifeSeed(20_261);

let stack: LiveStack;
afterEach(() => stack.stop());

it(
  `copies a shop that lives at 20 changes a second, and follows it without webhooks (LIFE_SEED=${SEED})`,
  PLAYED_AGAIN,
  async () => {
    stack = await LiveStack.start(60, 31);
    await stack.createProject('shop');
    const lived = await whileShopLives(stack, SEED, async () => {
      expect((await stack.fullRun('shop')).run).toMatchObject({ state: 'completed', endedReason: null });
      expect((await recent(stack, 'shop')).ended).toEqual(WELL);
    });
    const written = await recentUntilQuiet(stack, 'shop');
    console.log(`${lived} changes while it was copied; recent runs of the still shop wrote ${written.join(', ')}`);
    await expectEqual(stack, 'shop');
  },
);
