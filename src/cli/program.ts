import { Command } from 'commander';
import { clientCommands } from './client/index.ts';
import { serviceCommands } from './service-commands.ts';

/** Adds a group of related commands to the program. */
export type CommandGroup = (program: Command) => void;

/** Every group of commands, in the order in which the help lists them. */
const GROUPS: readonly CommandGroup[] = [serviceCommands, clientCommands];

export function createProgram(groups: readonly CommandGroup[] = GROUPS): Command {
  const program = new Command('storeferry')
    .description('Moves a live online store to BigCommerce and keeps both sides in step until the merchant goes live.')
    .showHelpAfterError('(storeferry --help lists the commands)')
    // Throws instead of ending the process, so that a wrong command line has an exit code of its own.
    .exitOverride();
  for (const addCommands of groups) addCommands(program);
  return program;
}
