import { DEFAULT_LADDER, finalSweepAt, type Ladder, ladderProblem } from './ladder.ts';
import type { Instant } from './record.ts';
import { zoneName } from './zone-time.ts';

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

interface Calendar {
  readonly days: readonly Weekday[];
  /** `02:30`, ascending, on the clocks of the zone. */
  readonly at: readonly string[];
  /** IANA name. */
  readonly zone: string;
}

interface Repeated {
  /** Runs read every entity as a whole. */
  readonly sweep: boolean;
  /** No firing after it; null: for ever. */
  readonly until: Instant | null;
}

/** When recent runs of a project start by themselves. Kept in the ledger as it is. */
export type ScheduleForm =
  (Repeated & { readonly every: string }) | (Repeated & { readonly calendar: Calendar }) | { readonly ladder: Ladder };

/** A schedule as it comes from outside: shapes are checked, what they say is not. */
export interface GivenSchedule {
  readonly every?: string | undefined;
  readonly calendar?:
    | { readonly days?: readonly string[] | undefined; readonly at: readonly string[]; readonly zone: string }
    | undefined;
  readonly ladder?:
    | {
        readonly goLiveAt: Instant;
        readonly hoursBefore?: number | undefined;
        readonly finalSweepDays?: number | undefined;
        readonly reason?: string | undefined;
      }
    | undefined;
  readonly sweep?: boolean | undefined;
  readonly until?: Instant | undefined;
}

/** What is wrong with a schedule, in words for whoever gave it. */
export interface BadSchedule {
  readonly problem: string;
}

const SECOND_MS = 1_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: SECOND_MS, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LEAST_EVERY_MS = 60_000;
const MOST_EVERY_MS = 31 * 86_400_000;
const MOST_TIMES_A_DAY = 48;

const EXAMPLES = {
  every: '{"every":"15m"}',
  calendar: '{"calendar":{"days":["mon","thu"],"at":["02:30"],"zone":"Europe/Berlin"}}',
  ladder: '{"ladder":{"goLiveAt":"2027-02-01T06:00:00Z"}}',
} as const;

/** Reads a schedule; what it means in time is in `firings.ts`. */
export function parseSchedule(given: GivenSchedule): ScheduleForm | BadSchedule {
  const named = (['every', 'calendar', 'ladder'] as const).filter((form) => given[form] !== undefined);
  if (named.length !== 1) {
    const came = named.length === 0 ? 'none' : named.join(' and ');
    return { problem: `give one of every, calendar and ladder, ${came} came; for example ${EXAMPLES.every}` };
  }
  const repeated = { sweep: given.sweep ?? false, until: given.until ?? null };
  if (given.every !== undefined) return everyOf(given.every, repeated);
  if (given.calendar !== undefined) return calendarOf(given.calendar, repeated);
  return ladderOf(given);
}

export function isBad(parsed: ScheduleForm | BadSchedule): parsed is BadSchedule {
  return 'problem' in parsed;
}

/** `15m` in milliseconds; null: it is no length of time. */
export function lengthOf(text: string): number | null {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return number === undefined ? null : Number(number) * (UNIT_MS[unit] ?? 0);
}

function everyOf(every: string, repeated: Repeated): ScheduleForm | BadSchedule {
  const ms = lengthOf(every);
  const like = `for example ${EXAMPLES.every}`;
  if (ms === null) return { problem: `every: "${every}" is no length of time in s, m, h or d; ${like}` };
  if (ms < LEAST_EVERY_MS) return { problem: `every: ${every} is less than a minute; ${like}` };
  if (ms > MOST_EVERY_MS) return { problem: `every: ${every} is more than 31 days; ${like}` };
  return { every, ...repeated };
}

function calendarOf(given: NonNullable<GivenSchedule['calendar']>, repeated: Repeated): ScheduleForm | BadSchedule {
  const like = `for example ${EXAMPLES.calendar}`;
  const { days = WEEKDAYS, at, zone } = given;
  const known = zoneName(zone);
  if (known === null)
    return { problem: `calendar.zone: "${zone}" is no zone of the IANA list such as Europe/Berlin; ${like}` };
  const strange = days.find((day) => !WEEKDAYS.some((one) => one === day));
  if (strange !== undefined)
    return { problem: `calendar.days: "${strange}" is none of ${WEEKDAYS.join(', ')}; ${like}` };
  const bad = at.find((time) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(time));
  if (bad !== undefined) return { problem: `calendar.at: "${bad}" is no time from 00:00 to 23:59; ${like}` };
  if (days.length === 0 || at.length === 0)
    return { problem: `calendar: without ${days.length === 0 ? 'days' : 'at'} it never fires; ${like}` };
  const times = [...new Set(at)].toSorted();
  if (times.length > MOST_TIMES_A_DAY)
    return { problem: `calendar.at: at most ${MOST_TIMES_A_DAY} times a day; ${EXAMPLES.every} is every 15 minutes` };
  return { calendar: { days: WEEKDAYS.filter((day) => days.includes(day)), at: times, zone: known }, ...repeated };
}

function ladderOf({ ladder, sweep, until }: GivenSchedule): ScheduleForm | BadSchedule {
  const like = `for example ${EXAMPLES.ladder}`;
  if (ladder === undefined || sweep !== undefined || until !== undefined)
    return { problem: `ladder: it ends with a sweep by itself, without sweep and until; ${like}` };
  const { goLiveAt, hoursBefore, finalSweepDays, reason } = { ...DEFAULT_LADDER, ...defined(ladder) };
  const rest = { hoursBefore, finalSweepDays, ...(reason === undefined ? {} : { reason }) };
  const problem = ladderProblem(rest);
  if (problem !== undefined) return { problem: `${problem}; ${like}` };
  // A Schedule of Temporal knows no less than seconds, and nobody goes live by the second.
  const minute = Math.floor(Date.parse(goLiveAt) / LEAST_EVERY_MS) * LEAST_EVERY_MS;
  return { ladder: { goLiveAt: new Date(minute).toISOString(), ...rest } };
}

function defined<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** Whether a run that starts now by this schedule reads every entity as a whole; milliseconds. */
export function sweepsAt(form: ScheduleForm, now: number): boolean {
  return 'ladder' in form ? now >= finalSweepAt(form.ladder) : form.sweep;
}
