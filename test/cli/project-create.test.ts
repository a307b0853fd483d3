import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

/** What the API was asked, and that alone: nothing is created. */
const asked: unknown[] = [];
const server = createServer((request, reply) => {
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => pieces.push(piece));
  request.on('end', () => {
    asked.push(JSON.parse(Buffer.concat(pieces).toString()));
    reply.writeHead(201, { 'content-type': 'application/json' }).end('{"project":"shop"}');
  });
});
let url = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  asked.length = 0;
  vi.stubEnv('STOREFERRY_API_KEY', 'a-key-of-the-api-0123456789');
  vi.stubEnv('BC_ACCESS_TOKEN', 'target-token');
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const create = (...flags: string[]) => {
  const program = createProgram();
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)])
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  const words = [
    'project',
    'create',
    'shop',
    '--source',
    'https://shop.example.test',
    '--target',
    'hash',
    '--url',
    url,
  ];
  return program.parseAsync([...words, ...flags], { from: 'user' });
};

describe('storeferry project create', () => {
  it('takes a WooCommerce store unless told otherwise, with its credentials from the environment', async () => {
    vi.stubEnv('WC_CONSUMER_KEY', 'ck');
    vi.stubEnv('WC_CONSUMER_SECRET', 'cs');
    await create();
    expect(asked).toEqual([
      {
        project: 'shop',
        source: {
          platform: 'woocommerce',
          url: 'https://shop.example.test',
          credentials: { consumerKey: 'ck', consumerSecret: 'cs' },
        },
        target: { platform: 'bigcommerce', credentials: { storeHash: 'hash', accessToken: 'target-token' } },
      },
    ]);
  });

  it('takes a store of another platform, with what else there is to say of it', async () => {
    vi.stubEnv('VENDURE_API_KEY', 'look:secret');
    vi.stubEnv('WC_CONSUMER_KEY', 'of another store');
    await create(
      '--source-platform',
      'vendure',
      '--source-option',
      'channel=eu',
      '--source-option',
      'storefrontUrl=https://a.test/?x=1',
    );
    expect(asked).toMatchObject([
      {
        source: {
          platform: 'vendure',
          credentials: { apiKey: 'look:secret' },
          options: { channel: 'eu', storefrontUrl: 'https://a.test/?x=1' },
        },
      },
    ]);
  });

  it.each([
    ['a platform that nobody knows', ['--source-platform', 'abacus']],
    ['an option without a value', ['--source-option', 'channel']],
    ['an option without a name', ['--source-option', '=eu']],
  ])('refuses %s before the API is asked', async (_, flags) => {
    await expect(create(...flags)).rejects.toMatchObject({ code: 'commander.invalidArgument' });
    expect(asked).toEqual([]);
  });
});
