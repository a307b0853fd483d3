import {
  ActivityFailure,
  ApplicationFailure,
  currentUpdateInfo,
  isCancellation,
  log,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import type { Admission } from '../activities/activity-types.ts';
import { afterEvent, COMMANDS } from '../domain/phases.ts';
import { namedRates, type RateChanges } from '../domain/rates.ts';
import { namedOptions } from '../domain/run-options.ts';
import { COMMAND_REFUSED, COMMAND_SIGNALS, COMMAND_UPDATES } from './contract.ts';
import type { Command, CommandAnswer, CommandInputs, CommandRefusal, MigrationState } from './contract.ts';
import { noteAnswer, refusal, refusalOf, standingOf } from './desk.ts';
import type { Desk } from './desk.ts';
import { launchRun, steerRun } from './run-watch.ts';

const DESCRIPTIONS: Record<Command, string> = {
  startRun: 'Starts a run of the project: { by, kind, autoApprove?, perEntity?, passes?, slice? }',
  pause: 'Stops writes within the batch at hand: { by, reason? }',
  resume: 'Goes on after a pause: { by }',
  cancel: 'Ends the active run for good: { by, reason? }',
  approve: 'Passes an open gate: { by, gate, token, reason? }',
  setRate:
    'Works the stores harder or softer from now on: { by, concurrency?, batchSize?, reservePercent? }; null takes one back',
  finish: 'Ends a continuous run when what is there has been brought over: { by, reason? }',
};

type Given = CommandInputs[Command];

/** Every command, as an Update and as a Signal. To be called before the workflow first awaits anything. */
export function takeCommands(desk: Desk): void {
  for (const command of COMMANDS) takeCommand(desk, command);
}

function takeCommand(desk: Desk, command: Command): void {
  const description = DESCRIPTIONS[command];
  // The definitions of the four commands are one union to the compiler, which sees no link between name and input.
  const update = COMMAND_UPDATES[command] as (typeof COMMAND_UPDATES)['startRun'];
  const signal = COMMAND_SIGNALS[command] as (typeof COMMAND_SIGNALS)['startRun'];
  setHandler(update, (given) => obeyUpdate(desk, command, given), {
    // Only a first look: each command is weighed when those before it, and the end of a run, are done.
    validator: (given) => turnAway(refusalOf(desk.upcoming ?? desk.state, command, given)),
    description,
  });
  setHandler(signal, (given) => obeySignal(desk, command, given), { description });
}

/** The message alone must do for people who send Updates from Temporal's own tools. */
function turnAway(refused: CommandRefusal | undefined): void {
  if (refused === undefined) return;
  throw ApplicationFailure.create({
    message: refused.message,
    type: COMMAND_REFUSED,
    nonRetryable: true,
    details: [refused],
  });
}

function obeyUpdate(desk: Desk, command: Command, given: Given): Promise<CommandAnswer> {
  const commandId = `update ${currentUpdateInfo()?.id}`;
  return desk.inTurn(async () => {
    const refused = refusalOf(desk.state, command, given);
    return answer(desk, command, given, refused ?? (await askLedger(desk, command, given, commandId)));
  });
}

function obeySignal(desk: Desk, command: Command, given: Given): Promise<void> {
  const commandId = `signal ${uuid4()}`;
  return desk.inTurn(async () => {
    const refused = refusalOf(desk.state, command, given);
    answer(desk, command, given, refused ?? (await askLedger(desk, command, given, commandId)));
    if (refused !== undefined) await logRefusal(desk, command, given, refused);
  });
}

/** The phase may be another than when the command was sent: each is weighed when those before it are done. */
function answer(desk: Desk, command: Command, given: Given, outcome: CommandRefusal | null): CommandAnswer {
  const { phase, run } = desk.state;
  const said: CommandAnswer = outcome === null ? { accepted: true, phase, run } : { accepted: false, refusal: outcome };
  noteAnswer(desk, command, giverOf(given), said);
  return said;
}

/** A Signal has nobody to answer to: a refusal that the ledger did not give itself is told to the decision log. */
async function logRefusal(desk: Desk, command: Command, given: Given, { message }: CommandRefusal): Promise<void> {
  const { project } = desk.input;
  const { phase, attention } = desk.state;
  const why = `signal ${command} refused: ${message}`;
  try {
    await desk.activities.recordPhase.executeWithOptions({ summary: `note a refused ${command}` }, [
      { project, phase, by: giverOf(given), why, attention },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.warn('a refused signal did not reach the decision log', { command });
  }
}

/** Null: admitted and carried out. */
async function askLedger(
  desk: Desk,
  command: Command,
  given: Given,
  commandId: string,
): Promise<CommandRefusal | null> {
  const next = stateAfter(desk.state, command, given);
  const admission = await admit(desk, command, given, commandId, next);
  if (!admission.admitted) return refusal(desk.state, admission.code, admission.message);
  const { run, attention = next.attention } = admission;
  await carryOut(desk, command, { ...next, attention }, run);
  return null;
}

async function admit(
  desk: Desk,
  command: Command,
  given: Given,
  commandId: string,
  next: MigrationState,
): Promise<Admission> {
  try {
    return await desk.activities.admitCommand.executeWithOptions({ summary: `ask the ledger: ${command}` }, [
      {
        ...askOf(command, given),
        project: desk.input.project,
        command,
        commandId,
        phase: desk.state.phase,
        nextPhase: next.phase,
        attention: next.attention,
        knownRun: desk.state.run,
      },
    ]);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    log.warn('a command could not be checked against the ledger', { command, error });
    const message = `the ledger gave no answer to ${command} in time; look at the status, then give it again`;
    return { admitted: false, code: 'ledger-silent', message };
  }
}

/** What the ledger has to know of a command, whatever else its giver put into it. */
function askOf(command: Command, given: Given) {
  const { by, kind, reason, gate, token, ...rest } = given as CommandInputs['startRun'] &
    CommandInputs['pause'] &
    CommandInputs['approve'];
  return {
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(command === 'startRun' ? { kind, options: namedOptions(rest) } : {}),
    ...(command === 'setRate' ? { rates: namedRates(rest as RateChanges) } : {}),
    ...(command === 'approve' ? { gate, token } : {}),
  };
}

/** The project's state if the ledger admits a command whose phase is right; the run's name is still to come. */
function stateAfter(state: MigrationState, command: Command, given: Given): MigrationState {
  switch (command) {
    case 'startRun': {
      const { kind } = given as CommandInputs['startRun'];
      const started = afterEvent(standingOf(state), 'runStarted', kind);
      if (started === null) throw new Error(`a ${kind} run was let through in phase ${state.phase}`);
      return { ...state, phase: started.phase, before: started.before, runKind: kind, attention: null };
    }
    case 'pause': {
      const { reason, attention } = given as CommandInputs['pause'];
      return attention === true
        ? { ...state, paused: true, attention: reason ?? 'paused' }
        : { ...state, paused: true };
    }
    case 'resume':
      return { ...state, paused: false, attention: null };
    case 'approve':
      // The ledger says which gate waits next, if one does.
      return state.paused ? state : { ...state, attention: null };
    default:
      return state;
  }
}

async function carryOut(desk: Desk, command: Command, next: MigrationState, run: string | null): Promise<void> {
  desk.state = next;
  if (command === 'startRun') {
    if (run === null) throw new Error('admitCommand admitted a run without naming it');
    desk.state = { ...next, run };
    await launchRun(desk, run);
  } else if (command !== 'setRate') {
    await steerRun(desk, { cancelled: command === 'cancel' });
  }
}

function giverOf(given: unknown): string {
  const by = (given as { by?: unknown } | null | undefined)?.by;
  return typeof by === 'string' && by !== '' ? by.slice(0, 100) : 'signal';
}
