import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command, CommanderError } from 'commander';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { clientCommands } from '../../src/cli/client/index.ts';

/** What the API was asked: method, path and body. */
const asked: string[] = [];
const server = createServer((request, reply) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    asked.push(`${request.method} ${request.url} ${body}`.trim());
    reply.writeHead(200, { 'content-type': 'application/json' }).end('{"schedules":[],"next":null}');
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
afterEach(() => void vi.restoreAllMocks());

async function run(...argv: string[]): Promise<string[]> {
  vi.stubEnv('STOREFERRY_API_KEY', 'k'.repeat(40));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const silent = { writeErr: () => undefined };
  const program = new Command().exitOverride().configureOutput(silent);
  clientCommands(program);
  for (const command of program.commands)
    for (const inner of [command, ...command.commands]) inner.exitOverride().configureOutput(silent);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await program.parseAsync(['schedule', ...argv, '--url', url], { from: 'user' });
  vi.unstubAllEnvs();
  return asked.splice(0);
}
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
