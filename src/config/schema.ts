import { z } from 'zod';
import { flag, hostName, httpUrl, milliseconds, oneOf, path, port, text, wholeNumber } from './fields.ts';

const SEARCH_ATTRIBUTE_TYPES = ['Bool', 'Datetime', 'Double', 'Int', 'Keyword', 'KeywordList', 'Text'] as const;

/** Lift the dev server's throttle on a single workflow (design.md §8, measured 10 to 69 activities a second). */
const UNTHROTTLED = {
  'history.transferProcessorMaxPollRPS': 5_000,
  'history.transferProcessorMaxPollHostRPS': 10_000,
  'history.timerProcessorMaxPollRPS': 5_000,
};

const SEARCH_ATTRIBUTES = {
  StoreferryProject: 'Keyword',
  StoreferryPhase: 'Keyword',
  StoreferryRunKind: 'Keyword',
  StoreferryAttention: 'Bool',
} as const;

const scalar = z.union([z.number(), z.boolean(), z.string()], { error: 'a number, true, false or a text' });

const temporal = z.strictObject({
  host: hostName().default('127.0.0.1'),
  port: port().default(7233),
  uiPort: port().default(8233),
  namespace: text('letters, digits, dots and dashes', /^[A-Za-z0-9][A-Za-z0-9.-]*$/).default('storeferry'),
  /** Closed workflows stay visible this long; the dev server's own default is one day. */
  retentionDays: wholeNumber(1, 3_650, 'days').default(90),
  /** Relative to the data folder. */
  databaseFile: path().default('temporal.db'),
  logLevel: oneOf(['debug', 'info', 'warn', 'error', 'never']).default('warn'),
  searchAttributes: z
    .record(text('a PascalCase name', /^[A-Z][A-Za-z0-9]*$/), oneOf(SEARCH_ATTRIBUTE_TYPES), {
      error: 'names with their types',
    })
    .default(SEARCH_ATTRIBUTES),
  dynamicConfig: z.record(z.string(), scalar, { error: 'names of server settings with values' }).default(UNTHROTTLED),
});

const postgres = z.strictObject({
  port: port().default(5439),
  /** Default: `postgres` in the data folder; as root a folder of its own that user `postgres` can enter. */
  dataFolder: path().optional(),
  maxConnections: wholeNumber(20, 2_000, 'connections').default(200),
});

/** Beside the approver's own key, which lies in the data folder or comes in STOREFERRY_API_KEY. */
const apiKey = z.strictObject({
  /** Goes into logs and decisions. */
  name: text('small letters, digits and dashes, not approver', /^(?!approver$)[a-z0-9][a-z0-9-]{0,47}$/),
  role: oneOf(['viewer', 'operator', 'approver']),
  /** Of the key, hexadecimal: `storeferry key <name> --role <role>` makes one and prints both. */
  sha256: text('64 hexadecimal digits', /^[0-9a-f]{64}$/),
});

const api = z.strictObject({
  host: hostName().default('127.0.0.1'),
  port: port().default(8080),
  /** How the API is reached from outside; default: http://<host>:<port>. */
  publicUrl: httpUrl().optional(),
  /** Lets Prometheus read /metrics without a key. It tells names of projects and stores, and counts. */
  openMetrics: flag().default(false),
  keys: z
    .array(apiKey, { error: 'a list of keys, each with name, role and sha256' })
    .refine((keys) => new Set(keys.map(({ name }) => name)).size === keys.length, 'a list of keys, each name once')
    .default([]),
});

const slots = z.strictObject({
  control: wholeNumber(1, 1_000, 'activities at once').default(20),
  read: wholeNumber(1, 1_000, 'activities at once').default(8),
  apply: wholeNumber(1, 1_000, 'activities at once').default(8),
  verify: wholeNumber(1, 1_000, 'activities at once').default(4),
});

const worker = z.strictObject({
  /** How many worker processes `storeferry start` keeps. */
  count: wholeNumber(1, 64, 'processes').default(1),
  taskQueuePrefix: text('letters, digits, dots and dashes', /^[A-Za-z0-9][A-Za-z0-9.-]*$/).default('storeferry'),
  slots: slots.prefault({}),
  maxCachedWorkflows: wholeNumber(2, 5_000, 'workflows').default(200),
  stickyQueueScheduleToStartMs: milliseconds(100, 60_000).default(5_000),
  shutdownGraceMs: milliseconds(0, 600_000).default(15_000),
  /** Where the SDK's own metrics are read, for Prometheus; each further worker takes the next port. Default: nowhere. */
  metricsPort: port().optional(),
  metricsHost: hostName().default('127.0.0.1'),
});

const sandbox = z.strictObject({
  woocommerce: z
    .strictObject({
      enabled: flag().default(true),
      port: port().default(8091),
      products: wholeNumber(1, 1_000_000, 'products').default(120),
      /** About 200, 10,000 or 150,000 records instead of a shop by its number of products. */
      size: z.enum(['S', 'M', 'L'], { error: 'S, M or L' }).optional(),
      /** About so many records in all, stock and redirects included; `size` goes before it, it before `products`. */
      records: wholeNumber(1, 1_000_000, 'records').optional(),
      seed: wholeNumber(0, 4_294_967_295).default(1),
    })
    .prefault({}),
  bigcommerce: z
    .strictObject({
      enabled: flag().default(true),
      port: port().default(8092),
      /** Requests per 30 seconds, as a store's plan grants them (bigcommerce-api §1). */
      quota: wholeNumber(10, 1_000_000, 'requests per 30 seconds').default(450),
    })
    .prefault({}),
});

const network = z.strictObject({
  /** Lets store URLs point inside private networks. Only the embedded stack, with its stores on this machine, wants it. */
  allowPrivate: flag().default(false),
});

const sync = z.strictObject({
  /** Life of a claim; a request is sent only while it outlasts the request's timeout (P5). */
  leaseMs: milliseconds(1_000).default(90_000),
  requestTimeoutMs: milliseconds(100).default(30_000),
  /** Look-ups for an uncertain create are spread over this long (P2). */
  settleMs: milliseconds(1_000).default(120_000),
  /** How old the view of foreign edits may be before a write (P8). */
  pollForeignEditsMs: milliseconds(100).default(30_000),
  /** A record that waits longer for another one goes on without it, as far as the target allows (P9). */
  longestWaitMs: milliseconds(60_000).default(86_400_000),
  heartbeatMs: milliseconds(100).default(5_000),
  heartbeatTimeoutMs: milliseconds(500).default(30_000),
  /** Fallback when no LISTEN/NOTIFY arrives (design.md §4). */
  pollChangesMs: milliseconds(50).default(1_000),
  /** One activity works about this long before it hands back to its workflow. */
  timeBoxMs: milliseconds(100, 600_000).default(60_000),
});

const log = z.strictObject({
  level: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** The whole of `temporal-dev.yml`; every key has a default, no other key is accepted. */
export const fileSchema = z
  .strictObject(
    {
      dataFolder: path().default('.storeferry'),
      temporal: temporal.prefault({}),
      postgres: postgres.prefault({}),
      api: api.prefault({}),
      worker: worker.prefault({}),
      sandbox: sandbox.prefault({}),
      network: network.prefault({}),
      sync: sync.prefault({}),
      log: log.prefault({}),
    },
    { error: 'sections with keys, as in the file that comes with storeferry' },
  )
  .superRefine(({ sync: { leaseMs, requestTimeoutMs, settleMs, heartbeatMs, heartbeatTimeoutMs } }, context) => {
    const timeout = `sync.requestTimeoutMs (${requestTimeoutMs})`;
    const rules = [
      { key: 'leaseMs', value: leaseMs, holds: leaseMs > requestTimeoutMs, message: `more than ${timeout}` },
      { key: 'settleMs', value: settleMs, holds: settleMs >= requestTimeoutMs, message: `at least ${timeout}` },
      {
        key: 'heartbeatTimeoutMs',
        value: heartbeatTimeoutMs,
        holds: heartbeatTimeoutMs > heartbeatMs,
        message: `more than sync.heartbeatMs (${heartbeatMs})`,
      },
    ];
    for (const { key, value, holds, message } of rules) {
      // The value travels along because it may be a default, which the file does not hold.
      if (!holds) context.addIssue({ code: 'custom', path: ['sync', key], message, params: { value } });
    }
  });

export type FileSettings = z.output<typeof fileSchema>;
