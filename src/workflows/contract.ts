import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Phase } from '../domain/phases.ts';

/** Task queues (design §4): control is never behind bulk. Tests put a prefix of their own before each. */
export const TASK_QUEUES = ['control', 'read', 'apply', 'verify'] as const;
export type TaskQueue = (typeof TASK_QUEUES)[number];

export function taskQueueName(prefix: string, queue: TaskQueue): string {
  return prefix === '' ? queue : `${prefix}-${queue}`;
}

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

export type RunKind = 'full' | 'demo' | 'recent' | 'resync';

/** Who gave a command: a key's name or `signal`; never a person's data. */
interface Given {
  readonly by: string;
}
export interface StartRunCommand extends Given {
  readonly kind: RunKind;
}
export interface PauseCommand extends Given {
  readonly reason?: string;
}
export interface ResumeCommand extends Given {}
export interface CancelCommand extends Given {
  readonly reason?: string;
}

export type CommandAnswer =
  | { readonly accepted: true; readonly phase: Phase; readonly run: string | null }
  | { readonly accepted: false; readonly refusal: CommandRefusal };

export interface CommandRefusal {
  /** kebab-case, stable. */
  readonly code: string;
  /** What was expected, what came, what to do. */
  readonly message: string;
  readonly phase: Phase;
  /** Commands that this phase allows. */
  readonly allowed: readonly string[];
}

/** Each command is an Update and a Signal of the same name; the Update's validator checks shape and phase only. */
export const startRunUpdate = defineUpdate<CommandAnswer, [StartRunCommand]>('startRun');
export const pauseUpdate = defineUpdate<CommandAnswer, [PauseCommand]>('pause');
export const resumeUpdate = defineUpdate<CommandAnswer, [ResumeCommand]>('resume');
export const cancelUpdate = defineUpdate<CommandAnswer, [CancelCommand]>('cancel');
export const startRunSignal = defineSignal<[StartRunCommand]>('startRun');
export const pauseSignal = defineSignal<[PauseCommand]>('pause');
export const resumeSignal = defineSignal<[ResumeCommand]>('resume');
export const cancelSignal = defineSignal<[CancelCommand]>('cancel');

/** From a child run to its project, by workflow id (design §4); the outcome itself is read from the ledger. */
export const runSettledSignal = defineSignal<[{ readonly run: string }]>('runSettled');
/** From the project to a child run. */
export const steerSignal = defineSignal<[{ readonly paused: boolean; readonly cancelled: boolean }]>('steer');

/** Timings are inputs so that tests pass short ones. Milliseconds. */
export interface Timings {
  readonly watchdogMs: number;
  readonly timeBoxMs: number;
  readonly heartbeatMs: number;
}
export const DEFAULT_TIMINGS: Timings = { watchdogMs: 60_000, timeBoxMs: 60_000, heartbeatMs: 20_000 };

export interface MigrationState {
  readonly version: 1;
  readonly phase: Phase;
  readonly paused: boolean;
  /** Name of the active run, if any. */
  readonly run: string | null;
  readonly runKind: RunKind | null;
}
export interface MigrationInput {
  readonly project: string;
  readonly queuePrefix: string;
  readonly timings: Timings;
  /** Tests only: continue as new after this many handled commands; the server's own advice otherwise. */
  readonly continueAfterCommands?: number;
  readonly state?: MigrationState;
}
export interface FullMigrationInput {
  readonly project: string;
  readonly run: string;
  readonly kind: RunKind;
  readonly queuePrefix: string;
  readonly timings: Timings;
  /** How many apply activities run at once. */
  readonly applyLanes: number;
  readonly readLanes: number;
  readonly state?: FullMigrationState;
}
export interface FullMigrationState {
  readonly version: 1;
  readonly step: 'assess' | 'match' | 'plan' | 'copy' | 'settle';
  readonly paused: boolean;
}
