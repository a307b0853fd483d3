import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { OpenAlerts } from '../../src/domain/open-alerts.ts';
import { createAlertPoster } from '../../src/connectors/http/alert-post.ts';
import { putAlertTarget } from '../../src/ledger/alerts/alert-target.ts';
import { undelivered } from '../../src/ledger/alerts/outbox.ts';
import { claimUntold } from '../../src/ledger/alerts/standings.ts';
import { markRejected } from '../../src/ledger/connections.ts';
import { judgeProjects, sendDue, startAlertWatch, tellDue } from '../../src/worker/alert-watch.ts';
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
/** What projects' workflows were told. */
const told: { project: string; open: OpenAlerts }[] = [];
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
  for (const list of [received, answers, lines, told]) list.length = 0;
  await sql`DELETE FROM alert_deliveries`.execute(ledger.db);
  await sql`DELETE FROM alert_standings`.execute(ledger.db);
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
type Tell = (project: string, open: OpenAlerts) => Promise<boolean>;
const hear: Tell = async (project, open) => {
  told.push({ project, open });
  return true;
};
const watch = (given: { allowPrivate?: boolean; sealingKey?: Buffer; tell?: Tell } = {}) => {
  const { allowPrivate = true, sealingKey = KEY, tell = hear } = given;
  return { db: ledger.db, sealingKey, log, tell, poster: createAlertPoster({ allowPrivate }, TIMEOUT_MS) };
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
    await expect.poll(named, { timeout: 10_000 }).toEqual(['looping: credentials-rejected source']);
  } finally {
    await Promise.all(watches.map((one) => one.close()));
  }
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ project: 'looping' });
});

const tell = (deps = watch()) => tellDue(deps, new AbortController().signal);
const makeTellable = () => sql`UPDATE alert_standings SET next_at = clock_timestamp()`.execute(ledger.db);
const named = () => told.map(({ project, open }) => `${project}: ${open.names.join(', ') || 'none'}`);

it("tells a project's workflow which alerts are open, with every opening and clearing once, whoever saw it", async () => {
  const project = await rejected('heard');
  await Promise.all([judgeProjects(watch()), judgeProjects(watch())]);
  await Promise.all([tell(), tell(), tell()]);
  expect(named()).toEqual(['heard: credentials-rejected source']);
  await judgeProjects(watch());
  await tell();
  expect(told).toHaveLength(1);
  await connectSource(ledger, project);
  await judgeProjects(watch(), 0);
  await tell();
  expect(named()).toEqual(['heard: credentials-rejected source', 'heard: none']);
  expect(told[1]?.open.version).toBeGreaterThan(told[0]?.open.version ?? Infinity);
});

it('tells again what a worker that died had noted, or had taken upon itself to tell', async () => {
  await rejected('survived');
  await judgeProjects(watch());
  await claimUntold(ledger.db, 60_000);
  await tell();
  expect(told).toEqual([]);
  await makeTellable();
  await tell();
  expect(named()).toEqual(['survived: credentials-rejected source']);
});

it('tells at once of what came while a worker was telling, and that worker does not pass for having told it', async () => {
  const project = await rejected('meanwhile');
  await judgeProjects(watch());
  const slow: Tell = async (slug, open) => {
    if (told.length === 0) {
      await connectSource(ledger, project);
      await judgeProjects(watch(), 0);
    }
    return hear(slug, open);
  };
  await tell(watch({ tell: slow }));
  expect(named()).toEqual(['meanwhile: credentials-rejected source', 'meanwhile: none']);
});

it('tries again while Temporal is away, or the project has no workflow yet', async () => {
  await rejected('unheard');
  await judgeProjects(watch());
  await tell(watch({ tell: () => Promise.reject(new Error('Temporal is away')) }));
  expect(lines.join('')).toContain('the workflow of a project was not told of its alerts');
  await tell();
  expect(told).toEqual([]);
  await makeTellable();
  await tell(watch({ tell: () => Promise.resolve(false) }));
  await makeTellable();
  await tell();
  expect(named()).toEqual(['unheard: credentials-rejected source']);
});

it('leaves projects that are no more alone', async () => {
  const project = await rejected('gone');
  await judgeProjects(watch());
  await sql`UPDATE projects SET deleted_at = clock_timestamp() WHERE id = ${project.id}`.execute(ledger.db);
  await tell();
  expect(told).toEqual([]);
});
