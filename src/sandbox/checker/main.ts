import { readFile } from 'node:fs/promises';
import { fetchState } from '../shared/state-lines.ts';
import { checkStores } from './check-stores.ts';

/*
 * Compares a WooCommerce and a BigCommerce sandbox: `main.ts <source> <target>`, each the address of a running sandbox
 * or a file with the answer of its `GET /__admin/state`. Prints the report as JSON; exit 0 only when nothing is wrong.
 */
const [source, target, ...rest] = process.argv.slice(2);
if (source === undefined || target === undefined || rest.length > 0) {
  process.stderr.write(
    'usage: main.ts <WooCommerce sandbox: URL or state file> <BigCommerce sandbox: URL or state file>\n',
  );
  process.exit(2);
}
try {
  const report = checkStores({ source: await stateOf(source), target: await stateOf(target) });
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

async function stateOf(place: string): Promise<unknown> {
  return /^https?:/.test(place) ? fetchState(place) : JSON.parse(await readFile(place, 'utf8'));
}
