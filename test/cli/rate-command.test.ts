import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command, CommanderError } from 'commander';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { clientCommands } from '../../src/cli/client/index.ts';

/** What the API was asked: path and body. */
const asked: string[] = [];
const server = createServer((request, reply) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    asked.push(`${request.url} ${body}`);
    reply.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":true}');
  });
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));
afterEach(() => void vi.restoreAllMocks());

/** The command line as a person types it, up to the request. */
async function run(...argv: string[]): Promise<string[]> {
  vi.stubEnv('STOREFERRY_API_KEY', 'k'.repeat(40));
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  clientCommands(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await program.parseAsync([...argv, '--url', url], { from: 'user' });
  vi.unstubAllEnvs();
  return asked.splice(0);
}

it('takes back what is set to default, and names nothing else', async () => {
  const path = '/v1/projects/shop/rate';
  expect(await run('rate', 'shop', '--concurrency', 'default')).toEqual([`${path} {"concurrency":null}`]);
  expect(await run('rate', 'shop', '--batch-size', '20', '--reserve', 'default')).toEqual([
    `${path} {"batchSize":20,"reservePercent":null}`,
  ]);
  await expect(run('rate', 'shop', '--concurrency', '33')).rejects.toThrow(CommanderError);
});

it('tries one failure again, or all of them, and refuses what names none', async () => {
  const path = '/v1/projects/shop/failures/retry';
  expect(await run('failures', 'shop', '--retry', 'all')).toEqual([`${path} {"all":true}`]);
  expect(await run('failures', 'shop', '--retry', 'redirect:/a:b')).toEqual([
    `${path} {"entity":"redirect","sourceId":"/a:b"}`,
  ]);
  for (const bad of ['product', 'product:', ':7', '']) {
    await expect(run('failures', 'shop', '--retry', bad)).rejects.toThrow('such as product:12');
  }
  expect(asked).toEqual([]);
});
