import type { Entity } from '../domain/entity.ts';
import type { Phase } from '../domain/phases.ts';

/** Inputs and results of activities: ids, counts and words, never records (design §4). All <= 10 KB. */
export interface RunRef {
  readonly project: string;
  /** `full-1`. */
  readonly run: string;
}

export interface AdmitCommand {
  readonly project: string;
  readonly command: 'startRun' | 'pause' | 'resume' | 'cancel';
  readonly kind?: 'full' | 'demo' | 'recent' | 'resync';
  readonly by: string;
  readonly reason?: string;
  readonly phase: Phase;
}
/** The ledger's word on a command whose phase is right: a run row is made, the pause flag set or cleared. */
export type Admission =
  | { readonly admitted: true; readonly run: string | null }
  | { readonly admitted: false; readonly code: string; readonly message: string };

export interface AssessResult {
  /** Entity → records at the source. */
  readonly counts: Partial<Record<Entity, number>>;
  /** Stop-keys with a merchant's words; anything here ends the run before the first write. */
  readonly stops: readonly { readonly key: string; readonly message: string }[];
}

export interface WorkBox extends RunRef {
  /** How long the activity may work before it hands back, milliseconds. */
  readonly timeBoxMs: number;
}

export interface ReadResult {
  readonly recordsRead: number;
  readonly slicesLeft: number;
  readonly paused: boolean;
}

/** Outstanding: what still keeps the run open. `stuck` waits for a person and does not. */
export interface ApplyResult {
  readonly settled: number;
  readonly outstanding: number;
  readonly stuck: number;
  readonly paused: boolean;
}

export type RunOutcome = 'completed' | 'failed' | 'cancelled';

export interface Activities {
  /** control queue. Short; idempotent by (project, command, updateId) through the ledger. */
  admitCommand(input: AdmitCommand): Promise<Admission>;
  recordPhase(input: {
    readonly project: string;
    readonly phase: Phase;
    readonly by: string;
    readonly why: string;
  }): Promise<void>;
  /** Asks the ledger and the server how a run stands; settles a run whose workflow is gone. */
  inspectRun(input: RunRef): Promise<{ readonly state: 'running' | RunOutcome; readonly reason: string | null }>;
  closeRun(input: RunRef & { readonly outcome: RunOutcome; readonly reason: string | null }): Promise<void>;

  /** read queue. */
  assess(input: RunRef): Promise<AssessResult>;
  matchTarget(input: RunRef): Promise<{ readonly existing: number }>;
  /** Starts capture (watermarks), then makes slices. Idempotent. */
  planSlices(input: RunRef): Promise<{ readonly slices: number; readonly records: number }>;
  readSlices(input: WorkBox): Promise<ReadResult>;

  /** apply queue. */
  applyChanges(input: WorkBox): Promise<ApplyResult>;
}
