import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work of so many milliseconds at a stretch keeps the replies of stores waiting, and with each a slot that the next could use. */
const STRETCH_MS = 4;

/** Takes this step with each item, in their order; between two of them others have their turn of the event loop. */
export async function inTurns<T, R>(items: readonly T[], step: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  let began = performance.now();
  for (const item of items) {
    results.push(step(item));
    if (performance.now() - began < STRETCH_MS) continue;
    await nextTurn();
    began = performance.now();
  }
  return results;
}
