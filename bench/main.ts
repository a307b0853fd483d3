import { benchFlags, type FullFlags, USAGE } from './flags.ts';
import { benchFull } from './full.ts';
import { benchRecent } from './recent.ts';
import type { RecentFlags } from './recent-flags.ts';
import { recentTable } from './recent-report.ts';
import { reportTable } from './report.ts';
import { UsageError } from './usage.ts';

/* `npm run -s bench -- full | recent`: figures on stdout, what is being done on stderr. */
const say = (line: string): void => void process.stderr.write(`${line}\n`);
try {
  const flags = benchFlags(process.argv.slice(2));
  process.stdout.write(`${await (flags.scenario === 'full' ? full(flags) : recent(flags))}\n`);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}

async function full(flags: FullFlags): Promise<string> {
  const report = await benchFull(flags, say);
  return flags.json ? JSON.stringify(report) : reportTable(report);
}

async function recent(flags: RecentFlags): Promise<string> {
  const report = await benchRecent(flags, say);
  return flags.json ? JSON.stringify(report) : recentTable(report);
}
