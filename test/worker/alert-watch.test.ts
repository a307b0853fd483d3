import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createAlertPoster } from '../../src/connectors/http/alert-post.ts';
import { putAlertTarget } from '../../src/ledger/alerts/alert-target.ts';
import { undelivered } from '../../src/ledger/alerts/outbox.ts';
import { markRejected } from '../../src/ledger/connections.ts';
import { judgeProjects, sendDue, startAlertWatch } from '../../src/worker/alert-watch.ts';
import { connectSource, type LedgerUnderTest, makeProject, openTestLedger } from '../ledger/ledger-under-test.ts';

const KEY = Buffer.alloc(32, 3);
const SECRET = 'a-secret-that-nobody-guesses';
const TIMEOUT_MS = 300;

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let ledger: LedgerUnderTest;
let server: Server;
let url: string;
const received: Received[] = [];
/** What the receiver answers, one after the other; `null`: nothing at all. When they are used up: 204. */
const answers: (number | null)[] = [];
const lines: string[] = [];
const log = pino(
  {},
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  }),
);

beforeAll(async () => {
  ledger = await openTestLedger();
  server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const status = answers.length === 0 ? 204 : answers.shift();
      if (typeof status === 'number') reply.writeHead(status, { location: '/elsewhere' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/alerts`;
});
afterEach(async () => {
  for (const list of [received, answers, lines]) list.length = 0;
  await sql`DELETE FROM alert_deliveries`.execute(ledger.db);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await ledger.close();
});

/** A project whose source has just turned its credentials away. */
async function rejected(slug: string, address = url) {
  const project = await makeProject(ledger, slug);
  await connectSource(ledger, project);
  await putAlertTarget(ledger.db, KEY, project, { url: address, secret: SECRET });
  await markRejected(ledger.db, project.id, 'source');
  return project;
}
const watch = (given: { allowPrivate?: boolean; sealingKey?: Buffer } = {}) => {
  const { allowPrivate = true, sealingKey = KEY } = given;
  return { db: ledger.db, sealingKey, log, poster: createAlertPoster({ allowPrivate }, TIMEOUT_MS) };
};
const send = (deps = watch()) => sendDue(deps, new AbortController().signal);
const makeDue = () =>
  sql`UPDATE alert_deliveries SET next_at = clock_timestamp() WHERE delivered_at IS NULL`.execute(ledger.db);

/** As a receiver should: the signature is of the time and the body together. */
function isOurs({ headers, body }: Received): boolean {
  const timestamp = String(headers['storeferry-timestamp']);
  const expected = Buffer.from(`sha256=${createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex')}`);
  const given = Buffer.from(String(headers['storeferry-signature']));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

it('tells the receiver of an alert, signed, and logs it once', async () => {
  const { id } = await rejected('told');
  const deps = watch();
  await judgeProjects(deps);
  await judgeProjects(deps);
  await send(deps);
  await send(deps);
  expect(received).toHaveLength(1);
  const [one] = received as [Received];
  expect(isOurs(one)).toBe(true);
  expect(isOurs({ ...one, body: one.body.replace('told', 'tale') })).toBe(false);
  expect(one.headers).toMatchObject({ 'content-type': 'application/json', 'storeferry-event': 'opened' });
  expect(JSON.parse(one.body)).toMatchObject({
    event: 'opened',
    project: 'told',
    alert: { kind: 'credentials-rejected', subject: 'source', clearedAt: null },
  });
  expect(Math.abs(Number(one.headers['storeferry-timestamp']) * 1_000 - Date.now())).toBeLessThan(60_000);
  expect(await undelivered(ledger.db, id)).toMatchObject({ waiting: 0, givenUp: 0 });
  expect(lines.filter((line) => line.includes('alert: the source store turned'))).toHaveLength(1);
  expect(lines.join('')).not.toContain(SECRET);
  await connectSource(ledger, { id, slug: 'told' });
  await judgeProjects(deps, 0);
  await send(deps);
  expect(received.map(({ headers }) => headers['storeferry-event'])).toEqual(['opened', 'cleared']);
  expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({ alert: { clearedAt: expect.any(String) } });
});

it('sends again what was refused, answered too late or led elsewhere: the same delivery each time', async () => {
  const { id } = await rejected('again');
  answers.push(500, null, 302);
  await judgeProjects(watch());
  const why: (string | null)[] = [];
  for (const attempt of [1, 2, 3, 4]) {
    await send();
    expect(received).toHaveLength(attempt);
    why.push((await undelivered(ledger.db, id)).lastError);
    await makeDue();
  }
  expect(why).toEqual([
    'the receiver answered 500',
    expect.stringContaining(`no reply within ${TIMEOUT_MS} ms`),
    'the receiver answered 302',
    null,
  ]);
  expect(new Set(received.map(({ headers }) => headers['storeferry-delivery'])).size).toBe(1);
  expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  expect(received.every(isOurs)).toBe(true);
  await send();
  expect(received).toHaveLength(4);
});

it('a receiver that took it although its answer was lost gets it again and knows it by its id', async () => {
  await rejected('twice');
  answers.push(null);
  await judgeProjects(watch());
  await send();
  await makeDue();
  await send();
  const ids = received.map(({ headers }) => headers['storeferry-delivery']);
  expect(ids).toEqual([ids[0], ids[0]]);
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
});

it('sends nothing into private networks where those are shut, however the address came into the ledger', async () => {
  const { id } = await rejected('private');
  await judgeProjects(watch());
  await send(watch({ allowPrivate: false }));
  expect(received).toEqual([]);
  expect(await undelivered(ledger.db, id)).toMatchObject({
    waiting: 1,
    lastError: expect.stringContaining('not a public address'),
  });
});

it('says what is missing when the secret cannot be opened, or nobody listens', async () => {
  const { id } = await rejected('unable', 'http://127.0.0.1:9/alerts');
  await judgeProjects(watch());
  await send(watch({ sealingKey: Buffer.alloc(32, 4) }));
  expect((await undelivered(ledger.db, id)).lastError).toContain('PUT /v1/projects/unable/alerts/target');
  await makeDue();
  await send();
  expect((await undelivered(ledger.db, id)).lastError).toContain('the receiver cannot be reached (ECONNREFUSED)');
});

it('logs that it gave up after a day', async () => {
  await rejected('in-vain');
  answers.push(503);
  await judgeProjects(watch());
  await sql`UPDATE alert_deliveries SET created_at = created_at - interval '25 hours'`.execute(ledger.db);
  await send();
  expect(lines.join('')).toContain('an alert was not delivered in a day: given up');
  await makeDue();
  await send();
  expect(received).toHaveLength(1);
});

it('runs beside the work of a process, several at once, and ends when told to', async () => {
  await rejected('looping');
  const watches = [startAlertWatch(watch()), startAlertWatch(watch())];
  try {
    await expect.poll(() => received.length, { timeout: 10_000 }).toBe(1);
  } finally {
    await Promise.all(watches.map((one) => one.close()));
  }
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ project: 'looping' });
});
