import { CommanderError } from 'commander';
import { afterEach, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/client/exit-codes.ts';
import { apiThatIsAsked, inWords } from './api-that-is-asked.ts';

const api = apiThatIsAsked(200, (path) =>
  path.includes('?') ? { conflicts: [], counts: [], next: null } : { version: '3.abc' },
);
afterEach(() => {
  process.exitCode = undefined;
});
const run = async (...argv: string[]) => (await api.run(...argv, '--json')).map(inWords);

const AT = '/v1/projects/shop/conflicts';

it('lists conflicts, of one kind or one entity', async () => {
  expect(await run('conflicts', 'shop')).toEqual([`GET ${AT}?limit=200`]);
  expect(await run('conflicts', 'shop', '--kind', 'edited', '--entity', 'product')).toEqual([
    `GET ${AT}?limit=200&entity=product&kind=edited`,
  ]);
  await expect(run('conflicts', 'shop', '--kind', 'other')).rejects.toThrow(CommanderError);
});

it('decides one as it was shown, or as it is now', async () => {
  expect(await run('resolve', 'shop', '7', '--target', '--shown', '2.xyz')).toEqual([
    `POST ${AT}/7/resolve {"decision":"target","version":"2.xyz"}`,
  ]);
  expect(await run('resolve', 'shop', '7', '--source')).toEqual([
    `GET ${AT}/7`,
    `POST ${AT}/7/resolve {"decision":"source","version":"3.abc"}`,
  ]);
});

it('decides all of a kind', async () => {
  expect(await run('resolve', 'shop', '--all', 'edited', '--source')).toEqual([
    'POST /v1/projects/shop/resolve {"kind":"edited","decision":"source"}',
  ]);
  expect(await run('resolve', 'shop', '--all', 'collision', '--entity', 'brand', '--target')).toEqual([
    'POST /v1/projects/shop/resolve {"kind":"collision","decision":"target","entity":"brand"}',
  ]);
});

it.each([
  ['no side', ['7']],
  ['both sides', ['7', '--source', '--target']],
  ['no conflict', ['--source']],
  ['one and all', ['7', '--all', 'edited', '--source']],
  ['no id', ['tea', '--source']],
])('refuses what names %s before the API is asked', async (_what, argv) => {
  expect(await run('resolve', 'shop', ...argv)).toEqual([]);
  expect(process.exitCode).toBe(EXIT.usage);
});
