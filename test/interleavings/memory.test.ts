import { describe, expect, it } from 'vitest';
import { ALL_GUARDS, type Guards } from '../../src/domain/guards.ts';
import { firstCounterExample } from './counter-examples.ts';
import { memoryUnderTest } from './memory-under-test.ts';
import { interleave, TIMES } from './scenario.ts';

const STORIES = 10_000;

const first = Number(process.env['STORY_SEED'] ?? 1);

describe('interleavings of the real rules and the real writer path', () => {
  it(`end with both stores equal in ${STORIES} seeded stories`, async () => {
    for (let seed = first; seed < first + STORIES; seed++) {
      const wrong = await interleave(seed, memoryUnderTest(ALL_GUARDS), ALL_GUARDS);
      expect(wrong, `seed ${seed} (again: STORY_SEED=${seed})`).toBeNull();
    }
  });

  it('play the same story again for the same seed', async () => {
    const guards = { ...ALL_GUARDS, reservation: false };
    const seed = await firstCounterExample(guards, TIMES.settleMs);
    const once = await interleave(seed ?? 0, memoryUnderTest(guards), guards);
    expect(once).not.toBeNull();
    expect(await interleave(seed ?? 0, memoryUnderTest(guards), guards)).toBe(once);
  });
});

describe('the proof of the proof: without its guard the protocol breaks', () => {
  it.each(Object.keys(ALL_GUARDS) as (keyof Guards)[])('%s', async (guard) => {
    expect(await firstCounterExample({ ...ALL_GUARDS, [guard]: false }, TIMES.settleMs)).not.toBeNull();
  });

  it('a settle time shorter than the latest late commit', async () => {
    expect(TIMES.settleMs).toBeGreaterThan(TIMES.lateLimitMs + TIMES.requestTimeoutMs);
    expect(await firstCounterExample(ALL_GUARDS, TIMES.lateLimitMs / 4)).not.toBeNull();
  });
});
