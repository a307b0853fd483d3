import { type ChangeModel, type Counts, type ForeseenRun } from './change-model.ts';
import { nextFirings } from './firings.ts';
import { type ForecastRun, rounded, together } from './forecast.ts';
import { groupBy } from './group-by.ts';
import { finalSweepAt } from './ladder.ts';
import { licenseProblem, type LicenseWindow } from './project-options.ts';
import type { Instant } from './record.ts';
import { type ScheduleForm, sweepsAt } from './schedule.ts';

/** What kind of firing it is: by an interval, by a calendar, or a stretch of a ladder. */
export type PlannedStepKind = 'interval' | 'calendar' | 'before-go-live' | 'after-go-live' | 'final-sweep';

export interface NamedSchedule {
  readonly name: string;
  readonly form: ScheduleForm;
}
export interface PlanInput {
  /** Milliseconds. */
  readonly now: number;
  /** Those that fire: neither paused nor unknown to Temporal. */
  readonly schedules: readonly NamedSchedule[];
  readonly license: LicenseWindow | null;
  /** null: no run of the past tells what one takes. */
  readonly model: ChangeModel | null;
  /** Hours of changes that nobody has carried yet. */
  readonly hoursSinceLast: number;
  readonly waiting: Counts;
}

/** Sums over runs; null: no run of the past tells. */
export interface PlannedFigures {
  readonly runs: number;
  readonly records: number | null;
  readonly points: number | null;
  readonly seconds: number | null;
  readonly requests: number | null;
}
/** Firings of one schedule of one kind. */
export interface PlannedStep extends PlannedFigures {
  readonly schedule: string;
  readonly step: PlannedStepKind;
  readonly sweep: boolean;
  readonly first: Instant;
  readonly last: Instant;
  /** `runs` of them start a run; the others come while one is active, or when the license does not allow one. */
  readonly firings: number;
  readonly overlapped: number;
  readonly unlicensed: number;
  /** Of the largest of its runs; every run is priced alone. */
  readonly mostPoints: number | null;
  /** Runs that would be refused by their price. */
  readonly aboveLimit: number;
}
export interface PlannedRuns {
  /** So far it was looked ahead. */
  readonly until: Instant;
  /** `horizon`: nothing ends it, it was looked at for `HORIZON_DAYS`; `most-firings`: at `MOST_FIRINGS`. */
  readonly ends: 'final-sweep' | 'last-firing' | 'license' | 'horizon' | 'most-firings';
  /** Of the ladder that goes live next; null: none is planned. */
  readonly goLiveAt: Instant | null;
  readonly steps: readonly PlannedStep[];
  readonly total: PlannedFigures;
  /** Up to go-live; null: none is planned. */
  readonly untilGoLive: PlannedFigures | null;
  /** The next ones, each by itself. */
  readonly next: readonly ForecastRun[];
}

const HOUR_MS = 3_600_000;
export const HORIZON_DAYS = 30;
export const MOST_FIRINGS = 5_000;
const NEXT_SHOWN = 10;
/** Asked of a schedule at once. */
const CHUNK = 100;

interface Firing {
  readonly at: number;
  readonly schedule: NamedSchedule;
  readonly sweep: boolean;
}
interface Judged extends Firing {
  readonly outcome: 'run' | 'overlapped' | 'unlicensed';
  readonly coversHours: number;
  /** null: it starts no run, or no run of the past tells. */
  readonly foreseen: ForeseenRun | null;
}

/**
 * What the schedules of a project will fire, to the last final sweep of its ladders; without one to the last firing of schedules
 * that all end, or to the license's end. A firing starts no run while the run before is expected to be active, nor outside the
 * license; the next run then carries its changes. Figures are as if the limit of points allowed each.
 */
export function plannedRuns(input: PlanInput): PlannedRuns {
  const { end, ends } = endOf(input);
  const firings: Firing[] = [];
  for (const firing of inOrder(input)) {
    if (firing.at > end || firings.length === MOST_FIRINGS) break;
    firings.push(firing);
  }
  const cut = firings.length === MOST_FIRINGS;
  const judged = judge(input, firings);
  const goLives = input.schedules.flatMap(({ form }) => ('ladder' in form ? [Date.parse(form.ladder.goLiveAt)] : []));
  const goLive = Math.min(...goLives.filter((at) => at > input.now));
  return {
    until: instant(cut ? (firings.at(-1)?.at ?? end) : end),
    ends: cut ? 'most-firings' : ends,
    goLiveAt: goLive === Infinity ? null : instant(goLive),
    steps: stepsOf(judged),
    total: figuresOf(judged),
    untilGoLive: goLive === Infinity ? null : figuresOf(judged.filter(({ at }) => at <= goLive)),
    next: judged.flatMap((one) => nextOf(input.now, one)).slice(0, NEXT_SHOWN),
  };
}

function endOf({ schedules, license, now }: PlanInput): { readonly end: number; readonly ends: PlannedRuns['ends'] } {
  const finals = schedules.flatMap(({ form }) => ('ladder' in form ? [finalSweepAt(form.ladder)] : []));
  const final = Math.max(...finals);
  if (final > now) return { end: final, ends: 'final-sweep' };
  const untils = schedules.flatMap(({ form }) => {
    if ('ladder' in form) return [];
    return [form.until === null ? Infinity : Date.parse(form.until)];
  });
  const last = Math.max(now, ...untils);
  if (last < Infinity) return { end: last, ends: 'last-firing' };
  const licensed = license === null ? 0 : Date.parse(license.until);
  // The first instant that is not covered is not in it.
  if (licensed > now) return { end: licensed - 1, ends: 'license' };
  return { end: now + HORIZON_DAYS * 24 * HOUR_MS, ends: 'horizon' };
}

/** Of firings at the same moment one that sweeps comes first: what it takes is rather too much than too little. */
function* inOrder({ schedules, now }: PlanInput): Generator<Firing> {
  const heads = schedules.flatMap((schedule) => {
    const times = firingsOf(schedule.form, now);
    const { value } = times.next();
    return value === undefined ? [] : [{ schedule, times, at: value }];
  });
  while (heads.length > 0) {
    const place = heads.reduce((best, head, index) => (comesBefore(head, heads[best]) ? index : best), 0);
    const head = heads[place];
    if (head === undefined) return;
    yield { at: head.at, schedule: head.schedule, sweep: sweepsAt(head.schedule.form, head.at) };
    const { value } = head.times.next();
    if (value === undefined) heads.splice(place, 1);
    else head.at = value;
  }
}

interface Head {
  readonly schedule: NamedSchedule;
  readonly at: number;
}

function comesBefore(one: Head, other: Head | undefined): boolean {
  if (other === undefined || one.at !== other.at) return other === undefined || one.at < other.at;
  return sweepsAt(one.schedule.form, one.at) && !sweepsAt(other.schedule.form, other.at);
}

function* firingsOf(form: ScheduleForm, now: number): Generator<number, undefined> {
  for (let after: number | undefined = now; after !== undefined;) {
    const times: readonly number[] = nextFirings(form, after, CHUNK);
    yield* times;
    after = times.at(-1);
  }
  return undefined;
}

function judge({ now, license, model, hoursSinceLast, waiting }: PlanInput, firings: readonly Firing[]): Judged[] {
  let carriedHours = 0;
  let activeUntil = -Infinity;
  let first = true;
  return firings.map((firing): Judged => {
    const none = { ...firing, coversHours: 0, foreseen: null };
    if (licenseProblem({ license }, instant(firing.at)) !== undefined) return { ...none, outcome: 'unlicensed' };
    if (firing.at < activeUntil) return { ...none, outcome: 'overlapped' };
    const endHours = hoursSinceLast + (firing.at - now) / HOUR_MS;
    const coversHours = endHours - carriedHours;
    const changed = model?.countsOf(carriedHours, endHours) ?? {};
    const foreseen = model?.runOf(first ? together(changed, waiting) : changed, firing.sweep) ?? null;
    carriedHours = endHours;
    first = false;
    // Of two at the same moment one is refused, however short a run is.
    activeUntil = firing.at + Math.max(1, (foreseen?.seconds ?? 0) * 1_000);
    return { ...firing, outcome: 'run', coversHours, foreseen };
  });
}

function stepsOf(judged: readonly Judged[]): PlannedStep[] {
  const steps = groupBy(judged, (one) => `${one.schedule.name} ${stepOf(one)} ${one.sweep}`);
  return [...steps.values()].flatMap((all) => {
    const [first, last] = [all[0], all.at(-1)];
    if (first === undefined || last === undefined) return [];
    const foreseen = all.flatMap((one) => one.foreseen ?? []);
    return [
      {
        schedule: first.schedule.name,
        step: stepOf(first),
        sweep: first.sweep,
        first: instant(first.at),
        last: instant(last.at),
        firings: all.length,
        overlapped: all.filter(({ outcome }) => outcome === 'overlapped').length,
        unlicensed: all.filter(({ outcome }) => outcome === 'unlicensed').length,
        ...figuresOf(all),
        mostPoints: foreseen.length === 0 ? null : Math.max(...foreseen.map(({ points }) => points)),
        aboveLimit: foreseen.filter(({ withinLimit }) => !withinLimit).length,
      },
    ];
  });
}

function stepOf({ at, schedule: { form } }: Firing): PlannedStepKind {
  if ('every' in form) return 'interval';
  if ('calendar' in form) return 'calendar';
  if (at <= Date.parse(form.ladder.goLiveAt)) return 'before-go-live';
  return at < finalSweepAt(form.ladder) ? 'after-go-live' : 'final-sweep';
}

function figuresOf(judged: readonly Judged[]): PlannedFigures {
  const runs = judged.filter(({ outcome }) => outcome === 'run');
  const sum = (of: (one: ForeseenRun) => number | null) =>
    runs.reduce<number | null>((total, { foreseen }) => {
      const more = foreseen === null ? null : of(foreseen);
      return total === null || more === null ? null : total + more;
    }, 0);
  return {
    runs: runs.length,
    records: sum(({ records }) => records),
    points: sum(({ points }) => points),
    seconds: sum(({ seconds }) => seconds),
    requests: sum(({ requests }) => requests),
  };
}

function nextOf(now: number, { at, coversHours, foreseen }: Judged): ForecastRun[] {
  if (foreseen === null) return [];
  return [{ inHours: rounded((at - now) / HOUR_MS), coversHours: rounded(coversHours), ...foreseen }];
}

function instant(ms: number): Instant {
  return new Date(ms).toISOString();
}
