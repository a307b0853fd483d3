import { openShop, openTarget } from './client.ts';
import { migrate } from './migrate.ts';

/*
 * The bare script as a process of its own, as storeferry's worker is one: `main.ts <options as JSON>`. Prints
 * `{ seconds, written, refused }`.
 */
const [given] = process.argv.slice(2);
if (given === undefined)
  throw new Error('expected: main.ts { "shop": {…}, "store": {…}, "wordpress": {…}, "inFlight": 4 }');
interface Options {
  readonly shop: Parameters<typeof openShop>[0];
  readonly store: Parameters<typeof openTarget>[0];
  readonly inFlight: number;
}
const { shop, store, inFlight } = JSON.parse(given) as Options;
const startedMs = performance.now();
const { written, refused } = await migrate(openShop(shop, inFlight), openTarget(store, inFlight));
const seconds = (performance.now() - startedMs) / 1_000;
process.stdout.write(`${JSON.stringify({ seconds, written, refused })}\n`, () => process.exit(0));
