import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command, CommanderError } from 'commander';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { clientCommands } from '../../src/cli/client/index.ts';
import { EXIT } from '../../src/cli/client/exit-codes.ts';

/** What the API was asked: method, path and body. */
const asked: string[] = [];
const server = createServer((request, reply) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    asked.push(`${request.method} ${request.url} ${body}`.trim());
    const answer =
      request.url?.includes('?') === true ? { conflicts: [], counts: [], next: null } : { version: '3.abc' };
    reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** The command line as a person types it, up to the request. */
async function run(...argv: string[]): Promise<string[]> {
  vi.stubEnv('STOREFERRY_API_KEY', 'k'.repeat(40));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  clientCommands(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await program.parseAsync([...argv, '--url', url, '--json'], { from: 'user' });
  vi.unstubAllEnvs();
  return asked.splice(0);
}

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
