import type { ConflictPolicy } from './mapping.ts';
import type { Instant } from './record.ts';

/** What happens to a record that someone else changed at the target since our last write (P8). */
export type ConflictDecision = 'overwrite' | 'keep-target' | 'review';

/** `latest_wins` needs a time from both sides; without one a person decides. */
export function decideConflict(
  policy: ConflictPolicy,
  sourceAt: Instant | null,
  targetAt: Instant | null,
): ConflictDecision {
  switch (policy) {
    case 'source_wins':
      return 'overwrite';
    case 'target_wins':
      return 'keep-target';
    case 'review':
      return 'review';
    case 'latest_wins':
      if (sourceAt === null || targetAt === null) return 'review';
      return sourceAt >= targetAt ? 'overwrite' : 'keep-target';
  }
}
