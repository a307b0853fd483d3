/** How much of a window is ours: what the reserve for the merchant leaves, whole requests. */
export function oursOf(quota: number, reservePercent: number): number {
  return Math.max(1, Math.floor((quota * (100 - reservePercent)) / 100));
}

export interface WindowsSeen {
  /** When each request came to the store, ascending, milliseconds. */
  readonly atMs: readonly number[];
  readonly windowMs: number;
  readonly quota: number;
  readonly reservePercent: number;
}

/**
 * The share of what is ours that was sent, from the beginning of one window to that of another: where in a window one begins
 * to look is chance. What goes by between two windows before anything is sent counts as not used.
 * @throws Error when no window is seen whole
 */
export function usedShare({ atMs, windowMs, quota, reservePercent }: WindowsSeen): number {
  const starts = windowStarts(atMs, windowMs);
  const [from, to] = [starts[0], starts.at(-1)];
  if (from === undefined || to === undefined || from === to) {
    throw new Error(`expected requests in two windows of ${windowMs} ms and more, got ${atMs.length} requests`);
  }
  const windows = ((atMs[to] ?? 0) - (atMs[from] ?? 0)) / windowMs;
  return (to - from) / (windows * oursOf(quota, reservePercent));
}

/**
 * Which requests are the first of their window: a store's window begins with the first request after the last has ended. While
 * work waits, what is ours is sent at once, so that one begins after the longest silence of the time in which one must begin.
 */
function windowStarts(atMs: readonly number[], windowMs: number): number[] {
  const silence = (index: number): number => (atMs[index] ?? 0) - (atMs[index - 1] ?? 0);
  const [begun = 0] = atMs;
  let first = 1;
  for (let index = 2; index < atMs.length && (atMs[index] ?? 0) < begun + 2 * windowMs; index++) {
    if (silence(index) > silence(first)) first = index;
  }
  const starts = [first];
  for (let index = first + 1; index < atMs.length; index++) {
    if ((atMs[index] ?? 0) >= (atMs[starts.at(-1) ?? 0] ?? 0) + windowMs) starts.push(index);
  }
  return starts;
}
