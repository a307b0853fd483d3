import { type Extent, extentOf, QUICK_EXTENTS, type Size } from './extents.ts';
import { UsageError, wholeIn, wordIn } from './usage.ts';

const FIGURES = ['cost', 'lag', 'long'] as const;
const WAYS = ['polls', 'webhooks'] as const;
/** How a continuous sync hears of changes. */
export type Way = (typeof WAYS)[number];

export interface RecentFlags {
  readonly scenario: 'recent';
  /** Baselines that the same changes are made on, the smallest first; none: their cost is not measured. */
  readonly extents: readonly Extent[];
  /** What the lag is measured at, each by itself; none: it is not measured. */
  readonly lags: readonly { readonly rate: number; readonly way: Way }[];
  readonly lagSeconds: number;
  /** The shop that is followed. */
  readonly followed: Extent;
  /** Absent: nobody asked for a long run. */
  readonly long?: { readonly minutes: number; readonly rate: number };
  readonly json: boolean;
}

export interface RecentValues {
  readonly quick?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly only?: string | undefined;
  readonly rates?: string | undefined;
  readonly by?: string | undefined;
  readonly seconds?: string | undefined;
  readonly minutes?: string | undefined;
  readonly 'long-rate'?: string | undefined;
}

/** The flags of each figure alone: given for another they would be passed over in silence. */
const OF_LAG = ['rates', 'by', 'seconds'] as const;
const OF_LONG = ['minutes', 'long-rate'] as const;
/** Nobody waits longer than this for a shop's answer that its life is over (Node's own limit is five minutes). */
const LONGEST_LAG_SECONDS = 240;
/** Changes per second of a long run. */
export const LONG_RATE = 2;
/** A shop that lives faster lives in leaps. */
const FASTEST = 100;
/** What comes before the steady state is a fifth: of less nothing could be told. */
const SHORTEST_MINUTES = 2;
const LONGEST_MINUTES = 10_080;

/** @throws UsageError */
export function recentFlags(values: RecentValues, size: Size | undefined): RecentFlags {
  const { quick = false, json = false, rates, by, seconds, minutes } = values;
  const only = values.only === undefined ? undefined : wordIn('only', values.only, FIGURES);
  const measures = (figure: (typeof FIGURES)[number]) => only === undefined || only === figure;
  if (!measures('lag')) refuse(values, OF_LAG, only);
  if (!measures('long')) refuse(values, OF_LONG, only);
  if (minutes === undefined && (only === 'long' || values['long-rate'] !== undefined)) {
    throw new UsageError('expected --minutes with a long run, got none');
  }
  const ways = by === undefined ? (quick ? (['polls'] as const) : WAYS) : [wordIn('by', by, WAYS)];
  const wanted = rates === undefined ? (quick ? [20] : [1, 10, 20]) : ratesIn(rates);
  return {
    scenario: 'recent',
    extents: measures('cost') ? baselines(quick, size) : [],
    lags: measures('lag') ? ways.flatMap((way) => wanted.map((rate) => ({ rate, way }))) : [],
    lagSeconds: seconds === undefined ? 60 : wholeIn('seconds', seconds, [5, LONGEST_LAG_SECONDS]),
    followed: extentOf(measures('cost') ? 'S' : (size ?? 'S')),
    ...(minutes === undefined ? {} : { long: longIn(minutes, values['long-rate']) }),
    json,
  };
}

function refuse(values: RecentValues, flags: readonly (keyof RecentValues)[], only: string | undefined): void {
  const given = flags.find((flag) => values[flag] !== undefined);
  if (given !== undefined) throw new UsageError(`expected no --${given} with --only ${only}`);
}

function baselines(quick: boolean, size: Size | undefined): readonly Extent[] {
  if (quick) return [extentOf('S'), QUICK_EXTENTS[1]];
  return [...new Set<Size>(['S', ...(size === undefined ? (['M', 'L'] as const) : [size])])].map(extentOf);
}

/** Each once: a rate is a key of the report. */
function ratesIn(text: string): readonly number[] {
  return [...new Set(text.split(',').map((rate) => wholeIn('rates', rate, [1, FASTEST])))];
}

function longIn(minutes: string, rate = String(LONG_RATE)) {
  return {
    minutes: wholeIn('minutes', minutes, [SHORTEST_MINUTES, LONGEST_MINUTES]),
    rate: wholeIn('long-rate', rate, [1, FASTEST]),
  };
}
