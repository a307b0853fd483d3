import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Activities } from '../activities/activity-types.ts';
import type { OpenAlerts } from '../domain/open-alerts.ts';
import type { Command, Phase, RunKind } from '../domain/phases.ts';
import type { RateChanges } from '../domain/rates.ts';
import type { RunOptions } from '../domain/run-options.ts';

export type { Command, Phase, RunKind } from '../domain/phases.ts';

/** Task queues (design §4): control is never behind bulk. Tests put a prefix of their own before each. */
export const TASK_QUEUES = ['control', 'read', 'apply', 'verify'] as const;
export type TaskQueue = (typeof TASK_QUEUES)[number];

export function taskQueueName(prefix: string, queue: TaskQueue): string {
  return prefix === '' ? queue : `${prefix}-${queue}`;
}

/** Where each activity runs: workflows schedule by it, workers register by it. */
export const ACTIVITY_QUEUES: Readonly<Record<keyof Activities, TaskQueue>> = {
  admitCommand: 'control',
  recordPhase: 'control',
  inspectRun: 'control',
  closeRun: 'control',
  noteSkippedFirings: 'control',
  // Waits for an answer that needs the control queue: there it could keep that answer from being given.
  requestRun: 'read',
  assess: 'read',
  matchTarget: 'read',
  planSlices: 'read',
  readSlices: 'read',
  captureChanges: 'read',
  followSource: 'read',
  applyChanges: 'apply',
  reviewPass: 'verify',
};

/** Workflow types as operators read them in Temporal UI. */
export const WORKFLOW_TYPES = {
  migration: 'migration',
  fullMigration: 'fullMigration',
  recentSync: 'recentSync',
  continuousSync: 'continuousSync',
  scheduledRun: 'scheduledRun',
} as const;

/** `full-1`, `recent-12`. */
export function runName(kind: RunKind, number: number): string {
  return `${kind}-${number}`;
}
export function migrationWorkflowId(project: string): string {
  return `migration-${project}`;
}
export function runWorkflowId(project: string, run: string): string {
  return `migration-${project}/${run}`;
}

/** A slash, as no name of a project or schedule has one: `a` with `b-c` must not be `a-b` with `c`. */
export function scheduleId(project: string, schedule: string): string {
  return `schedule-${project}/${schedule}`;
}
/** Temporal adds the time of the firing. */
export function scheduledWorkflowId(project: string, schedule: string): string {
  return `scheduled-${project}/${schedule}`;
}

/** In the clear and visible to everyone in the namespace: names and words only. */
export const SEARCH_ATTRIBUTES = {
  project: defineSearchAttributeKey('StoreferryProject', SearchAttributeType.KEYWORD),
  phase: defineSearchAttributeKey('StoreferryPhase', SearchAttributeType.KEYWORD),
  runKind: defineSearchAttributeKey('StoreferryRunKind', SearchAttributeType.KEYWORD),
  attention: defineSearchAttributeKey('StoreferryAttention', SearchAttributeType.BOOL),
} as const;

/** Who gave a command: a key's name or `signal`; never a person's data. */
interface Given {
  readonly by: string;
}
export interface StartRunCommand extends Given, Partial<RunOptions> {
  readonly kind: RunKind;
}
export interface PauseCommand extends Given {
  readonly reason?: string;
  /** True from a run that cannot go on by itself: a person must look before the project is resumed. */
  readonly attention?: boolean;
}
export interface ResumeCommand extends Given {}
export interface CancelCommand extends Given {
  readonly reason?: string;
}
/** A continuous run brings over what is there, reports, and is completed. */
export interface FinishCommand extends Given {
  readonly reason?: string;
}
export interface ApproveCommand extends Given {
  /** Name of an open gate of the project: `trial`, `mass-delete-product`. */
  readonly gate: string;
  /** One-time word from the API, which knows who may approve (design §4). */
  readonly token: string;
  readonly reason?: string;
}
/** Any subset, null to take one back; in force from the next request and the next claim on. */
export interface SetRateCommand extends Given, RateChanges {}
export interface CommandInputs {
  readonly startRun: StartRunCommand;
  readonly pause: PauseCommand;
  readonly resume: ResumeCommand;
  readonly cancel: CancelCommand;
  readonly approve: ApproveCommand;
  readonly setRate: SetRateCommand;
  readonly finish: FinishCommand;
}

export type CommandAnswer =
  | { readonly accepted: true; readonly phase: Phase; readonly run: string | null }
  | { readonly accepted: false; readonly refusal: CommandRefusal };

export interface CommandRefusal {
  /** kebab-case, stable: `malformed`, `not-allowed-in-phase`, `ledger-silent`, or what the ledger said. */
  readonly code: string;
  /** What was expected, what came, what to do. */
  readonly message: string;
  readonly phase: Phase;
  /** Commands that this phase allows. */
  readonly allowed: readonly Command[];
}

/** Type of the ApplicationFailure with which a validator turns an Update away; its one detail is a CommandRefusal. */
export const COMMAND_REFUSED = 'CommandRefused';

/** Each command is an Update and a Signal of the same name; the Update's validator checks shape and phase only. */
export const COMMAND_UPDATES = {
  startRun: defineUpdate<CommandAnswer, [StartRunCommand], 'startRun'>('startRun'),
  pause: defineUpdate<CommandAnswer, [PauseCommand], 'pause'>('pause'),
  resume: defineUpdate<CommandAnswer, [ResumeCommand], 'resume'>('resume'),
  cancel: defineUpdate<CommandAnswer, [CancelCommand], 'cancel'>('cancel'),
  approve: defineUpdate<CommandAnswer, [ApproveCommand], 'approve'>('approve'),
  setRate: defineUpdate<CommandAnswer, [SetRateCommand], 'setRate'>('setRate'),
  finish: defineUpdate<CommandAnswer, [FinishCommand], 'finish'>('finish'),
} as const;
export const COMMAND_SIGNALS = {
  startRun: defineSignal<[StartRunCommand], 'startRun'>('startRun'),
  pause: defineSignal<[PauseCommand], 'pause'>('pause'),
  resume: defineSignal<[ResumeCommand], 'resume'>('resume'),
  cancel: defineSignal<[CancelCommand], 'cancel'>('cancel'),
  approve: defineSignal<[ApproveCommand], 'approve'>('approve'),
  setRate: defineSignal<[SetRateCommand], 'setRate'>('setRate'),
  finish: defineSignal<[FinishCommand], 'finish'>('finish'),
} as const;

/** From a child run to its project, by workflow id (design §4); the outcome itself is read from the ledger. */
export const runSettledSignal = defineSignal<[{ readonly run: string }]>('runSettled');
/** From a child run to its project: a gate waits for a person; null: the one before does no more. */
export const gateWaitsSignal = defineSignal<[GateWaits]>('gateWaits');
export interface GateWaits {
  readonly run: string;
  readonly gate: string | null;
  /** The gate that was told before. */
  readonly before: string | null;
}
/** From a worker to a project: which of its alerts are open; one that is older than what was told before changes nothing. */
export const alertsSignal = defineSignal<[OpenAlerts]>('alerts');
/** From the project to a child run: how it stands from now on. */
export const steerSignal = defineSignal<[Steer]>('steer');
export interface Steer {
  readonly paused: boolean;
  readonly cancelled: boolean;
}
/** To a continuous run that is parked: there is something to do. */
export const wakeSignal = defineSignal('wake');

/** ApplicationFailure types that a run understands. */
export const FAILURE_TYPES = {
  /** The run ends as failed, for the reason in the message. */
  runStopped: 'RunStopped',
  /** The project pauses and says so; after a resume the stage is tried again. */
  credentialsRejected: 'CredentialsRejected',
} as const;

/** Timings are inputs so that tests pass short ones. Milliseconds. */
export interface Timings {
  /** How long a run may be silent before its project looks after it; its own report and end are noticed at once. */
  readonly watchdogMs: number;
  /** One activity of a stage hands back after about this long, times the lanes that are open. */
  readonly timeBoxMs: number;
  /** An activity that has not heartbeaten for this long is tried elsewhere. */
  readonly heartbeatMs: number;
  /** First wait after a time box that came back early with nothing done; doubles up to `timeBoxMs`. */
  readonly guardMs: number;
}
export const DEFAULT_TIMINGS: Timings = {
  watchdogMs: 600_000,
  timeBoxMs: 60_000,
  heartbeatMs: 30_000,
  guardMs: 1_000,
};

/** Activities of a stage that run at once, over all workers. */
export interface Lanes {
  readonly read: number;
  readonly apply: number;
}
export const DEFAULT_LANES: Lanes = { read: 2, apply: 4 };

/** Bounded: names and words, never lists that grow with the store. Outlives each continue-as-new. */
export interface MigrationState {
  readonly version: 1;
  readonly phase: Phase;
  /** Where a failed, cancelled or copying project stood before. */
  readonly before: Phase | null;
  readonly paused: boolean;
  /** Name of the active run, if any. */
  readonly run: string | null;
  readonly runKind: RunKind | null;
  /** Why a person must look; null when nobody has to. */
  readonly attention: string | null;
  /** Which alerts are open, as the project was told last; absent: it was told of none. */
  readonly alerts?: OpenAlerts;
  /** One line about the last command, for people. */
  readonly lastAnswer: string | null;
}
export const FIRST_STATE: MigrationState = {
  version: 1,
  phase: 'draft',
  before: null,
  paused: false,
  run: null,
  runKind: null,
  attention: null,
  lastAnswer: null,
};
export interface MigrationInput {
  readonly project: string;
  readonly queuePrefix: string;
  readonly timings: Timings;
  readonly lanes: Lanes;
  /** Tests only: continue as new after this many handled commands; the server's own advice otherwise. */
  readonly continueAfterCommands?: number;
  /** What the ledger knows when the workflow is started, so that a lost workflow is no lost project. */
  readonly state?: MigrationState;
}
export interface FullMigrationInput {
  readonly project: string;
  readonly run: string;
  readonly kind: RunKind;
  readonly queuePrefix: string;
  readonly timings: Timings;
  readonly lanes: Lanes;
  /** Tests only: continue as new after this many time boxes; the server's own advice otherwise. */
  readonly continueAfterBoxes?: number;
  readonly state?: FullMigrationState;
}
export interface FullMigrationState {
  readonly version: 1;
  readonly step: RunStep;
  readonly paused: boolean;
  /** The pass that is under way, and how many there are. */
  readonly pass: number;
  readonly passes: number;
}
export type RunStep = 'assess' | 'match' | 'plan' | 'copy' | 'capture' | 'catch-up' | 'follow' | 'review' | 'settle';

/** What a Schedule starts: it asks the project for a recent run and lives as long as that. */
export interface ScheduledRunInput {
  readonly project: string;
  readonly schedule: string;
  readonly queuePrefix: string;
  /** Times between two looks at the run: the first, and the longest. Milliseconds. */
  readonly looks: { readonly firstMs: number; readonly longestMs: number };
  /** The run that an execution before this one was given. */
  readonly run?: string;
}
