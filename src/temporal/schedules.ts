import {
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { Client, ScheduleDescription, ScheduleOptions } from '@temporalio/client';
import { catchUpOf } from '../domain/firings.ts';
import type { ScheduleForm } from '../domain/schedule.ts';
import {
  DEFAULT_TIMINGS,
  scheduledWorkflowId,
  scheduleId,
  SEARCH_ATTRIBUTES,
  taskQueueName,
  WORKFLOW_TYPES,
} from '../workflows/contract.ts';
import type { ScheduledRunInput, Timings } from '../workflows/contract.ts';
import { specOf } from './schedule-spec.ts';

interface SchedulesOptions {
  readonly client: Client;
  readonly queuePrefix: string;
  readonly timings?: Timings;
  /** Milliseconds after which a request counts as unanswered; default 10,000. */
  readonly answerWithinMs?: number;
}

/** How a schedule stands, as Temporal has it. */
export interface ScheduleStanding {
  readonly paused: boolean;
  /** Why it is paused, or who last let it go on. */
  readonly note: string | null;
  /** Ascending. */
  readonly next: readonly Date[];
  /** Runs that were asked for. */
  readonly fired: number;
  /** Firings left out because the one before was not over. */
  readonly overlapped: number;
  /** Firings that were not made up for, because nothing ran for too long. */
  readonly missed: number;
}

const ANSWER_WITHIN_MS = 10_000;
/** Looks at a run, per `guardMs` of the workflows' timings. */
const FIRST_LOOK = 2;

/** Temporal does not take a schedule of this form: a year beyond 2100. */
export class ScheduleRefused extends Error {
  override readonly name = 'ScheduleRefused';
}

/** Temporal's Schedules of the projects; each starts `scheduledRun`. Everything may be asked for twice. */
export class Schedules {
  private readonly options: SchedulesOptions;

  constructor(options: SchedulesOptions) {
    this.options = options;
  }

  /** Makes it, or gives it another form; a pause stays. Throws ScheduleRefused. */
  async set(project: string, name: string, form: ScheduleForm): Promise<void> {
    const wanted = this.wanted(project, name, form);
    try {
      await this.answered(() => this.makeOrChange(project, name, wanted));
    } catch (error) {
      // The SDK makes a TypeError of the server's INVALID_ARGUMENT.
      if (error instanceof TypeError) throw new ScheduleRefused(error.message, { cause: error });
      throw error;
    }
  }

  private async makeOrChange(project: string, name: string, wanted: ScheduleOptions): Promise<void> {
    try {
      await this.options.client.schedule.create(wanted);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      const { scheduleId: _, ...rest } = wanted;
      await this.handle(project, name).update(({ state }) => ({ ...rest, state }));
    }
  }

  /** Null: Temporal has none of this name. */
  async look(project: string, name: string): Promise<ScheduleStanding | null> {
    try {
      return standingOf(await this.answered(() => this.handle(project, name).describe()));
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return null;
      throw error;
    }
  }

  async pause(project: string, name: string, note: string): Promise<void> {
    await this.answered(() => this.handle(project, name).pause(note));
  }
  async resume(project: string, name: string, note: string): Promise<void> {
    await this.answered(() => this.handle(project, name).unpause(note));
  }
  /** Fires now; as any firing it is left out while the one before is not over. */
  async trigger(project: string, name: string): Promise<void> {
    await this.answered(() => this.handle(project, name).trigger(ScheduleOverlapPolicy.SKIP));
  }

  /** A run that it has started goes on. */
  async remove(project: string, name: string): Promise<void> {
    try {
      await this.answered(() => this.handle(project, name).delete());
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  private handle(project: string, name: string) {
    return this.options.client.schedule.getHandle(scheduleId(project, name));
  }

  private answered<T>(ask: () => Promise<T>): Promise<T> {
    const { client, answerWithinMs = ANSWER_WITHIN_MS } = this.options;
    return client.withDeadline(Date.now() + answerWithinMs, ask);
  }

  private wanted(project: string, name: string, form: ScheduleForm): ScheduleOptions {
    const { queuePrefix, timings = DEFAULT_TIMINGS } = this.options;
    const looks = { firstMs: timings.guardMs * FIRST_LOOK, longestMs: timings.watchdogMs };
    const input: ScheduledRunInput = { project, schedule: name, queuePrefix, looks };
    const attributes = [
      { key: SEARCH_ATTRIBUTES.project, value: project },
      { key: SEARCH_ATTRIBUTES.runKind, value: 'recent' },
    ];
    return {
      scheduleId: scheduleId(project, name),
      spec: specOf(form),
      action: {
        type: 'startWorkflow',
        workflowType: WORKFLOW_TYPES.scheduledRun,
        workflowId: scheduledWorkflowId(project, name),
        taskQueue: taskQueueName(queuePrefix, 'control'),
        args: [input],
        staticSummary: `recent run of ${project} by schedule ${name}`,
        typedSearchAttributes: attributes,
      },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: catchUpOf(form, Date.now()) },
      typedSearchAttributes: attributes,
    };
  }
}

function standingOf({ state, info }: ScheduleDescription): ScheduleStanding {
  return {
    paused: state.paused,
    note: state.note === undefined || state.note === '' ? null : state.note,
    next: info.nextActionTimes,
    fired: info.numActionsTaken,
    overlapped: info.numActionsSkippedOverlap,
    missed: info.numActionsMissedCatchupWindow,
  };
}

/** What a failed request to a Schedule means to whoever asked; null: it is none of Temporal's answers. */
export function scheduleFault(error: unknown): { readonly refused: boolean; readonly message: string } | null {
  if (error instanceof ScheduleRefused) return { refused: true, message: error.message };
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return { refused: false, message: cause.details };
  }
  return null;
}
