import {
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowIdConflictPolicy,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Phase, RunKind } from '../domain/phases.ts';
import {
  alertsSignal,
  COMMAND_REFUSED,
  COMMAND_UPDATES,
  DEFAULT_LANES,
  DEFAULT_TIMINGS,
  migrationWorkflowId,
  SEARCH_ATTRIBUTES,
  taskQueueName,
  WORKFLOW_TYPES,
} from '../workflows/contract.ts';
import type {
  Command,
  CommandAnswer,
  CommandInputs,
  CommandRefusal,
  Lanes,
  MigrationInput,
  Timings,
} from '../workflows/contract.ts';
import { stateFromLedger } from './known-state.ts';
import type { KnownProject } from '../domain/known-project.ts';
import { type OpenAlerts, wantsPerson } from '../domain/open-alerts.ts';

export interface MigrationsOptions {
  readonly client: Client;
  readonly queuePrefix: string;
  readonly timings?: Timings;
  readonly lanes?: Lanes;
  /** Milliseconds after which a command counts as unanswered; default 20,000. */
  readonly answerWithinMs?: number;
}

/** Where a project's workflow stands, as Temporal's visibility shows it; seconds behind the ledger. */
export interface ListedMigration {
  readonly project: string;
  readonly workflowId: string;
  readonly phase: Phase | null;
  readonly runKind: RunKind | null;
  readonly attention: boolean;
  readonly startedAt: Date;
}

/** The command may or may not be carried out later: no worker, or no server, answered in time. */
export class CommandUnanswered extends Error {
  override readonly name = 'CommandUnanswered';
}

const ANSWER_WITHIN_MS = 20_000;

/** The projects' workflows, as the API uses them. */
export class Migrations {
  private readonly options: MigrationsOptions;

  constructor(options: MigrationsOptions) {
    this.options = options;
  }

  /**
   * Gives a command to the project's workflow, which is started if there is none. With the same `commandId` the same
   * execution answers as before. A refusal is a value; throws CommandUnanswered.
   */
  async command<C extends Command>(
    known: KnownProject,
    command: C,
    given: CommandInputs[C],
    commandId?: string,
  ): Promise<CommandAnswer> {
    const { client, answerWithinMs = ANSWER_WITHIN_MS } = this.options;
    // The definitions of the four commands are one union to the compiler, which sees no link between name and input.
    const update = COMMAND_UPDATES[command] as unknown as (typeof COMMAND_UPDATES)['resume'];
    try {
      return await client.withDeadline(Date.now() + answerWithinMs, () =>
        client.workflow.executeUpdateWithStart(update, {
          args: [given],
          startWorkflowOperation: this.startOperation(known),
          ...(commandId === undefined ? {} : { updateId: commandId }),
        }),
      );
    } catch (error) {
      return answerOf(error, known.slug, command);
    }
  }

  /** Tells the project's workflow which alerts are open. False: there is none, which begins by what the ledger knows then. */
  async tellAlerts(project: string, open: OpenAlerts): Promise<boolean> {
    const { client, answerWithinMs = ANSWER_WITHIN_MS } = this.options;
    try {
      const handle = client.workflow.getHandle(migrationWorkflowId(project));
      await client.withDeadline(Date.now() + answerWithinMs, () => handle.signal(alertsSignal, open));
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }

  /** Ends the workflow of a project that is no more; one that has none is no matter. */
  async end(project: string): Promise<void> {
    try {
      await this.options.client.workflow.getHandle(migrationWorkflowId(project)).cancel();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  /** Running projects, newest first. */
  async list(limit = 1_000): Promise<ListedMigration[]> {
    const query = `WorkflowType = '${WORKFLOW_TYPES.migration}' AND ExecutionStatus = 'Running'`;
    const found: ListedMigration[] = [];
    for await (const { workflowId, startTime, typedSearchAttributes: shown } of this.options.client.workflow.list({
      query,
    })) {
      if (found.length === limit) break;
      found.push({
        project: shown.get(SEARCH_ATTRIBUTES.project) ?? '',
        workflowId,
        phase: (shown.get(SEARCH_ATTRIBUTES.phase) as Phase | undefined) ?? null,
        runKind: (shown.get(SEARCH_ATTRIBUTES.runKind) as RunKind | undefined) ?? null,
        attention: shown.get(SEARCH_ATTRIBUTES.attention) ?? false,
        startedAt: startTime,
      });
    }
    return found;
  }

  /** Usable once. The state counts only if the workflow has to be started. */
  private startOperation(known: KnownProject) {
    const { queuePrefix, timings = DEFAULT_TIMINGS, lanes = DEFAULT_LANES } = this.options;
    const state = stateFromLedger(known);
    const input: MigrationInput = { project: known.slug, queuePrefix, timings, lanes, state };
    return new WithStartWorkflowOperation<(input: MigrationInput) => Promise<void>>(WORKFLOW_TYPES.migration, {
      workflowId: migrationWorkflowId(known.slug),
      taskQueue: taskQueueName(queuePrefix, 'control'),
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      args: [input],
      staticSummary: `migration of ${known.slug}`,
      typedSearchAttributes: [
        { key: SEARCH_ATTRIBUTES.project, value: known.slug },
        { key: SEARCH_ATTRIBUTES.phase, value: state.phase },
        { key: SEARCH_ATTRIBUTES.attention, value: wantsPerson(state) },
      ],
    });
  }
}

function answerOf(error: unknown, project: string, command: Command): CommandAnswer {
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error;
    if (cause instanceof ApplicationFailure && cause.type === COMMAND_REFUSED) {
      return { accepted: false, refusal: cause.details?.[0] as CommandRefusal };
    }
  }
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isGrpcServiceError(rootOf(error))) {
    const message = `no worker answered ${command} for ${project} in time; look at the status before giving it again`;
    throw new CommandUnanswered(message, { cause: error });
  }
  throw error;
}

function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}
