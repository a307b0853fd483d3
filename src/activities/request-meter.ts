import type { RequestFact } from '../connectors/http/store-client.ts';
import type { Side } from '../ledger/connections.ts';
import type { RequestCount } from '../ledger/store-requests.ts';

/** Requests to the two stores of a project and the milliseconds they took, waits for the quota left out. */
export interface Tally {
  readonly sourceRequests: number;
  readonly sourceMs: number;
  readonly targetRequests: number;
  readonly targetMs: number;
  /** Second and further attempts. */
  readonly retried: number;
  /** Answered 429. */
  readonly refused: number;
}

const NOTHING: Tally = {
  sourceRequests: 0,
  sourceMs: 0,
  targetRequests: 0,
  targetMs: 0,
  retried: 0,
  refused: 0,
};

export interface RequestMeter {
  of(projectId: number, side: Side): (fact: RequestFact) => void;
  /** What was counted since the last call, so that samples of several activities add up. */
  take(projectId: number): Tally;
  /** Requests by side and outcome since the last call. */
  takeOutcomes(projectId: number): readonly RequestCount[];
  /** Those that could not be handed on. */
  giveBack(projectId: number, counts: readonly RequestCount[]): void;
  /** Stores that rejected their credentials since the last call. */
  takeRejections(projectId: number): readonly Side[];
}

/** Counts what a worker asks of stores, in memory; whoever watches a run takes it from here into the ledger. */
export function createRequestMeter(): RequestMeter {
  const tallies = new Map<number, Tally>();
  const outcomes = new Map<number, readonly RequestCount[]>();
  const addOutcome = (projectId: number, one: RequestCount) =>
    outcomes.set(projectId, plus(outcomes.get(projectId) ?? [], one));
  const rejections = new Map<number, Set<Side>>();
  return {
    of: (projectId, side) => (fact) => {
      tallies.set(projectId, counted(tallies.get(projectId) ?? NOTHING, side, fact));
      addOutcome(projectId, { side, outcome: fact.failure ?? 'ok', count: 1 });
      if (fact.failure === 'credentials-rejected')
        rejections.set(projectId, (rejections.get(projectId) ?? new Set()).add(side));
    },
    take: (projectId) => {
      const tally = tallies.get(projectId) ?? NOTHING;
      tallies.delete(projectId);
      return tally;
    },
    takeOutcomes: (projectId) => {
      const counts = outcomes.get(projectId) ?? [];
      outcomes.delete(projectId);
      return counts;
    },
    giveBack: (projectId, counts) => {
      for (const one of counts) addOutcome(projectId, one);
    },
    takeRejections: (projectId) => {
      const sides = [...(rejections.get(projectId) ?? [])];
      rejections.delete(projectId);
      return sides;
    },
  };
}

/** There are two sides and a few outcomes. */
function plus(counts: readonly RequestCount[], { side, outcome, count }: RequestCount): readonly RequestCount[] {
  const known = counts.find((one) => one.side === side && one.outcome === outcome);
  return [...counts.filter((one) => one !== known), { side, outcome, count: (known?.count ?? 0) + count }];
}

function counted(tally: Tally, side: Side, { ms, attempt, status }: RequestFact): Tally {
  return {
    sourceRequests: tally.sourceRequests + (side === 'source' ? 1 : 0),
    sourceMs: tally.sourceMs + (side === 'source' ? ms : 0),
    targetRequests: tally.targetRequests + (side === 'target' ? 1 : 0),
    targetMs: tally.targetMs + (side === 'target' ? ms : 0),
    retried: tally.retried + (attempt > 1 ? 1 : 0),
    refused: tally.refused + (status === 429 ? 1 : 0),
  };
}
