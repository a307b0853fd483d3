import type { Entity } from '../domain/entity.ts';
import type { Command, Phase, RunKind } from '../domain/phases.ts';
import type { RateChanges } from '../domain/rates.ts';
import type { RunOptions } from '../domain/run-options.ts';

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
  /** Of a run to start; what is not named is as the service has it. */
  readonly options?: Partial<RunOptions>;
  /** Of setRate. */
  readonly rates?: RateChanges;
  /** Of an approval: the gate to pass, and the one-time word that proves who may (design §4). */
  readonly gate?: string;
  readonly token?: string;
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
  | {
      readonly admitted: true;
      readonly run: string | null;
      /** What a person must look at from here on, an open gate included; absent: what the command says. */
      readonly attention?: string | null;
    }
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
  /** Slices of the passes up to this one. */
  readonly pass: number;
  /** Nothing comes after it: what waits for another record in vain goes on without it (P9). */
  readonly last: boolean;
  /** With nothing left it waits for more, until the run finishes or is parked. */
  readonly stays?: true;
}

export interface FollowBox extends RunRef {
  readonly timeBoxMs: number;
  /** A sweep is under way: what is due meanwhile waits for its end. */
  readonly sweeping: boolean;
}

/** What following a source for a while came to. */
export interface FollowResult {
  readonly recordsSeen: number;
  readonly paused: boolean;
  /** The run was told to finish. */
  readonly finishing: boolean;
  /** An entity is to be listed as a whole. */
  readonly sweepDue: boolean;
  /** Nothing happened: the run is parked until somebody wakes it, or it is time for another poll. */
  readonly parked: boolean;
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
  /** No slice of the passes asked for was left to read when `outstanding` was counted: with 0 the copy is done. */
  readonly allRead: boolean;
  readonly paused: boolean;
  /** A stop rule that is broken, in words for a person; null: none is. */
  readonly broken: string | null;
  /** A gate that holds deletes back and waits for a person; null: none. Absent in histories of before it was told. */
  readonly gate?: WaitingGate | null;
}

export interface WaitingGate {
  readonly gate: string;
  /** When it was opened: one that is opened anew is told anew. */
  readonly since: string;
}

export interface PassReview extends RunRef {
  readonly pass: number;
  readonly last: boolean;
  /** A person let the run go on after a broken rule. */
  readonly waived: boolean;
}
/** `gate`: it waits for a person, for as long as its evidence holds. */
export type PassVerdict =
  | { readonly verdict: 'go' }
  | { readonly verdict: 'gate'; readonly gate: string; readonly livesMs: number }
  | { readonly verdict: 'stop'; readonly reason: string };

export interface SlicePlan extends RunRef {
  /** Of a continuous run: the pass of this sweep; each sweep reads everything anew. */
  readonly pass?: number;
}

export interface CaptureResult {
  readonly recordsSeen: number;
}

/** A firing of a schedule asks for a run. */
export interface RunRequest {
  readonly project: string;
  readonly schedule: string;
  /** Of the firing: an attempt with the same id gets the same run. */
  readonly firing: string;
}
/** `skipped`: why it got none, as the decision log has it. */
export type RunGrant = { readonly run: string } | { readonly skipped: string };

export type RunOutcome = 'completed' | 'failed' | 'cancelled';

export interface Activities {
  /**
   * control queue. Short; idempotent by (project, command, commandId) through the ledger. Admitted or not, its answer
   * goes to the decision log.
   */
  admitCommand(input: AdmitCommand): Promise<Admission>;
  /** Answers with what a person must look at from here on, an open gate included; nothing when there is no such project. */
  recordPhase(input: RecordPhase): Promise<{ readonly attention: string | null } | undefined>;
  /** Asks the ledger and the server how a run stands; settles a run whose workflow is gone. */
  inspectRun(input: RunRef): Promise<{ readonly state: 'running' | RunOutcome; readonly reason: string | null }>;
  closeRun(input: RunRef & { readonly outcome: RunOutcome; readonly reason: string | null }): Promise<void>;

  /** Tells the decision log of firings that Temporal left out while the run was active. */
  noteSkippedFirings(input: RunRef & { readonly schedule: string }): Promise<void>;

  /** read queue. */
  /** Gives the project's workflow the command for a recent run; a refusal goes to the decision log. Idempotent by firing. */
  requestRun(input: RunRequest): Promise<RunGrant>;
  assess(input: RunRef): Promise<AssessResult>;
  matchTarget(input: RunRef): Promise<{ readonly existing: number }>;
  /** Starts capture (watermarks), then makes slices. Idempotent. */
  planSlices(input: SlicePlan): Promise<{ readonly slices: number; readonly records: number; readonly passes: number }>;
  /** Reads until its time box ends, no slice is left or the project is paused; waits inside the box for leased ones. */
  readSlices(input: WorkBox): Promise<ReadResult>;
  /** Queues what changed at the source since capture started or was last here. */
  captureChanges(input: RunRef): Promise<CaptureResult>;
  /** Polls the source at the project's pace until its box ends, the run is told something, or a sweep is due. */
  followSource(input: FollowBox): Promise<FollowResult>;

  /**
   * apply queue. Applies until its time box ends, the project is paused, or nothing is left: no slice unread and
   * nothing outstanding. It waits inside the box for rows to come or to be due; a box that comes back early with
   * nothing done makes the workflow back off.
   */
  applyChanges(input: WorkBox): Promise<ApplyResult>;

  /**
   * verify queue. Reads records of the pass back, compares them field by field with what was meant, writes the pass's note,
   * judges the stop rules and the gate behind it (design §5).
   */
  reviewPass(input: PassReview): Promise<PassVerdict>;
}
