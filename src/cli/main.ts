import { CommanderError } from 'commander';
import { EXIT } from './client/exit-codes.ts';
import { createProgram } from './program.ts';
import { endWithFailure } from './terminal.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) endWithFailure(error);
  // What is wrong with the command line, or the help, was written already.
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
}
