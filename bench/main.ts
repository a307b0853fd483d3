import { benchFlags, USAGE, UsageError } from './flags.ts';
import { benchFull } from './full.ts';
import { reportTable } from './report.ts';

/* `npm run -s bench -- full`: figures on stdout, what is being done on stderr. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);
try {
  const flags = benchFlags(process.argv.slice(2));
  const report = await benchFull(flags, say);
  process.stdout.write(`${flags.json ? JSON.stringify(report) : reportTable(report)}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
