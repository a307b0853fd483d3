import { runBare } from './bare-run.ts';
import { type BenchStack, onStack } from './bench-stack.ts';
import type { Extent } from './extents.ts';
import { assertTerms, type FullFlags, IN_FLIGHT } from './flags.ts';
import { leastRequests } from './least.ts';
import { type ProductRun, runProduct } from './product-run.ts';
import { measureQuota } from './quota-run.ts';
import { type BenchReport, eventSlope, recordsIn, requestFigures, rounded } from './report.ts';
import { requestsOf } from './requests.ts';
import { setLatency } from './sandbox-admin.ts';
import { readFacts, type StoreFacts } from './store-facts.ts';

/** One shop for all that is measured. */
const SEED = 5;
/** What the service leaves to the merchant by default. */
const RESERVE_PERCENT = 10;

interface Measured extends ProductRun {
  readonly records: number;
  readonly facts: StoreFacts;
}

/** A full run at two sizes beside the bare script, then without latency, then under a quota. */
export async function benchFull(flags: FullFlags, say: (line: string) => void): Promise<BenchReport> {
  const { latencyMs } = flags;
  const [small, large] = flags.extents;
  say(`${latencyMs} ms added to every store reply on both sides, ${IN_FLIGHT} requests in flight`);
  // One start of the service for all that is measured on the small shop.
  const { first, quick, quota } = await onStack({ extent: small, seed: SEED }, async (stack) => {
    const late = await product(stack, small, latencyMs, say);
    await stack.renew();
    const prompt = await product(stack, small, 0, say);
    await stack.renew();
    return { first: late, quick: prompt, quota: await quotaFigure(stack, flags, say) };
  });
  const second = await onStack({ extent: large, seed: SEED }, (stack) => product(stack, large, latencyMs, say));
  const bare = await bareSpeed(large, latencyMs, say);
  const bareQuick = await bareSpeed(small, 0, say);
  const storeferry = second.records / second.seconds;
  return {
    sizes: { [small.name]: first.records, [large.name]: second.records },
    storeferry: { recordsPerSecond: rounded(storeferry, 1) },
    bare: { recordsPerSecond: rounded(bare, 1) },
    ratio: rounded(storeferry / bare, 3),
    ratioNoLatency: rounded(quick.records / quick.seconds / bareQuick, 3),
    requestsPerRecord: requestFigures(
      second.written,
      requestsOf(second.shop, second.store),
      leastRequests(second.facts),
    ),
    historyEventsPer1000Records: eventSlope(
      { records: first.records, events: first.historyEvents },
      { records: second.records, events: second.historyEvents },
    ),
    workerRssMiB: { [small.name]: first.workerRssMiB, [large.name]: second.workerRssMiB },
    quota: { usedShare: rounded(quota.usedShare, 3), answered429: quota.answered429 },
    terms: { latencyMs, inFlight: IN_FLIGHT, seed: SEED },
  };
}

async function product(
  stack: BenchStack,
  extent: Extent,
  latencyMs: number,
  say: (line: string) => void,
): Promise<Measured> {
  assertTerms({ latencyMs: await setLatency(stack.shopUrl, latencyMs), inFlight: IN_FLIGHT }, { latencyMs });
  const run = await runProduct(stack, latencyMs);
  const records = recordsIn(run.written);
  say(
    `storeferry ${extent.name}, ${latencyMs} ms: ${records} records in ${rounded(run.seconds, 1)} s, ` +
      `${run.historyEvents} events, ${run.workerRssMiB} MiB`,
  );
  return { ...run, records, facts: await readFacts(stack, run.store, run.written['stock'] ?? 0) };
}

/** Records per second of the script between stores of its own. */
async function bareSpeed(extent: Extent, latencyMs: number, say: (line: string) => void): Promise<number> {
  const run = await runBare({ extent, seed: SEED, latencyMs, inFlight: IN_FLIGHT });
  const records = recordsIn(run.written);
  say(
    `bare script ${extent.name}, ${latencyMs} ms: ${records} records in ${rounded(run.seconds, 1)} s, ` +
      `${run.requests} requests at the target, ${run.refused.length} refused`,
  );
  for (const line of run.refused.slice(0, 5)) say(`  ${line}`);
  return records / run.seconds;
}

async function quotaFigure(stack: BenchStack, { quota }: FullFlags, say: (line: string) => void) {
  const figure = await measureQuota(stack, quota, RESERVE_PERCENT);
  say(`quota of ${quota.quota} requests per ${quota.windowMs} ms: used ${figure.usedShare}, 429 ${figure.answered429}`);
  return figure;
}
