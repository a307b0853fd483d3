import type { Kysely } from 'kysely';
import type { Source, SourceProfile } from '../connectors/source.ts';
import type { Target, TargetProfile } from '../connectors/target.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { ProjectOptions } from '../domain/project-options.ts';
import type { MovedEntity } from '../domain/record.ts';
import type { Run } from '../ledger/runs.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import type { Tally } from './request-meter.ts';

/** Milliseconds, unless the name says otherwise. */
export interface SyncSettings {
  readonly leaseMs: number;
  readonly requestTimeoutMs: number;
  /** Request timeout + latest late commit + index lag of the target (P2). */
  readonly settleMs: number;
  readonly foreignEditsMaxAgeMs: number;
  /** After this long a record goes on without what it waits for (P9). */
  readonly longestWaitMs: number;
  /** Requests in flight at once per batch. */
  readonly concurrency: number;
}

/** What every activity of a run works with: opened once per attempt, handed to plain functions. */
export interface RunScope {
  readonly db: Kysely<LedgerTables>;
  readonly projectId: number;
  readonly runId: number;
  readonly run: Pick<Run, 'name' | 'kind' | 'options' | 'startedAt'>;
  readonly options: ProjectOptions;
  readonly targetStore: string;
  readonly source: Source;
  readonly target: Target;
  readonly sourceProfile: SourceProfile;
  readonly targetProfile: TargetProfile;
  readonly mapping: Mapping;
  readonly settings: SyncSettings;
  /** Entities that take part, in copy order. */
  readonly entities: readonly MovedEntity[];
  /** Those of them that are read by ids of their own; the others come along with them. */
  readonly scannedEntities: readonly MovedEntity[];
  /** Names this worker in leases. */
  readonly owner: string;
  /** Monotonic. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly heartbeat: (progress: string) => void;
  /** Requests to the two stores since this was last asked, over all activities of this worker. */
  readonly takeTally: () => Tally;
  readonly isPaused: () => Promise<boolean>;
  /** Waits, or until cancelled. */
  readonly rest: (ms: number) => Promise<void>;
  /** As `rest`, but ends early when the queue is told of new rows. */
  readonly restForChanges: (ms: number) => Promise<void>;
}
