import { ladderTimes } from './ladder.ts';
import { lengthOf, type ScheduleForm, WEEKDAYS } from './schedule.ts';
import { daysOfChange, instantsOf, wallAt, type WallTime } from './zone-time.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Every weekday comes within it, also where a change of clocks takes one out. */
const LOOKED_AHEAD_DAYS = 22;
const YEAR_DAYS = 366;

type CalendarForm = Extract<ScheduleForm, { readonly calendar: object }>;

/**
 * The next times at which a schedule fires after an instant, ascending, at most so many; none: it never does. Milliseconds.
 * A time that clocks show twice is two.
 */
export function nextFirings(form: ScheduleForm, after: number, most: number): readonly number[] {
  if ('ladder' in form)
    return ladderTimes(form.ladder)
      .filter((at) => at > after)
      .slice(0, most);
  const end = form.until === null ? Infinity : Date.parse(form.until);
  const times = 'every' in form ? multiples(lengthOf(form.every) ?? 0, after, most) : calendarTimes(form, after, most);
  return times.filter((at) => at <= end);
}

/** Counted from 1970, as Temporal counts. */
function multiples(ms: number, after: number, most: number): readonly number[] {
  const first = (Math.floor(after / ms) + 1) * ms;
  return Array.from({ length: most }, (_, index) => first + index * ms);
}

function calendarTimes(form: CalendarForm, after: number, most: number): readonly number[] {
  const { zone } = form.calendar;
  // From the day before: clocks that are put back show a time of yesterday again.
  const first = dayOf(wallAt(zone, after)) - DAY_MS;
  const times: number[] = [];
  for (let index = 0; index < LOOKED_AHEAD_DAYS && times.length < most; index += 1) {
    const walls = wallsOf(form, first + index * DAY_MS);
    times.push(...walls.flatMap((wall) => instantsOf(zone, wall)).filter((at) => at > after));
  }
  return times.toSorted((one, other) => one - other).slice(0, most);
}

function dayOf({ year, month, day }: WallTime): number {
  return Date.UTC(year, month - 1, day);
}

/** The times of a schedule on one day, which is given as the UTC midnight of its date. */
function wallsOf({ calendar: { days, at } }: CalendarForm, day: number): readonly WallTime[] {
  const date = new Date(day);
  if (!days.some((name) => name === WEEKDAYS[date.getUTCDay()])) return [];
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  return at.map((time) => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return { year, month, day: date.getUTCDate(), hour, minute };
  });
}

/**
 * What changes of clocks do to a schedule within a year, a line for each time: a time that is left out fires not at all that
 * day; of one that comes twice Temporal 1.29 was seen to fire both (New York, Sydney) or the second alone (Berlin).
 */
export function clockNotices(form: ScheduleForm, now: number): readonly string[] {
  if (!('calendar' in form)) return [];
  const { zone } = form.calendar;
  const end = form.until === null ? Infinity : Date.parse(form.until);
  const changes = daysOfChange(zone, dayOf(wallAt(zone, now)), YEAR_DAYS).filter((day) => day <= end);
  return changes.flatMap((day) => {
    const date = new Date(day).toISOString().slice(0, 10);
    return wallsOf(form, day).flatMap((wall) => {
      const times = instantsOf(zone, wall).length;
      const what = `${clock(wall)} on ${date}`;
      if (times === 0) return [`${what} does not exist in ${zone} (clocks are put forward): no run starts then`];
      if (times === 2) return [`${what} comes twice in ${zone} (clocks are put back): a run starts once or twice`];
      return [];
    });
  });
}

function clock({ hour, minute }: WallTime): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

const LADDER_CATCH_UP_MS = DAY_MS;
const GAPS_LOOKED_AT = 60;

/**
 * For how long a firing that was missed, because nothing ran, is made up for, milliseconds: one interval, so that it is made up
 * once. The steps of a ladder are single dates: a day, within which the first that starts is the only one.
 */
export function catchUpOf(form: ScheduleForm, now: number): number {
  if ('ladder' in form) return LADDER_CATCH_UP_MS;
  if ('every' in form) return lengthOf(form.every) ?? MINUTE_MS;
  const times = calendarTimes(form, now, GAPS_LOOKED_AT);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return Math.max(MINUTE_MS, Math.min(DAY_MS * 7, ...gaps));
}
