import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { createApp } from '../../src/api/app.ts';
import type { ApiDeps, Looks, Probe, StoreInput } from '../../src/api/deps.ts';
import { keyHash } from '../../src/api/plugins/authentication.ts';
import { HOOK_FORMATS, STORE_SCHEMAS } from '../../src/connectors/platforms.ts';
import { type LedgerConnection, openLedger } from '../../src/ledger/database.ts';
import { migrateLedger } from '../../src/ledger/migrate.ts';
import type { Migrations } from '../../src/temporal/migrations.ts';
import type { Schedules } from '../../src/temporal/schedules.ts';
import { SchedulesInMemory } from './schedules-in-memory.ts';
import type { CommandAnswer } from '../../src/workflows/contract.ts';
import { projectHooks } from '../../src/worker/project-hooks.ts';
import { createTestDatabase } from '../support/postgres.ts';

export const SECRETS = {
  consumerKey: 'ck_secret_of_the_source',
  consumerSecret: 'cs_secret_of_the_source',
  accessToken: 'secret_token_of_the_target',
};

/** What the faked outside answers; a test changes it and `reset` puts it back. */
interface Outside {
  source: (store: StoreInput) => Probe;
  target: (store: StoreInput) => Probe;
  command: (slug: string, command: string, given: unknown) => CommandAnswer;
  looks: Looks;
  /** Projects whose workflows were ended. */
  readonly ended: string[];
  temporalProblem: string | undefined;
  addressProblem: (url: string) => string | undefined;
  readonly schedules: SchedulesInMemory;
}

export interface ApiUnderTest {
  readonly app: FastifyInstance;
  readonly ledger: LedgerConnection;
  readonly sealingKey: Buffer;
  readonly outside: Outside;
  /** All lines logged so far. */
  log(): string;
  reset(): void;
  /** As the approver, unless headers say otherwise. */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  close(): Promise<void>;
}
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers are looked at field by field
  readonly body: any;
}

const asIs = (): Outside => ({
  source: (store) => ({ ok: true, storeRef: `woo:${store.url ?? ''}`, name: 'A shop' }),
  target: (store) => ({ ok: true, storeRef: `bigcommerce:${store.credentials['storeHash'] ?? ''}`, name: 'A store' }),
  command: () => ({ accepted: true, phase: 'copying', run: 'full-1' }),
  looks: {
    assess: async () => ({
      ok: true,
      assessment: { at: '2026-11-20T00:00:00.000Z', mappingVersion: 1, counts: {}, checks: [], reports: [] },
    }),
    count: async () => ({ ok: true, counts: { product: 30, customer: 20, order: 50, brand: 4 } }),
    compare: async () => ({ ok: true, records: [] }),
    check: async () => ({
      ok: true,
      source: { ok: true, name: 'A shop', clockSkewMs: 0 },
      target: { ok: true, name: 'A store', clockSkewMs: -3 },
    }),
  },
  ended: [],
  addressProblem: () => undefined,
  temporalProblem: undefined,
  schedules: new SchedulesInMemory(),
});

/** The API on a real ledger; stores and workflows are faked. */
export async function apiUnderTest(
  settings: Partial<Pick<ApiDeps, 'openMetrics' | 'deliveriesPerMinute' | 'rejectedPerMinute' | 'publicUrl'>> = {},
): Promise<ApiUnderTest> {
  const database = await createTestDatabase();
  const ledger = openLedger({ url: database.url, schema: database.schema, maxConnections: 4 });
  await migrateLedger(ledger.db, database.schema);
  const outside = asIs();
  const lines: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });
  const sealingKey = randomBytes(32);
  const app = await createApp({
    publicUrl: null,
    ...settings,
    db: ledger.db,
    sealingKey,
    migrations: migrationsOf(outside),
    schedules: outside.schedules as unknown as Schedules,
    keys: (['viewer', 'operator', 'approver'] as const).map((role) => ({
      name: `a-${role}`,
      hash: keyHash(role),
      role,
    })),
    storeSchemas: STORE_SCHEMAS,
    probeSource: async (store) => outside.source(store),
    probeTarget: async (store) => outside.target(store),
    looks: {
      assess: (slug) => outside.looks.assess(slug),
      count: (slug) => outside.looks.count(slug),
      compare: (slug, entity, ids) => outside.looks.compare(slug, entity, ids),
      check: (slug) => outside.looks.check(slug),
    },
    addressProblem: async (url) => outside.addressProblem(url),
    // The real ones: without registered hooks they ask nothing of a store.
    hooks: {
      formats: HOOK_FORMATS,
      ...projectHooks(ledger.db, sealingKey, { network: { allowPrivate: true }, timeoutMs: 5_000 }),
    },
    temporalProblem: async () => outside.temporalProblem,
    log: pino({ level: 'trace' }, stream),
  });
  return {
    app,
    ledger,
    sealingKey,
    outside,
    log: () => lines.join(''),
    reset: () => void Object.assign(outside, { ...asIs(), schedules: outside.schedules }),
    call: async (method, url, body, headers = {}) => {
      const asked: InjectOptions = { method, url, headers: { authorization: 'Bearer approver', ...headers } };
      return answerOf(await app.inject(body === undefined ? asked : { ...asked, body }));
    },
    close: async () => {
      await app.close();
      await ledger.close();
      await database.drop();
    },
  };
}

/** A project between two stores that nobody asks anything of. */
export function makeProject(api: ApiUnderTest, project: string, more: object = {}): Promise<Answer> {
  const source = {
    platform: 'woocommerce',
    url: 'https://shop.example.test',
    credentials: { consumerKey: 'ck', consumerSecret: 'cs' },
  };
  const target = { platform: 'bigcommerce', credentials: { storeHash: 'abc', accessToken: 't' } };
  return api.call('POST', '/v1/projects', { project, source, target, ...more });
}

export function answerOf(response: { statusCode: number; headers: Record<string, unknown>; body: string }): Answer {
  const given = response.headers['content-type'];
  const type = typeof given === 'string' ? (given.split(';')[0] ?? '') : '';
  const body: unknown = type.endsWith('json') ? JSON.parse(response.body) : null;
  return { status: response.statusCode, type, text: response.body, body };
}

function migrationsOf(outside: Outside): ApiDeps['migrations'] {
  const command: Migrations['command'] = async (known, name, given) => outside.command(known.slug, name, given);
  const end: Migrations['end'] = async (project) => void outside.ended.push(project);
  return { command, end } as Migrations;
}

/** A body for POST /v1/projects; every slug has a target store of its own. */
export function projectBody(slug: string, storeHash = slug) {
  const { consumerKey, consumerSecret, accessToken } = SECRETS;
  return {
    project: slug,
    source: { platform: 'woocommerce', url: 'https://shop.example.test', credentials: { consumerKey, consumerSecret } },
    target: { platform: 'bigcommerce', credentials: { storeHash, accessToken } },
  };
}
