import type { Command } from 'commander';
import { announceCommand } from './announce-command.ts';
import { conflictCommands } from './conflict-commands.ts';
import { hookCommands } from './hook-commands.ts';
import { lookCommands } from './look-commands.ts';
import { projectCommands } from './project-commands.ts';
import { runCommands } from './run-commands.ts';
import { scheduleCommands } from './schedule-commands.ts';
import { syncCommands } from './sync-commands.ts';

/** Commands that are clients of a running service. */
export function clientCommands(program: Command): void {
  projectCommands(program);
  runCommands(program);
  syncCommands(program);
  scheduleCommands(program);
  lookCommands(program);
  conflictCommands(program);
  announceCommand(program);
  hookCommands(program);
}
