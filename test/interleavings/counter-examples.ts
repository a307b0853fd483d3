import type { Guards } from '../../src/domain/guards.ts';
import { memoryUnderTest } from './memory-under-test.ts';
import { interleave } from './scenario.ts';

/** A guard that is off must show within so many stories. */
const SEARCH = 12_000;

/** The seeds, lowest first, whose stories end badly on the pure core. */
export async function* counterExamples(guards: Guards, settleMs: number): AsyncGenerator<number> {
  for (let seed = 1; seed <= SEARCH; seed++) {
    if ((await interleave(seed, memoryUnderTest(guards), guards, settleMs)) !== null) yield seed;
  }
}

/** The first of them, null when there is none. */
export async function firstCounterExample(guards: Guards, settleMs: number): Promise<number | null> {
  const { value, done } = await counterExamples(guards, settleMs).next();
  return done === true ? null : value;
}
