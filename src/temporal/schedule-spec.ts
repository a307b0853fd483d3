import type { CalendarSpec, DayOfWeek, Month, ScheduleSpec } from '@temporalio/client';
import { groupBy } from '../domain/group-by.ts';
import { ladderTimes } from '../domain/ladder.ts';
import { lengthOf, type ScheduleForm, WEEKDAYS, type Weekday } from '../domain/schedule.ts';

const DAYS: readonly DayOfWeek[] = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];
const MONTHS: readonly Month[] = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
];

/** A schedule in Temporal's words; the times are those of `domain/firings.ts`, but where clocks are put back. */
export function specOf(form: ScheduleForm): ScheduleSpec {
  if ('ladder' in form) return { calendars: datesOf(ladderTimes(form.ladder)), timezone: 'UTC' };
  const end = form.until === null ? {} : { endAt: new Date(form.until) };
  if ('every' in form) return { intervals: [{ every: lengthOf(form.every) ?? 0 }], ...end };
  const { days, at, zone } = form.calendar;
  return { calendars: hoursOf(days, at), timezone: zone, ...end };
}

/** One entry for each hour: an entry fires at each of its minutes in each of its hours. */
function hoursOf(days: readonly Weekday[], at: readonly string[]): CalendarSpec[] {
  const dayOfWeek = days.map((day) => DAYS[WEEKDAYS.indexOf(day)] ?? 'SUNDAY');
  const hours = groupBy(at, (time) => time.slice(0, 2));
  return [...hours].map(([hour, times]) => ({
    hour: Number(hour),
    minute: times.map((time) => Number(time.slice(3))),
    dayOfWeek,
  }));
}

/** Single dates, an entry for each hour of them. */
function datesOf(times: readonly number[]): CalendarSpec[] {
  const hours = groupBy(times, (at) => new Date(at).toISOString().slice(0, 13));
  return [...hours].map(([hour, within]) => {
    const date = new Date(`${hour}:00:00Z`);
    return {
      year: date.getUTCFullYear(),
      month: MONTHS[date.getUTCMonth()] ?? 'JANUARY',
      dayOfMonth: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: within.map((at) => new Date(at).getUTCMinutes()),
    };
  });
}
