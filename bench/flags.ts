import { parseArgs } from 'node:util';
import { type Extent, extentOf, isSize, QUICK_EXTENTS, type Size } from './extents.ts';
import { LONG_RATE, type RecentFlags, recentFlags, type RecentValues } from './recent-flags.ts';
import { UsageError } from './usage.ts';

/** What figures are compared under: both sides, always. */
export const LATENCY_MS = 20;
export const IN_FLIGHT = 4;

const OF_RECENT = ['only', 'rates', 'by', 'seconds', 'minutes', 'long-rate'] as const satisfies (keyof RecentValues)[];

export interface FullFlags {
  readonly scenario: 'full';
  /** Smaller first; the figures per second are those of the last. */
  readonly extents: readonly [Extent, Extent];
  readonly quick: boolean;
  readonly json: boolean;
  readonly latencyMs: number;
  /** What the figure on the quota is measured under. */
  readonly quota: { readonly quota: number; readonly windowMs: number };
}

export type BenchFlags = FullFlags | RecentFlags;

export const USAGE =
  'usage: npm run -s bench -- full [--size S|M|L] [--json] [--quick] [--latency <ms>]\n' +
  '       npm run -s bench -- recent [--size S|M|L] [--json] [--quick] [--only cost|lag|long]\n' +
  '                                  [--rates <n,…>] [--by polls|webhooks] [--seconds <s>]\n' +
  '                                  [--minutes <m>] [--long-rate <n>]\n' +
  '  full: sizes M and L; --size: this one (and Q1, for the slope of events); --quick: Q1 and Q2\n' +
  '  recent: cost on S, M and L; --size: on S and this one; --quick: on S and Q2, lag at one rate\n' +
  '  --quick ends in under 4 minutes\n' +
  `  --latency: other than the ${LATENCY_MS} ms that are added to every store reply, for a look of your own\n` +
  '  --only: this figure alone; then --size is the shop that is followed (lag, long)\n' +
  '  --rates: changes per second of the lag; --by: one way to hear of them; --seconds: for how long, at each rate\n' +
  `  --minutes: follow a living shop for so long and watch the processes, at --long-rate changes per second (${LONG_RATE})`;

/** @throws UsageError */
export function benchFlags(argv: readonly string[]): BenchFlags {
  const { values, positionals } = parsed(argv);
  const [scenario, ...more] = positionals;
  if ((scenario !== 'full' && scenario !== 'recent') || more.length > 0) {
    throw new UsageError(`expected the scenario full or recent, got ${positionals.join(' ') || 'none'}`);
  }
  const quick = values.quick === true;
  if (quick && values.size !== undefined) throw new UsageError('expected --quick or --size, got both');
  if (scenario === 'recent') {
    if (values.latency !== undefined) throw new UsageError('expected --latency with full only');
    return recentFlags(values, sizeIn(values.size));
  }
  const foreign = OF_RECENT.find((flag) => values[flag] !== undefined);
  if (foreign !== undefined) throw new UsageError(`expected --${foreign} with recent only`);
  const extents = quick ? QUICK_EXTENTS : pairOf(sizeIn(values.size));
  return {
    scenario,
    extents,
    quick,
    json: values.json === true,
    latencyMs: latencyIn(values.latency),
    // It is measured on the smaller shop, whose work must outlast nine windows.
    quota: extents[0].name === 'Q1' ? { quota: 15, windowMs: 3_000 } : { quota: 450, windowMs: 30_000 },
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        size: { type: 'string' },
        json: { type: 'boolean' },
        quick: { type: 'boolean' },
        latency: { type: 'string' },
        only: { type: 'string' },
        rates: { type: 'string' },
        by: { type: 'string' },
        seconds: { type: 'string' },
        minutes: { type: 'string' },
        'long-rate': { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function sizeIn(text: string | undefined): Size | undefined {
  if (text === undefined || isSize(text)) return text;
  throw new UsageError(`expected --size S, M or L, got ${text}`);
}

/** Two sizes give a slope; one that is asked for alone is held against the small one. */
function pairOf(size: Size | undefined): readonly [Extent, Extent] {
  if (size === undefined) return [extentOf('M'), extentOf('L')];
  return size === 'S' ? [extentOf('S'), QUICK_EXTENTS[0]] : [QUICK_EXTENTS[0], extentOf(size)];
}

function latencyIn(text: string | undefined): number {
  if (text === undefined) return LATENCY_MS;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new UsageError(`expected --latency as whole milliseconds, at most 9999, got ${text}`);
}

/** Figures under other terms than these are not comparable: nobody gets them unasked. @throws UsageError */
export function assertTerms(found: { latencyMs: number; inFlight: number }, wanted: { latencyMs: number }): void {
  if (found.latencyMs !== wanted.latencyMs) {
    throw new UsageError(
      `expected stores that add ${wanted.latencyMs} ms to every reply, got ${found.latencyMs} ms: give --latency ${found.latencyMs} if you mean it`,
    );
  }
  if (found.inFlight > IN_FLIGHT) {
    throw new UsageError(`expected at most ${IN_FLIGHT} requests in flight at a store, got ${found.inFlight}`);
  }
}
