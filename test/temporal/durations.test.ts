import { expect, it } from 'vitest';
import type { ActivityOptions, Duration } from '@temporalio/common';

// Without the types of `ms` every Duration of the SDK quietly becomes `any` (temporal-notes §10): then the lines below that
// must not compile do compile, and the compiler complains about the directives above them.
it('keeps the durations of the SDK checked by the compiler', () => {
  const right: Duration[] = ['1 minute', '10s', 500];
  // @ts-expect-error A unit that does not exist.
  const misspelt: Duration = '1 minutte';
  // @ts-expect-error Not a duration at all.
  const options: ActivityOptions = { startToCloseTimeout: true };
  expect([...right, misspelt, options.startToCloseTimeout]).toHaveLength(5);
});
