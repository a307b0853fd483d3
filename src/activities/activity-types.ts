import type { Entity } from '../domain/entity.ts';
import type { Command, Phase, RunKind } from '../domain/phases.ts';

/** Inputs and results of activities: ids, counts and words, never records (design §4). All <= 10 KB. */
export interface RunRef {
  readonly project: string;
  /** `full-1`. */
  readonly run: string;
}

export interface AdmitCommand {
  readonly project: string;
  readonly command: Command;
  readonly kind?: RunKind;
  readonly by: string;
  readonly reason?: string;
  /** Of an approval: the gate to pass. */
  readonly gate?: string;
  /** The Update's id, or one made for a Signal: an attempt with the same id gets the same answer. */
  readonly commandId: string;
  readonly phase: Phase;
  /** The project's phase from here on when the command is admitted, stored in the transaction that admits it. */
  readonly nextPhase: Phase;
  /** What a person must look at from here on when the command is admitted; null: nothing. Stored likewise. */
  readonly attention: string | null;
  /**
   * The active run as the project's workflow knows it. A running run that it does not know was admitted by an attempt
   * whose answer got lost and was never started: a startRun takes it over instead of being refused.
   */
  readonly knownRun: string | null;
}
/** The ledger's word on a command whose phase is right: a run row is made, the pause flag set or cleared. */
export type Admission =
  | { readonly admitted: true; readonly run: string | null }
  | { readonly admitted: false; readonly code: string; readonly message: string };

export interface RecordPhase {
  readonly project: string;
  readonly phase: Phase;
  readonly by: string;
  /** Goes to the decision log; also tells of a Signal that was refused without asking the ledger. */
  readonly why: string;
  /** What a person must look at from here on; null: nothing. */
  readonly attention: string | null;
}

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
  /** Slices not wholly in the queue yet, those leased by other lanes included. */
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

export interface CaptureResult {
  readonly recordsSeen: number;
}

export type RunOutcome = 'completed' | 'failed' | 'cancelled';

export interface Activities {
  /**
   * control queue. Short; idempotent by (project, command, commandId) through the ledger. Admitted or not, its answer
   * goes to the decision log.
   */
  admitCommand(input: AdmitCommand): Promise<Admission>;
  recordPhase(input: RecordPhase): Promise<void>;
  /** Asks the ledger and the server how a run stands; settles a run whose workflow is gone. */
  inspectRun(input: RunRef): Promise<{ readonly state: 'running' | RunOutcome; readonly reason: string | null }>;
  closeRun(input: RunRef & { readonly outcome: RunOutcome; readonly reason: string | null }): Promise<void>;

  /** read queue. */
  assess(input: RunRef): Promise<AssessResult>;
  matchTarget(input: RunRef): Promise<{ readonly existing: number }>;
  /** Starts capture (watermarks), then makes slices. Idempotent. */
  planSlices(input: RunRef): Promise<{ readonly slices: number; readonly records: number }>;
  /** Reads until its time box ends, no slice is left or the project is paused; waits inside the box for leased ones. */
  readSlices(input: WorkBox): Promise<ReadResult>;
  /** Queues what changed at the source since capture started or was last here. */
  captureChanges(input: RunRef): Promise<CaptureResult>;

  /**
   * apply queue. Applies until its time box ends, the project is paused, or nothing is left: no slice unread and
   * nothing outstanding. It waits inside the box for rows to come or to be due; a box that comes back early with
   * nothing done makes the workflow back off.
   */
  applyChanges(input: WorkBox): Promise<ApplyResult>;
}
