import { CommanderError } from 'commander';
import { afterEach, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/client/exit-codes.ts';
import { apiThatIsAsked, inWords } from './api-that-is-asked.ts';

const api = apiThatIsAsked(200, () => ({ announcements: [], next: null }));
afterEach(() => {
  process.exitCode = undefined;
});
const run = async (...argv: string[]) => (await api.run('announce', ...argv, '--json')).map(inWords);

const AT = '/v1/projects/shop/announcements';

it('tells of changes of some records, or of all', async () => {
  const fields = ['--fields', 'description, price', '--why', 'season'];
  expect(await run('shop', 'product', '17', '18', ...fields)).toEqual([
    `POST ${AT} {"entity":"product","sourceIds":["17","18"],"why":"season","fields":["description","price"]}`,
  ]);
  expect(await run('shop', 'stock', '--all', '--fields', 'all', '--why', 'new till', '--by', 'the shop')).toEqual([
    `POST ${AT} {"entity":"stock","sourceIds":"all","why":"new till","fields":["all"],"by":"the shop"}`,
  ]);
  // What the fields may be the API says.
  expect(await run('shop', 'product', '17', '--why', 'season')).toEqual([
    `POST ${AT} {"entity":"product","sourceIds":["17"],"why":"season"}`,
  ]);
});

it('lists and takes back', async () => {
  expect(await run('shop', '--list')).toEqual([`GET ${AT}?limit=200`]);
  expect(await run('shop', '--withdraw', '4')).toEqual([`DELETE ${AT}/4`]);
  await expect(run('shop', '--withdraw', 'four')).rejects.toThrow(CommanderError);
  await expect(run('shop', 'product', '17', '--fields', 'a,,b')).rejects.toThrow(CommanderError);
});

it.each([
  ['nothing', []],
  ['no records', ['product', '--why', 'x']],
  ['records and all', ['product', '1', '--all', '--why', 'x']],
  ['no reason', ['product', '1']],
  ['a list and an entity', ['product', '1', '--list']],
  ['a list and one to take back', ['--list', '--withdraw', '4']],
])('refuses what names %s before the API is asked', async (_what, argv) => {
  expect(await run('shop', ...argv)).toEqual([]);
  expect(process.exitCode).toBe(EXIT.usage);
});
