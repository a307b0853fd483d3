import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { ZodType } from 'zod';
import type { HookFormat } from '../connectors/hooks.ts';
import type { Assessment } from '../domain/assessment.ts';
import type { Entity } from '../domain/entity.ts';
import type { Json } from '../domain/json.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import type { Migrations } from '../temporal/migrations.ts';
import type { Schedules } from '../temporal/schedules.ts';

export type Role = 'viewer' | 'operator' | 'approver';

export interface ApiKey {
  /** Goes into logs and decisions. */
  readonly name: string;
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  readonly role: Role;
}

/** A store as a client names it; credentials are only ever passed on. */
export interface StoreInput {
  readonly platform: string;
  readonly url?: string | undefined;
  readonly credentials: Readonly<Record<string, string | undefined>>;
  /** What else there is to say of it; may be shown. */
  readonly options?: Readonly<Record<string, string | undefined>> | undefined;
}

/** What a first look at a store says: who it is, or why it cannot be used. */
export type Probe =
  | { readonly ok: true; readonly storeRef: string; readonly name: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** What a look at the stores of a project found, or why it could not be had. */
export type Look<T> =
  ({ readonly ok: true } & T) | { readonly ok: false; readonly code: string; readonly message: string };

/** A record at the target beside what was meant, field by field. */
interface ComparedRecord {
  readonly entity: Entity;
  readonly sourceId: string;
  readonly targetId: string;
  readonly verdict: 'same' | 'different' | 'edited' | 'gone';
  readonly fields: readonly {
    readonly field: string;
    readonly meant: Json;
    readonly found: Json;
    readonly same: boolean;
  }[];
}
export type StoreCheck =
  | { readonly ok: true; readonly name: string; readonly clockSkewMs: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Looks at the stores of a project outside its runs. */
export interface Looks {
  assess(slug: string): Promise<Look<{ readonly assessment: Assessment }>>;
  count(slug: string): Promise<Look<{ readonly counts: Readonly<Partial<Record<Entity, number>>> }>>;
  compare(
    slug: string,
    entity: Entity,
    ids: readonly string[],
  ): Promise<Look<{ readonly records: readonly ComparedRecord[] }>>;
  check(slug: string): Promise<Look<{ readonly source: StoreCheck; readonly target: StoreCheck }>>;
}

/** Webhooks of the sources: what they look like, by platform, and how they are changed there. */
export interface Hooks {
  readonly formats: Readonly<Record<string, HookFormat>>;
  register(slug: string, url: string): Promise<Look<object>>;
  remove(slug: string): Promise<Look<object>>;
}

export interface ApiDeps {
  readonly db: Kysely<LedgerTables>;
  readonly sealingKey: Buffer;
  readonly migrations: Migrations;
  readonly schedules: Schedules;
  readonly keys: readonly ApiKey[];
  /** How stores of the known platforms are named. */
  readonly storeSchemas: { readonly source: ZodType<StoreInput>; readonly target: ZodType<StoreInput> };
  readonly probeSource: (store: StoreInput) => Promise<Probe>;
  readonly probeTarget: (store: StoreInput) => Promise<Probe>;
  /** Why nothing may be sent to an address that a person gave; undefined when it may. */
  readonly addressProblem: (url: string) => Promise<string | undefined>;
  readonly looks: Looks;
  readonly hooks: Hooks;
  /** How this service is reached from outside; null: nobody has said. */
  readonly publicUrl: string | null;
  /** Undefined when Temporal answers, else why not. */
  readonly temporalProblem: () => Promise<string | undefined>;
  /** Per address, beyond which 429 is answered. @defaultValue 1,200 */
  readonly requestsPerMinute?: number;
  /** Signed deliveries of webhooks per project, beyond which 429 is answered. @defaultValue 6,000 */
  readonly deliveriesPerMinute?: number;
  /** Those that are not signed. @defaultValue 300 */
  readonly rejectedPerMinute?: number;
  /** Lets Prometheus read /metrics without a key. @defaultValue false */
  readonly openMetrics?: boolean;
  readonly log: Logger;
}
