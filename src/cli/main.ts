import { createProgram } from './program.ts';
import { reportFailure } from './terminal.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  reportFailure(error);
}
