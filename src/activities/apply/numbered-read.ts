import type { ReadInterval } from '../../domain/source-version.ts';

/** What a read found, and the interval in which it was seen. */
export interface NumberedRead<T> {
  readonly found: T;
  readonly read: ReadInterval;
}

/** Reads between two numbers of the read clock, by which later reads are told from earlier ones (P3). */
export async function numberedRead<T>(
  nextNumber: () => Promise<number>,
  look: () => Promise<T>,
): Promise<NumberedRead<T>> {
  const start = await nextNumber();
  const found = await look();
  return { found, read: { start, end: await nextNumber() } };
}
