import { FIRST_STATE } from './contract.ts';
import type {
  Command,
  CommandAnswer,
  CommandInputs,
  CommandRefusal,
  MigrationInput,
  MigrationState,
} from './contract.ts';
import { allowedCommands, isAllowed, runKindsAllowed } from '../domain/phases.ts';
import type { Standing } from '../domain/phases.ts';
import { shapeProblem } from './command-shape.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { InTurn } from './one-at-a-time.ts';
import { deskActivities } from './stages.ts';
import type { DeskActivities } from './stages.ts';

/** What one execution of a project's workflow holds in memory; only `state` outlives it. */
export interface Desk {
  readonly input: MigrationInput;
  readonly activities: DeskActivities;
  /** Commands and the settling of runs do not interleave. */
  readonly inTurn: InTurn;
  state: MigrationState;
  /** The state that the ledger is just being told: who saw it there may give the next command before we heard that it arrived. */
  upcoming: MigrationState | null;
  /** Commands answered by this execution. */
  answered: number;
  /** When to look after the active run, in workflow time. */
  lookAt: number;
  /** The main loop has something to notice. */
  stirred: boolean;
}

export function openDesk(input: MigrationInput): Desk {
  return {
    input,
    activities: deskActivities(input.queuePrefix),
    inTurn: oneAtATime(),
    state: input.state ?? FIRST_STATE,
    upcoming: null,
    answered: 0,
    // A run that was active before this execution may have ended meanwhile.
    lookAt: 0,
    stirred: false,
  };
}

export function standingOf({ phase, before, paused, runKind }: MigrationState): Standing {
  return { phase, before, paused, running: runKind };
}

/** Why a command is turned away before the ledger is asked: its shape, its kind, the phase. */
export function refusalOf(
  state: MigrationState,
  command: Command,
  given: CommandInputs[Command],
): CommandRefusal | undefined {
  const malformed = shapeProblem(command, given);
  if (malformed !== undefined) return refusal(state, 'malformed', malformed);
  const standing = standingOf(state);
  if (!isAllowed(standing, command)) return refusal(state, 'not-allowed-in-phase', wrongPhase(state, command));
  if (command !== 'startRun') return undefined;
  const { kind } = given as CommandInputs['startRun'];
  if (runKindsAllowed(standing).includes(kind)) return undefined;
  return refusal(state, 'not-allowed-in-phase', `a ${kind} run is not allowed in phase ${state.phase}`);
}

export function refusal(state: MigrationState, code: string, message: string): CommandRefusal {
  return { code, message, phase: state.phase, allowed: allowedCommands(standingOf(state)) };
}

function wrongPhase(state: MigrationState, command: Command): string {
  const where = [
    `in phase ${state.phase}`,
    ...(state.paused ? ['while the project is paused'] : []),
    ...(state.run === null ? ['while no run is active'] : [`while run ${state.run} is active`]),
  ].join(', ');
  const allowed = allowedCommands(standingOf(state)).join(', ') || 'nothing';
  return `${command} is not allowed ${where}; allowed: ${allowed}`;
}

const LONGEST_LINE = 300;

/** Keeps the last answer as one line for people. */
export function noteAnswer(desk: Desk, command: Command, by: string, answer: CommandAnswer): void {
  const words = answer.accepted ? 'accepted' : `refused: ${answer.refusal.message}`;
  desk.state = { ...desk.state, lastAnswer: `${command} by ${by}: ${words}`.slice(0, LONGEST_LINE) };
  desk.answered += 1;
  desk.stirred = true;
}

/** Looks after the active run without waiting for the watchdog. */
export function lookSoon(desk: Desk): void {
  desk.lookAt = 0;
  desk.stirred = true;
}
