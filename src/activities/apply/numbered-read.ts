import type { ReadInterval } from '../../domain/source-version.ts';
import type { ApplyLedger } from '../../ledger/apply-ledger.ts';

/** What a read found, and the interval in which it was seen. */
export interface NumberedRead<T> {
  readonly found: T;
  readonly read: ReadInterval;
}

/** Reads between two numbers of the read clock, by which later reads are told from earlier ones (P3). */
export async function numberedRead<T>(
  clock: Pick<ApplyLedger, 'readNumber'>,
  look: () => Promise<T>,
): Promise<NumberedRead<T>> {
  const start = await clock.readNumber();
  const found = await look();
  return { found, read: { start, end: await clock.readNumber() } };
}
