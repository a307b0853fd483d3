import type { RunFacts } from '../../src/domain/stop-rules.ts';

export const NOW = 10_000_000;
export const MINUTE = 60_000;

/** A run of an hour in which all is well. */
export const WELL: RunFacts = {
  nowMs: NOW,
  sinceMs: NOW - 60 * MINUTE,
  settled: [{ atMs: NOW - MINUTE, value: 1_000 }],
  failed: 0,
  requests: 1_000,
  retried: 0,
  queue: [],
  lag: [],
  onlyChanges: false,
  ready: 100,
  heldUpByStores: false,
  sourceMs: { first: 100, lately: 100 },
};
