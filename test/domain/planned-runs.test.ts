import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeModel, type PastRun } from '../../src/domain/change-model.ts';
import { nextFirings } from '../../src/domain/firings.ts';
import { ladderTimes } from '../../src/domain/ladder.ts';
import { planInWords, type PlanStanding } from '../../src/domain/plan-in-words.ts';
import {
  HORIZON_DAYS,
  MOST_FIRINGS,
  type NamedSchedule,
  type PlanInput,
  plannedRuns,
} from '../../src/domain/planned-runs.ts';
import { DEFAULT_WEIGHTS } from '../../src/domain/points.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const HOUR_MS = 3_600_000;
const at = (hours: number) => new Date(NOW + hours * HOUR_MS).toISOString();
const limits = { weights: DEFAULT_WEIGHTS, pointsLimit: null as number | null };

/** An order each half hour, 60 s and 20 requests a run whatever its size. */
const calm: PastRun[] = [
  { hours: 10, records: { order: 20 }, seconds: 60, requests: 20 },
  { hours: 20, records: { order: 40 }, seconds: 60, requests: 20 },
];
const every = (length: string, until: string | null = null, name = 'often'): NamedSchedule => ({
  name,
  form: { every: length, sweep: false, until },
});
const nightly = (sweep = false): NamedSchedule => ({
  name: 'nightly',
  form: { calendar: { days: ['sat', 'sun'], at: ['02:30'], zone: 'Europe/Berlin' }, sweep, until: null },
});
const goLive = (hours: number, finalSweepDays = 14): NamedSchedule => ({
  name: 'go-live',
  form: { ladder: { goLiveAt: at(hours), hoursBefore: 6, finalSweepDays } },
});
const input = (given: Partial<PlanInput> = {}, past = calm, pointsLimit: number | null = null): PlanInput => ({
  now: NOW,
  schedules: [every('1h', at(24))],
  license: null,
  model: changeModel(past, { ...limits, pointsLimit }),
  hoursSinceLast: 0,
  waiting: {},
  ...given,
});
const of = (given: Partial<PlanInput> = {}, past = calm, pointsLimit: number | null = null) =>
  plannedRuns(input(given, past, pointsLimit));

describe('what will fire', () => {
  it('of an interval that ends: every firing up to its end, with its sums', () => {
    const plan = of();
    expect(plan).toMatchObject({ until: at(24), ends: 'last-firing', goLiveAt: null, untilGoLive: null });
    expect(plan.steps).toEqual([
      {
        schedule: 'often',
        step: 'interval',
        sweep: false,
        first: at(1),
        last: at(24),
        firings: 24,
        overlapped: 0,
        unlicensed: 0,
        runs: 24,
        records: 48,
        points: 48,
        seconds: 24 * 60,
        requests: 24 * 20,
        mostPoints: 2,
        aboveLimit: 0,
      },
    ]);
    expect(plan.total).toEqual({ runs: 24, records: 48, points: 48, seconds: 24 * 60, requests: 24 * 20 });
    expect(plan.next).toHaveLength(10);
    expect(plan.next[1]).toMatchObject({ inHours: 2, coversHours: 1, records: 2, points: 2, withinLimit: true });
  });

  it('of a ladder: its stretches apart, to its final sweep, and what it takes until go-live', () => {
    const plan = of({ schedules: [goLive(48)] });
    const all = ladderTimes({ goLiveAt: at(48), hoursBefore: 6, finalSweepDays: 14 });
    expect(plan).toMatchObject({ until: at(48 + 14 * 24), ends: 'final-sweep', goLiveAt: at(48) });
    expect(plan.steps.map(({ step, firings, sweep }) => [step, firings, sweep])).toEqual([
      ['before-go-live', 25, false],
      ['after-go-live', 2, false],
      ['final-sweep', 1, true],
    ]);
    expect(plan.total.runs).toBe(all.length);
    expect(plan.untilGoLive).toMatchObject({ runs: 25, records: 96 });
    // Between the rungs nothing is lost: all that changes to the end is carried by one of them.
    expect(plan.total.records).toBe(2 * (48 + 14 * 24));
    expect(plan.steps[0]).toMatchObject({ first: at(42), last: at(48), mostPoints: 84 });
  });

  it('of a calendar: on the clocks of its zone, far beyond one look ahead', () => {
    const plan = of({ schedules: [nightly(), goLive(30 * 24, 60)] });
    const calendar = plan.steps.find(({ step }) => step === 'calendar');
    expect(calendar).toMatchObject({ first: '2026-11-21T01:30:00.000Z', firings: 26 });
    // Two nights fall on nobody's rung, and so all of them start a run.
    expect(calendar?.runs).toBe(26);
  });

  it('looks only so far where nothing ends, and at only so many', () => {
    expect(of({ schedules: [every('1d')] })).toMatchObject({ ends: 'horizon', until: at(HORIZON_DAYS * 24) });
    const many = of({ schedules: [every('1m', at(24 * 365))] });
    expect(many.ends).toBe('most-firings');
    expect(many.steps[0]?.firings).toBe(MOST_FIRINGS);
    expect(many.until).toBe(new Date(NOW + MOST_FIRINGS * 60_000).toISOString());
  });

  it('of schedules that are over is nothing', () => {
    const over = [every('1h', at(-1)), goLive(-24 * 30)];
    expect(of({ schedules: over })).toMatchObject({ steps: [], total: { runs: 0, records: 0 }, goLiveAt: null });
    expect(of({ schedules: [] })).toMatchObject({ until: at(0), ends: 'last-firing', next: [] });
  });
});

describe('what starts no run', () => {
  it('is a firing while the run before is expected to be active; the next carries its changes', () => {
    const slow = calm.map((run) => ({ ...run, seconds: 5_400 }));
    const plan = of({}, slow);
    expect(plan.steps[0]).toMatchObject({ firings: 24, runs: 12, overlapped: 12, records: 46, mostPoints: 4 });
  });

  it('is the second of two at the same moment, and the one that sweeps is not it', () => {
    const plan = of({
      schedules: [every('1d', null, 'a'), { name: 'b', form: { every: '1d', sweep: true, until: null } }],
    });
    expect(plan.steps.map(({ schedule, runs, overlapped }) => [schedule, runs, overlapped])).toEqual([
      ['b', HORIZON_DAYS, 0],
      ['a', 0, HORIZON_DAYS],
    ]);
  });

  it('is a firing outside the license, also of a ladder that ends after it', () => {
    const plan = of({ schedules: [goLive(48)], license: { from: at(43), until: at(48) } });
    expect(plan.steps.map(({ step, runs, unlicensed }) => [step, runs, unlicensed])).toEqual([
      ['before-go-live', 20, 5],
      ['after-go-live', 0, 2],
      ['final-sweep', 0, 1],
    ]);
    // The first run of the license carries what those before it could not.
    expect(plan.next[0]).toMatchObject({ inHours: 43, coversHours: 43, records: 86 });
  });

  it('is nothing where the license ends schedules that do not end themselves', () => {
    const plan = of({ schedules: [every('1h')], license: { from: null, until: at(10) } });
    expect(plan).toMatchObject({ ends: 'license', total: { runs: 9 } });
    expect(plan.steps[0]?.unlicensed).toBe(0);
  });
});

describe('figures', () => {
  it('take what waits, and what nobody has carried yet, into the first run alone', () => {
    const plan = of({ hoursSinceLast: 5, waiting: { review: 7 } });
    expect(plan.next.map(({ records }) => records).slice(0, 3)).toEqual([12 + 7, 2, 2]);
    expect(plan.total.records).toBe(58 + 7);
  });

  it('of sweeps go by runs that were sweeps, where there were any', () => {
    const swept = [...calm, { hours: 10, records: { order: 20 }, seconds: 900, requests: 700, sweep: true }];
    const schedules = [goLive(48)];
    const steps = (past: PastRun[]) =>
      of({ schedules }, past).steps.map(({ seconds, requests }) => [seconds, requests]);
    expect(steps(calm)[2]).toEqual([60, 20]);
    const [before, , final] = steps(swept);
    expect(before).toEqual([25 * 60, 25 * 20]);
    expect(final?.[0]).toBeGreaterThanOrEqual(900);
  });

  it('are not known where no run of the past tells them', () => {
    expect(of({ model: null }).steps[0]).toMatchObject({ firings: 24, runs: 24, records: null, mostPoints: null });
    expect(of({ model: null })).toMatchObject({ total: { runs: 24, points: null, seconds: null }, next: [] });
    const unasked = calm.map((run) => ({ ...run, requests: null }));
    expect(of({}, unasked).total).toMatchObject({ records: 48, requests: null });
  });

  it('add up whatever the schedules are: every firing is one of three, and nothing is carried twice', () => {
    const schedule = fc.oneof(
      fc.integer({ min: 10, max: 600 }).map((minutes) => every(`${minutes}m`, at(72))),
      fc.integer({ min: 1, max: 90 }).map((hours) => goLive(hours, 3)),
      fc.constant(nightly(true)),
    );
    fc.assert(
      fc.property(fc.array(schedule, { minLength: 1, maxLength: 4 }), fc.nat(20_000), (schedules, seconds) => {
        const named = schedules.map((one, place) => ({ ...one, name: `s${place}` }));
        const plan = of(
          { schedules: named },
          calm.map((run) => ({ ...run, seconds })),
        );
        const sum = (count: (step: (typeof plan.steps)[number]) => number) =>
          plan.steps.reduce((total, step) => total + count(step), 0);
        expect(sum((step) => step.runs + step.overlapped + step.unlicensed)).toBe(sum(({ firings }) => firings));
        const until = Date.parse(plan.until);
        const expected = named.reduce((count, { form }) => {
          let found = 0;
          for (let after = NOW; ;) {
            const times = nextFirings(form, after, 50).filter((time) => time <= until);
            if (times.length === 0) return count + found;
            found += times.length;
            after = times.at(-1) ?? after;
          }
        }, 0);
        expect(sum(({ firings }) => firings)).toBe(Math.min(expected, MOST_FIRINGS));
        expect(plan.total.records ?? 0).toBeLessThanOrEqual(Math.ceil((2 * (until - NOW)) / HOUR_MS));
      }),
      { numRuns: 40 },
    );
  });
});

const standing = (given: Partial<PlanStanding> = {}): PlanStanding => ({
  license: null,
  pointsLimit: null,
  knowsSweeps: true,
  paused: false,
  hasBaseline: true,
  follows: null,
  pausedSchedules: [],
  lostSchedules: [],
  silent: false,
  more: false,
  ...given,
});

describe('in words', () => {
  it('says nothing where everything will do', () => {
    expect(planInWords(of(), standing())).toEqual({ suffices: true, says: [] });
  });

  it('says which license does not suffice, and that the final sweep is outside it', () => {
    const license = { from: null, until: at(100) };
    const { suffices, says } = planInWords(of({ schedules: [goLive(48)], license }), standing({ license }));
    expect(suffices).toBe(false);
    expect(says).toHaveLength(1);
    expect(says[0]).toContain(`the license does not suffice: it allows runs until ${at(100)}, and 2 of 28 planned`);
    expect(says[0]).toContain(`the final sweep of go-live on ${at(48 + 14 * 24)} among them: prolong it`);
    const early = { from: at(1), until: at(500) };
    const begun = planInWords(of({ license: early, schedules: [every('30m', at(2))] }), standing({ license: early }));
    expect(begun.says[0]).toContain(
      `from ${at(1)} until ${at(500)}, and 1 of 4 planned firings are outside it: prolong`,
    );
  });

  it('says how many runs the points do not suffice for, and how many the largest would take', () => {
    const { suffices, says } = planInWords(of({ schedules: [goLive(48)] }, calm, 50), standing({ pointsLimit: 50 }));
    expect(suffices).toBe(false);
    expect(says[0]).toContain(
      'the points do not suffice: one run may move 50, and 3 of 28 planned runs would take more',
    );
    expect(says[0]).toContain('up to 336 (go-live)');
  });

  it('says what keeps firings from starting runs now, and what is not in the plan', () => {
    const { suffices, says } = planInWords(
      of({ schedules: [every('1d')] }),
      standing({
        paused: true,
        hasBaseline: false,
        follows: 'continuous-2',
        pausedSchedules: ['nightly'],
        lostSchedules: ['old'],
        silent: true,
        more: true,
      }),
    );
    expect(suffices).toBe(true);
    const words = [
      'no full run',
      'is paused: until',
      'continuous-2 follows',
      'schedule nightly is paused',
      'schedule old',
    ];
    for (const part of [...words, 'no answer', 'more schedules', `for ${HORIZON_DAYS} days`])
      expect(says.join('\n')).toContain(part);
  });

  it('says what the figures leave out', () => {
    const sweeping = planInWords(of({ schedules: [goLive(48)] }), standing({ knowsSweeps: false }));
    expect(sweeping).toMatchObject({ suffices: true, says: [expect.stringContaining('what a sweep takes')] });
    const slow = calm.map((run) => ({ ...run, seconds: 5_400 }));
    expect(planInWords(of({}, slow), standing()).says).toEqual([expect.stringContaining('start none: 12')]);
    const many = of({ schedules: [every('1m', at(24 * 365))] });
    expect(planInWords(many, standing()).says).toEqual([`only the first ${MOST_FIRINGS} firings were looked at`]);
  });
});
