import { z } from 'zod';
import type { SandboxClock } from '../shared/clock.ts';

/** Well-known credentials of an embedded sandbox. They open nothing but an imitation store on loopback. */
export const sandboxCredentials = {
  consumerKey: `ck_${'5a'.repeat(20)}`,
  consumerSecret: `cs_${'5b'.repeat(20)}`,
  applicationUser: 'sandbox-admin',
  applicationPassword: 'abcd efgh ijkl mnop qrst uvwx',
};

const ms = z.coerce.number().int().nonnegative().optional();

/** What can be set from outside, by a caller or a command line. Times are milliseconds. */
export const wooCommerceOptions = z.object({
  /** Default 0: a free port. */
  port: z.coerce.number().int().min(0).max(65_535).default(0),
  host: z.string().default('127.0.0.1'),
  /** Seeds the chance of faults, of webhooks and of the shop's life. Default 1. */
  seed: z.coerce.number().int().default(1),
  consumerKey: z.string().default(sandboxCredentials.consumerKey),
  consumerSecret: z.string().default(sandboxCredentials.consumerSecret),
  permission: z.enum(['read', 'write', 'read_write']).default('read_write'),
  applicationUser: z.string().default(sandboxCredentials.applicationUser),
  applicationPassword: z.string().default(sandboxCredentials.applicationPassword),
  applicationPasswordOverHttp: z.boolean().default(true),
  /** IANA name of the shop's zone. Default America/New_York. */
  timeZone: z.string().default('America/New_York'),
  tls: z.object({ key: z.string(), cert: z.string() }).optional(),
  /** Events per second of the shop's life from the start on. Default 0: it stands still. */
  life: z.coerce.number().min(0).max(1_000).default(0),
  /** Waiting webhooks are sent that often. Default 0: when a test or a demo asks for it. */
  cronEveryMs: z.coerce.number().int().nonnegative().default(0),
  latencyMs: ms,
  listLagMs: ms,
  lateCommitLimitMs: ms,
});

export type WooCommerceSandboxOptions = z.input<typeof wooCommerceOptions> & {
  clock?: SandboxClock;
  /** Keeps the shop in this file: read at the start, written after changes and at the end. */
  stateFile?: string;
};
