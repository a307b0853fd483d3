import { waitsForApproval } from './gate-words.ts';

/** What may hold a run up, as the ledger knows it. */
export interface Holds {
  readonly running: boolean;
  readonly paused: boolean;
  readonly pauseReason: string | null;
  /** A gate that waits for a person, and the run with it. */
  readonly openGate: string | null;
  /** Why requests to the two stores wait, by cause. */
  readonly storeWaits: readonly {
    readonly side: 'source' | 'target';
    readonly cause: string;
    readonly count: number;
  }[];
  readonly ready: number;
  readonly waiting: number;
}

/** Why the run is not faster, in an operator's words; null: it is as fast as it can be, or there is no run. */
export function throttleCause({
  running,
  paused,
  pauseReason,
  openGate,
  storeWaits,
  ready,
  waiting,
}: Holds): string | null {
  if (paused) return `paused: ${pauseReason ?? 'no reason was given'}`;
  if (!running) return null;
  if (openGate !== null) return waitsForApproval(openGate);
  const [worst] = storeWaits.toSorted((a, b) => rank(a.cause) - rank(b.cause) || b.count - a.count);
  if (worst !== undefined) return WORDS[worst.cause]?.(worst.side) ?? `the ${worst.side}: ${worst.cause}`;
  if (ready === 0 && waiting > 0) return `${waiting} changes wait for other records or for the outcome of a write`;
  return null;
}

/** Causes as the quota's ledger names them (P12), the gravest first. */
const WORDS: Readonly<Record<string, (side: string) => string>> = {
  'store is busy': (side) => `the ${side} asked us to wait`,
  'window used up': (side) => `the ${side}'s rate window is used up`,
  'reserve kept for the merchant': (side) => `what is left of the ${side}'s rate window is kept for the merchant`,
  concurrency: (side) => `as many requests to the ${side} are in flight as are allowed`,
  'resource cap': (side) => `the ${side} takes only so many requests of this kind at once`,
};

function rank(cause: string): number {
  const at = Object.keys(WORDS).indexOf(cause);
  return at < 0 ? Object.keys(WORDS).length : at;
}
