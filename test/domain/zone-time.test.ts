import { expect, it } from 'vitest';
import { daysOfChange, instantsOf, offsetAt, wallAt, zoneName } from '../../src/domain/zone-time.ts';

const HOUR = 3_600_000;
const wall = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number);
  return { year, month, day, hour, minute };
};
const at = (zone: string, text: string) => instantsOf(zone, wall(text)).map((one) => new Date(one).toISOString());

it.each([
  ['Europe/Berlin', 'Europe/Berlin'],
  ['europe/berlin', 'Europe/Berlin'],
  ['UTC', 'UTC'],
  ['Etc/GMT+5', 'Etc/GMT+5'],
  ['Asia/Kolkata', expect.stringMatching(/^Asia\/(Kolkata|Calcutta)$/)],
  ['Europe/Berlinn', null],
  ['+02:00', null],
  ['', null],
  ['Europe/Berlin; rm', null],
])('knows the zone %j', (given, expected) => expect(zoneName(given)).toEqual(expected));

it('knows how far a zone is ahead, also before 1970 and by half an hour', () => {
  expect(offsetAt('Europe/Berlin', Date.parse('2027-01-10T12:00:00Z'))).toBe(HOUR);
  expect(offsetAt('Europe/Berlin', Date.parse('2027-07-10T12:00:00.123Z'))).toBe(2 * HOUR);
  expect(offsetAt('America/St_Johns', Date.parse('2027-01-10T12:00:00Z'))).toBe(-3.5 * HOUR);
  expect(offsetAt('UTC', -1_500)).toBe(0);
});

it('finds the instant of a time, none in a gap, two where clocks are put back', () => {
  expect(at('Europe/Berlin', '2027-03-28T01:59')).toEqual(['2027-03-28T00:59:00.000Z']);
  expect(at('Europe/Berlin', '2027-03-28T02:00')).toEqual([]);
  expect(at('Europe/Berlin', '2027-03-28T02:59')).toEqual([]);
  expect(at('Europe/Berlin', '2027-03-28T03:00')).toEqual(['2027-03-28T01:00:00.000Z']);
  expect(at('Europe/Berlin', '2027-10-31T02:30')).toEqual(['2027-10-31T00:30:00.000Z', '2027-10-31T01:30:00.000Z']);
  expect(at('Australia/Lord_Howe', '2027-10-03T02:15')).toEqual([]);
  expect(at('Asia/Kolkata', '2027-03-28T02:30')).toEqual(['2027-03-27T21:00:00.000Z']);
});

it('takes every instant of a year back to itself', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Apia']) {
    for (let one = Date.UTC(2027, 0, 1); one < Date.UTC(2028, 0, 1); one += 7 * HOUR) {
      expect(instantsOf(zone, wallAt(zone, one))).toContain(one);
    }
  }
});

it('finds the days around which clocks are changed, and none in a zone that never does', () => {
  const days = daysOfChange('Europe/Berlin', Date.UTC(2027, 0, 1), 365).map((day) => new Date(day).toISOString());
  expect(days).toContain('2027-03-28T00:00:00.000Z');
  expect(days).toContain('2027-10-31T00:00:00.000Z');
  expect(days.length).toBeLessThan(10);
  expect(daysOfChange('Asia/Tokyo', Date.UTC(2027, 0, 1), 365)).toEqual([]);
});
