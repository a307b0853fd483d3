import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { clientCommands } from '../../src/cli/client/index.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** An API that answers everything the same way and remembers what it was asked. Call it where hooks may be registered. */
export function apiThatIsAsked(status: number, answer: (path: string) => object) {
  const asked: Asked[] = [];
  const server = createServer((request, reply) => {
    const { method = '', url = '' } = request;
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ method, path: url, body });
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer(url)));
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  afterEach(() => void vi.restoreAllMocks());
  return {
    asked,
    /** The command line as a person types it, up to the requests, which are returned and forgotten. */
    async run(...argv: string[]): Promise<readonly Asked[]> {
      vi.stubEnv('STOREFERRY_API_KEY', 'k'.repeat(40));
      vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      const silent = { writeErr: () => undefined };
      const program = new Command().exitOverride().configureOutput(silent);
      clientCommands(program);
      for (const command of program.commands)
        for (const one of [command, ...command.commands]) one.exitOverride().configureOutput(silent);
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await program.parseAsync([...argv, '--url', url], { from: 'user' });
      vi.unstubAllEnvs();
      return asked.splice(0);
    },
  };
}

export function inWords({ method, path, body }: Asked): string {
  return `${method} ${path} ${body}`.trim();
}
