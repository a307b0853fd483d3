import { createProgram } from './program.ts';
import { endWithFailure } from './terminal.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  endWithFailure(error);
}
