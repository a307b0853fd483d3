import { CommanderError } from 'commander';
import { expect, it } from 'vitest';
import { apiThatIsAsked, inWords } from './api-that-is-asked.ts';

const { asked, ...api } = apiThatIsAsked(200, () => ({ schedules: [], next: null }));
const run = async (...argv: string[]) => (await api.run('schedule', ...argv)).map(inWords);

const AT = '/v1/projects/shop/schedules';

it.each([
  [['--every', '15m', '--until', '2027-02-01T06:00:00Z'], { every: '15m', until: '2027-02-01T06:00:00Z' }],
  [
    ['--days', 'mon, thu', '--at', '02:30,04:00', '--zone', 'Europe/Berlin', '--sweep'],
    { calendar: { days: ['mon', 'thu'], at: ['02:30', '04:00'], zone: 'Europe/Berlin' }, sweep: true },
  ],
  [['--at', '02:30'], { calendar: { at: ['02:30'], zone: '' } }],
  [
    ['--go-live', '2027-02-01T06:00:00Z', '--final-sweep-days', '20', '--reason', 'returns'],
    { ladder: { goLiveAt: '2027-02-01T06:00:00Z', finalSweepDays: 20, reason: 'returns' } },
  ],
  [[], {}],
])('sets what was named: %j', async (flags, body) => {
  expect(await run('set', 'shop', 'often', ...flags)).toEqual([`PUT ${AT}/often ${JSON.stringify(body)}`]);
});

it('lists, pauses, resumes, triggers and removes', async () => {
  expect(await run('list', 'shop')).toEqual([expect.stringMatching(/^GET \/v1\/projects\/shop\/schedules\?/)]);
  expect(await run('pause', 'shop', 'often', '--reason', 'sale')).toEqual([`POST ${AT}/often/pause {"reason":"sale"}`]);
  expect(await run('resume', 'shop', 'often')).toEqual([`POST ${AT}/often/resume {}`]);
  expect(await run('trigger', 'shop', 'often')).toEqual([`POST ${AT}/often/trigger {}`]);
  expect(await run('remove', 'shop', 'often')).toEqual([`DELETE ${AT}/often`]);
});

it('refuses hours that no ladder has, before it asks', async () => {
  const flags = ['--go-live', '2027-02-01T06:00:00Z', '--hours-before', '49'];
  await expect(run('set', 'shop', 'often', ...flags)).rejects.toThrow(CommanderError);
  expect(asked).toEqual([]);
});
