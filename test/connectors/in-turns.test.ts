import { expect, it } from 'vitest';
import { inTurns } from '../../src/connectors/in-turns.ts';

/** Keeps the event loop for so many milliseconds. */
function busy(ms: number): void {
  const began = performance.now();
  while (performance.now() - began < ms);
}

it('takes the step with each item, in their order', async () => {
  expect(await inTurns([3, 1, 2], (item) => item * 10)).toEqual([30, 10, 20]);
  expect(await inTurns([], () => 1)).toEqual([]);
});

it('lets others have their turn when the work takes long', async () => {
  const seen: string[] = [];
  setImmediate(() => seen.push('a reply'));
  await inTurns([1, 2, 3], (item) => {
    busy(5);
    seen.push(`item ${item}`);
  });
  expect(seen).toEqual(['item 1', 'a reply', 'item 2', 'item 3']);
});

it('ends with the first step that fails', async () => {
  const taken: number[] = [];
  const work = inTurns([1, 2, 3], (item) => {
    taken.push(item);
    if (item === 2) throw new Error('this one cannot be read');
  });
  await expect(work).rejects.toThrow('this one cannot be read');
  expect(taken).toEqual([1, 2]);
});
