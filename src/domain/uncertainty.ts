import { ALL_GUARDS, type Guards } from './guards.ts';

/** What a look at the target showed of a write whose outcome is not known (P2). */
export type Sighting =
  /** Nothing there under the record's id or keys. */
  | 'absent'
  /** What the intent aimed at. */
  | 'as-intended'
  /** What was there before the intent. */
  | 'as-before'
  /** Neither, of a write that takes several requests: some of them arrived. */
  | 'half-done'
  /** Something else: someone wrote after us, or it is not ours. */
  | 'other';

export type Resolution =
  /** It happened: commit without writing. */
  | 'commit'
  /** It certainly did not: write (again). */
  | 'write'
  /** Too early to tell: look again later, holding up nobody. */
  | 'park'
  | 'conflict';

/**
 * Resolves an open intent from what the target shows. Not happening can only be concluded when the settle time (request
 * timeout + latest late commit + index lag) has passed since the request can last have left, whoever else wrote there since.
 */
export function resolveIntent(
  action: 'create' | 'update' | 'delete',
  sighting: Sighting,
  settled: boolean,
  guards: Guards = ALL_GUARDS,
): Resolution {
  if (sighting === 'as-intended') return 'commit';
  if (action === 'delete' && sighting === 'absent') return 'commit';
  if (action === 'update' && sighting === 'absent') return 'conflict';
  // A key that somebody else holds keeps a create away for good.
  if (action === 'create' && sighting === 'other') return 'conflict';
  // Also where somebody edited it meanwhile, ours may still be on its way and arrive after that edit.
  if (!settled && guards.settleTime) return 'park';
  return sighting === 'other' ? 'conflict' : 'write';
}

/** Look-ups are spread over the settle time, the last at its end: 1/8, 1/4, 1/2, then the whole. Milliseconds. */
export function nextLookUpInMs(elapsedMs: number, settleMs: number): number {
  const left = settleMs - elapsedMs;
  if (left <= 0) return 0;
  const next = [settleMs / 8, settleMs / 4, settleMs / 2].find((at) => at > elapsedMs);
  return Math.ceil(next === undefined ? left : next - elapsedMs);
}
