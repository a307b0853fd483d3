import { RUN_KINDS } from '../domain/phases.ts';
import type { Command, CommandInputs } from './contract.ts';

type AnyField = { [C in Command]: keyof CommandInputs[C] }[Command];

const LONGEST_NAME = 100;
const LONGEST_REASON = 500;

/** What is wrong with the argument of a command, which may come from any client; undefined when nothing is. */
export function shapeProblem(command: Command, given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return `${command} takes one object, ${typeof given} came`;
  const fields = given as Partial<Record<AnyField, unknown>>;
  if (!isText(fields.by, LONGEST_NAME) || fields.by === '') {
    return `${command}.by must say who gives the command in 1 to ${LONGEST_NAME} characters`;
  }
  if (fields.reason !== undefined && !isText(fields.reason, LONGEST_REASON)) {
    return `${command}.reason must be a text of at most ${LONGEST_REASON} characters`;
  }
  if (command === 'startRun' && !RUN_KINDS.some((kind) => kind === fields.kind)) {
    return `startRun.kind must be one of ${RUN_KINDS.join(', ')}`;
  }
  if (command === 'approve' && (!isText(fields.gate, LONGEST_NAME) || fields.gate === '')) {
    return 'approve.gate must name an open gate of the project';
  }
  if (fields.attention !== undefined && typeof fields.attention !== 'boolean') {
    return `${command}.attention must be true or false`;
  }
  return undefined;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}
