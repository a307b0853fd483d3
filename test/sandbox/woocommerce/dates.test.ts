import { expect, test } from 'vitest';
import { createZone, filterStamp, writtenInstant } from '../../../src/sandbox/woocommerce/store/zone.ts';

import { openShop, stoppedClock } from './shop.ts';

/** One product saved at 15:41:31 UTC; answers how many a filter finds. */
async function shopWithOne(timeZone: string): Promise<(query: string) => Promise<number>> {
  const shop = await openShop({ timeZone, clock: stoppedClock('2026-11-20T15:41:31Z') });
  await shop.post('/products', { name: 'Stamped' });
  return async (query) => Number((await shop.get(`/products?${query}`)).headers.get('x-wp-total'));
}

test.each(['America/New_York', 'Asia/Tokyo', 'UTC'])('naive UTC with dates_are_gmt is right in %s', async (zone) => {
  const found = await shopWithOne(zone);
  expect(await found('modified_after=2026-11-20T15:41:30&dates_are_gmt=true')).toBe(1);
  // Strict: the stamp itself is left out.
  expect(await found('modified_after=2026-11-20T15:41:31&dates_are_gmt=true')).toBe(0);
  expect(await found('modified_before=2026-11-20T15:41:31&dates_are_gmt=true')).toBe(0);
  expect(await found('modified_before=2026-11-20T15:41:32&dates_are_gmt=true')).toBe(1);
});

test.each(['America/New_York', 'Asia/Tokyo'])('a zoned value alone is converted and right in %s', async (zone) => {
  const found = await shopWithOne(zone);
  expect(await found('modified_after=2026-11-20T15:41:30Z')).toBe(1);
  expect(await found('modified_after=2026-11-20T15:41:31Z')).toBe(0);
});

test('a zoned value with dates_are_gmt is shifted: too much behind UTC, silent loss ahead of it', async () => {
  const west = await shopWithOne('America/New_York');
  expect(await west('modified_after=2026-11-20T20:41:30Z&dates_are_gmt=true')).toBe(1);
  const east = await shopWithOne('Asia/Tokyo');
  expect(await east('modified_after=2026-11-20T15:00:00Z&dates_are_gmt=true')).toBe(0);
});

test('a naive value alone is read as shop time', async () => {
  const found = await shopWithOne('America/New_York');
  expect(await found('modified_after=2026-11-20T10:41:30')).toBe(1);
  expect(await found('modified_after=2026-11-20T15:41:30')).toBe(0);
});

test('an offset whose plus sign became a blank is not a date', async () => {
  const shop = await openShop();
  const answer = await shop.get('/products?modified_after=2026-11-20T15:41:31%2000:00');
  expect([answer.status, answer.body['code']]).toEqual([400, 'rest_invalid_param']);
});

test('after the zone was edited, old rows keep their local column but show new local stamps', async () => {
  const shop = await openShop({ clock: stoppedClock('2026-11-20T15:00:00Z') });
  await shop.post('/products', { name: 'Before' });
  await shop.admin('POST', '/settings', { timeZone: 'Asia/Tokyo' });
  await shop.admin('POST', '/clock', { stepMs: 60_000 });
  await shop.post('/products', { name: 'After' });
  const sorted = await shop.get('/products?orderby=modified&order=asc&_fields=name,date_modified,date_modified_gmt');
  expect(sorted.body).toEqual([
    { name: 'Before', date_modified: '2026-11-21T00:00:00', date_modified_gmt: '2026-11-20T15:00:00' },
    { name: 'After', date_modified: '2026-11-21T00:01:00', date_modified_gmt: '2026-11-20T15:01:00' },
  ]);
  // 10:00 in New York, as the column still says, is not after 23:00 in Tokyo, though the instant is.
  const after = await shop.get('/products?modified_after=2026-11-20T14:00:00Z&_fields=name');
  expect(after.body).toEqual([{ name: 'After' }]);
});

test('in the hour that DST repeats, the order of local stamps differs from the order of time', async () => {
  const shop = await openShop({ clock: stoppedClock('2026-11-01T05:50:00Z') });
  await shop.post('/products', { name: 'First 01:50' });
  shop.clock.freeze(Date.parse('2026-11-01T06:10:00Z'));
  await shop.post('/products', { name: 'Second 01:10' });
  const answer = await shop.get('/products?orderby=modified&order=asc&_fields=name,date_modified');
  expect(answer.body).toEqual([
    { name: 'Second 01:10', date_modified: '2026-11-01T01:10:00' },
    { name: 'First 01:50', date_modified: '2026-11-01T01:50:00' },
  ]);
});

test('ties of modified come in id order, whatever the direction', async () => {
  const shop = await openShop();
  for (const name of ['A', 'B', 'C']) await shop.post('/products', { name });
  for (const order of ['asc', 'desc']) {
    const answer = await shop.get(`/products?orderby=modified&order=${order}&_fields=name`);
    expect(answer.body).toEqual([{ name: 'A' }, { name: 'B' }, { name: 'C' }]);
  }
});

test('the Date header and the stamps follow the store clock, skewed or stepped', async () => {
  const shop = await openShop();
  await shop.admin('POST', '/clock', { stepMs: 90_000 });
  const answer = await shop.post('/products', { name: 'Later' });
  expect(answer.headers.get('date')).toBe('Fri, 10 Jul 2026 12:01:30 GMT');
  expect(answer.body['date_created_gmt']).toBe('2026-07-10T12:01:30');
  const wrong = await shop.admin('POST', '/clock', { freezeAt: 'noon' });
  expect(wrong.status).toBe(400);
});

test('zones convert both ways around a change of the clocks', () => {
  const zone = createZone('America/New_York');
  for (const at of ['2026-03-08T06:59:59Z', '2026-03-08T07:00:00Z', '2026-07-01T00:00:00Z', '2026-12-31T23:59:59Z']) {
    expect(new Date(zone.instant(zone.local(Date.parse(at)))).toISOString()).toBe(new Date(at).toISOString());
  }
  expect(createZone('Asia/Kolkata').local(0)).toBe('1970-01-01T05:30:00');
  expect(filterStamp('2026-07-01T00:00:00+02:00', zone)).toBe('2026-06-30T18:00:00');
  expect(writtenInstant('2026-07-01', zone, false)).toBe(Date.parse('2026-07-01T04:00:00Z'));
  expect(writtenInstant('someday', zone, true)).toBeNull();
});
