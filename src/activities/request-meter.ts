import type { RequestFact } from '../connectors/http/store-client.ts';
import type { Side } from '../ledger/connections.ts';

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
  /** Stores that rejected their credentials since the last call. */
  takeRejections(projectId: number): readonly Side[];
}

/** Counts what a worker asks of stores, in memory; whoever watches a run takes it from here into the ledger. */
export function createRequestMeter(): RequestMeter {
  const tallies = new Map<number, Tally>();
  const rejections = new Map<number, Set<Side>>();
  return {
    of: (projectId, side) => (fact) => {
      tallies.set(projectId, counted(tallies.get(projectId) ?? NOTHING, side, fact));
      if (fact.failure === 'credentials-rejected')
        rejections.set(projectId, (rejections.get(projectId) ?? new Set()).add(side));
    },
    take: (projectId) => {
      const tally = tallies.get(projectId) ?? NOTHING;
      tallies.delete(projectId);
      return tally;
    },
    takeRejections: (projectId) => {
      const sides = [...(rejections.get(projectId) ?? [])];
      rejections.delete(projectId);
      return sides;
    },
  };
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
