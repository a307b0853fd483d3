import type { Change } from './change.ts';
import { compareVersions } from './freshness.ts';
import { ALL_GUARDS, type Guards } from './guards.ts';
import type { SourceVersion } from './source-version.ts';

/** What the ledger remembers of a record, as far as freshness goes. */
export interface KnownRecord {
  readonly state: 'live' | 'skipped' | 'tombstone' | 'left';
  readonly version: SourceVersion;
}

/**
 * `apply`: bring the target to this version (at the same content the desired form decides whether anything is written);
 * `stale`: the ledger knows better; `fetch`: read the record again, by id.
 */
export type Judgement = 'apply' | 'stale' | 'fetch';

/** Holds a claimed change against the ledger (P3, P7: a tombstone wins over any older version). */
export function judge(change: Change, known: KnownRecord | null, guards: Guards = ALL_GUARDS): Judgement {
  if (change.kind === 'fetch' || change.version === null) return 'fetch';
  if (known === null) return 'apply';
  if (known.state === 'tombstone' && !guards.tombstoneOrder) return 'apply';
  switch (compareVersions(known.version, change.version, guards)) {
    case 'newer':
    case 'same':
      return 'apply';
    case 'stale':
      return 'stale';
    case 'undecided':
      return 'fetch';
  }
}
