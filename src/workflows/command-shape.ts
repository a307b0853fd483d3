import { RUN_KINDS } from '../domain/phases.ts';
import { ratesProblem } from '../domain/rates.ts';
import { runOptionsProblem, type RunOptions } from '../domain/run-options.ts';
import type { Command, CommandInputs } from './contract.ts';

type AnyField = { [C in Command]: keyof CommandInputs[C] }[Command];

const LONGEST_NAME = 100;
const LONGEST_REASON = 500;

/** What is wrong with the argument of a command, which may come from any client; undefined when nothing is. */
export function shapeProblem(command: Command, given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return `${command} takes one object, ${typeof given} came`;
  const fields = given as Fields;
  if (!isText(fields.by, LONGEST_NAME) || fields.by === '') {
    return `${command}.by must say who gives the command in 1 to ${LONGEST_NAME} characters`;
  }
  if (fields.reason !== undefined && !isText(fields.reason, LONGEST_REASON)) {
    return `${command}.reason must be a text of at most ${LONGEST_REASON} characters`;
  }
  const own = OWN_PROBLEMS[command]?.(fields);
  if (own !== undefined) return `${command}.${own}`;
  if (fields.attention !== undefined && typeof fields.attention !== 'boolean') {
    return `${command}.attention must be true or false`;
  }
  return undefined;
}

type Fields = Partial<Record<AnyField, unknown>>;

const OWN_PROBLEMS: Partial<Record<Command, (fields: Fields) => string | undefined>> = {
  startRun: (fields) =>
    RUN_KINDS.some((kind) => kind === fields.kind)
      ? runOptionsProblem(fields as Record<keyof RunOptions, unknown>)
      : `kind must be one of ${RUN_KINDS.join(', ')}`,
  approve: ({ gate, token }) => {
    if (!isText(gate, LONGEST_NAME) || gate === '') return 'gate must name an open gate of the project';
    if (!isText(token, LONGEST_NAME) || token === '')
      return 'token must be a one-time word: POST /v1/projects/<project>/gates/<gate>/tokens gives it to approvers';
    return undefined;
  },
  setRate: (fields) => ratesProblem(fields),
};

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}
