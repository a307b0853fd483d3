import { expect, it } from 'vitest';
import { catchUpOf, clockNotices, nextFirings } from '../../src/domain/firings.ts';
import {
  type GivenSchedule,
  isBad,
  lengthOf,
  parseSchedule,
  type ScheduleForm,
  sweepsAt,
} from '../../src/domain/schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.parse('2027-01-04T12:07:00Z');

function formOf(given: GivenSchedule): ScheduleForm {
  const form = parseSchedule(given);
  if (isBad(form)) throw new Error(form.problem);
  return form;
}
const next = (given: GivenSchedule, most: number, after = NOW) =>
  nextFirings(formOf(given), after, most).map((at) => new Date(at).toISOString().slice(0, 16));
const calendar = (change: object = {}) => ({
  calendar: { days: ['mon', 'thu'], at: ['02:30'], zone: 'Europe/Berlin', ...change },
});

it.each([
  ['15m', 15 * MINUTE],
  ['60s', MINUTE],
  ['2h', 2 * HOUR],
  ['1d', 24 * HOUR],
  ['15', null],
  ['m', null],
  ['1.5h', null],
  ['-5m', null],
  ['15 m', null],
  ['1w', null],
])('reads %j as a length', (text, ms) => expect(lengthOf(text)).toBe(ms));

it.each<[GivenSchedule, string]>([
  [{}, 'none came'],
  [{ every: '15m', ...calendar() }, 'every and calendar came'],
  [{ every: 'often' }, 'no length of time'],
  [{ every: '59s' }, 'less than a minute'],
  [{ every: '0m' }, 'less than a minute'],
  [{ every: '32d' }, 'more than 31 days'],
  [calendar({ zone: 'Mars/Olympus' }), 'no zone of the IANA list'],
  [calendar({ zone: '+01:00' }), 'no zone of the IANA list'],
  [calendar({ days: ['monday'] }), 'none of sun, mon'],
  [calendar({ days: [] }), 'without days it never fires'],
  [calendar({ at: [] }), 'without at it never fires'],
  [calendar({ at: ['24:00'] }), '"24:00" is no time'],
  [calendar({ at: ['2:30'] }), '"2:30" is no time'],
  [calendar({ at: Array.from({ length: 49 }, (_, index) => `0${index % 10}:${10 + index}`) }), 'at most 48'],
  [{ ladder: { goLiveAt: '2027-02-01T06:00:00Z' }, sweep: true }, 'without sweep and until'],
  [{ ladder: { goLiveAt: '2027-02-01T06:00:00Z', finalSweepDays: 20 } }, 'ladder.reason'],
])('refuses with an example what cannot be: %j', (given, said) => {
  const parsed = parseSchedule(given);
  expect(parsed).toEqual({ problem: expect.stringContaining(said) });
  expect(parsed).toEqual({ problem: expect.stringMatching(/\{"(every|calendar|ladder)":/) });
});

it('keeps what it was given in one form', () => {
  expect(formOf({ every: '15m' })).toEqual({ every: '15m', sweep: false, until: null });
  expect(
    formOf(calendar({ days: ['thu', 'mon', 'thu'], at: ['03:00', '02:30', '03:00'], zone: 'europe/berlin' })),
  ).toEqual({
    calendar: { days: ['mon', 'thu'], at: ['02:30', '03:00'], zone: 'Europe/Berlin' },
    sweep: false,
    until: null,
  });
  expect(formOf({ ladder: { goLiveAt: '2027-02-01T07:00:29+01:00', hoursBefore: undefined } })).toEqual({
    ladder: { goLiveAt: '2027-02-01T06:00:00.000Z', hoursBefore: 6, finalSweepDays: 14 },
  });
});

it('fires at multiples of its interval, and not after its end', () => {
  expect(next({ every: '15m' }, 3)).toEqual(['2027-01-04T12:15', '2027-01-04T12:30', '2027-01-04T12:45']);
  expect(next({ every: '15m', until: '2027-01-04T12:30:00Z' }, 3)).toEqual(['2027-01-04T12:15', '2027-01-04T12:30']);
  expect(next({ every: '15m', until: '2027-01-04T12:14:59Z' }, 3)).toEqual([]);
  expect(next({ every: '15m' }, 1, Date.parse('2027-01-04T12:15:00Z'))).toEqual(['2027-01-04T12:30']);
});

it('fires at the times of its days on the clocks of its zone', () => {
  expect(next(calendar(), 3)).toEqual(['2027-01-07T01:30', '2027-01-11T01:30', '2027-01-14T01:30']);
  expect(next(calendar({ days: ['mon'], at: ['13:08', '13:07'] }), 2)).toEqual([
    '2027-01-04T12:08',
    '2027-01-11T12:07',
  ]);
  // The day of the zone is not that of UTC.
  expect(next(calendar({ days: ['tue'], at: ['00:30'], zone: 'Asia/Tokyo' }), 1)).toEqual(['2027-01-04T15:30']);
  expect(next({ ...calendar(), until: '2027-01-06T00:00:00Z' }, 3)).toEqual([]);
});

it('leaves out what clocks leave out, and says so with the day', () => {
  const daily = { calendar: { at: ['02:30', '04:00'], zone: 'Europe/Berlin' } };
  expect(next(daily, 3, Date.parse('2027-03-27T20:00:00Z'))).toEqual([
    '2027-03-28T02:00',
    '2027-03-29T00:30',
    '2027-03-29T02:00',
  ]);
  expect(clockNotices(formOf(daily), NOW)).toEqual([
    '02:30 on 2027-03-28 does not exist in Europe/Berlin (clocks are put forward): no run starts then',
    '02:30 on 2027-10-31 comes twice in Europe/Berlin (clocks are put back): a run starts once or twice',
  ]);
  expect(clockNotices(formOf({ ...daily, until: '2027-06-01T00:00:00Z' }), NOW)).toHaveLength(1);
  expect(clockNotices(formOf(calendar()), NOW)).toEqual([]);
  expect(clockNotices(formOf({ calendar: { at: ['02:30'], zone: 'Asia/Tokyo' } }), NOW)).toEqual([]);
  expect(clockNotices(formOf({ every: '15m' }), NOW)).toEqual([]);
});

it('finds a firing also for what comes once a week, on a day that clocks skip it', () => {
  const sundays = { calendar: { days: ['sun'], at: ['02:30'], zone: 'Europe/Berlin' } };
  expect(next(sundays, 1, Date.parse('2027-03-21T12:00:00Z'))).toEqual(['2027-04-04T00:30']);
});

it('climbs what is left of a ladder', () => {
  const ladder = { ladder: { goLiveAt: '2027-01-04T12:30:00Z', hoursBefore: 1 } };
  expect(next(ladder, 9)).toEqual([
    '2027-01-04T12:15',
    '2027-01-04T12:30',
    '2027-01-05T12:30',
    '2027-01-11T12:30',
    '2027-01-18T12:30',
  ]);
  expect(next(ladder, 9, Date.parse('2027-01-18T12:30:00Z'))).toEqual([]);
});

it('sweeps where it is asked to, and at the end of a ladder', () => {
  const ladder = formOf({ ladder: { goLiveAt: '2027-01-04T12:30:00Z' } });
  expect(sweepsAt(ladder, Date.parse('2027-01-18T12:29:59Z'))).toBe(false);
  expect(sweepsAt(ladder, Date.parse('2027-01-18T12:30:00Z'))).toBe(true);
  expect(sweepsAt(formOf({ every: '15m' }), NOW)).toBe(false);
  expect(sweepsAt(formOf({ every: '1d', sweep: true }), NOW)).toBe(true);
});

it('makes up for as long as one interval', () => {
  expect(catchUpOf(formOf({ every: '15m' }), NOW)).toBe(15 * MINUTE);
  expect(catchUpOf(formOf(calendar()), NOW)).toBe(72 * HOUR);
  expect(catchUpOf(formOf(calendar({ at: ['02:00', '02:20'] })), NOW)).toBe(20 * MINUTE);
  expect(catchUpOf(formOf({ ladder: { goLiveAt: '2027-02-01T06:00:00Z' } }), NOW)).toBe(24 * HOUR);
});
