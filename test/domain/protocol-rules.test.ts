import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/domain/change.ts';
import { decideConflict } from '../../src/domain/conflict.ts';
import { exceedsDeleteBrake } from '../../src/domain/delete-brake.ts';
import { ALL_GUARDS } from '../../src/domain/guards.ts';
import { judge, type KnownRecord } from '../../src/domain/judgement.ts';
import { nextLookUpInMs, resolveIntent } from '../../src/domain/uncertainty.ts';

function known(state: KnownRecord['state'], start: number, hash: string): KnownRecord {
  return { state, version: { read: { start, end: start + 1 }, modifiedAt: null, contentHash: hash, hashVersion: 1 } };
}
function change(start: number, hash: string): Change {
  return { kind: 'upsert', version: known('live', start, hash).version } as Change;
}

describe('a claimed change against the ledger', () => {
  it('is applied when it is newer or the same, dropped when stale, read again when undecided', () => {
    expect(judge(change(5, 'b'), null)).toBe('apply');
    expect(judge(change(5, 'b'), known('live', 1, 'a'))).toBe('apply');
    expect(judge(change(5, 'a'), known('live', 1, 'a'))).toBe('apply');
    expect(judge(change(1, 'a'), known('live', 5, 'b'))).toBe('stale');
    expect(judge(change(1, 'a'), known('live', 1, 'b'))).toBe('fetch');
  });
  it('never brings a deleted record back from an older read', () => {
    expect(judge(change(1, 'a'), known('tombstone', 5, 'gone'))).toBe('stale');
    expect(judge(change(9, 'a'), known('tombstone', 5, 'gone'))).toBe('apply');
    expect(judge(change(1, 'a'), known('tombstone', 5, 'gone'), { ...ALL_GUARDS, tombstoneOrder: false })).toBe(
      'apply',
    );
  });
});

describe('a write with a lost reply', () => {
  it('is committed when the target shows it', () => {
    for (const action of ['create', 'update'] as const)
      expect(resolveIntent(action, 'as-intended', false)).toBe('commit');
    expect(resolveIntent('delete', 'absent', false)).toBe('commit');
  });
  it('is repeated only when the settle time has passed', () => {
    expect(resolveIntent('create', 'absent', false)).toBe('park');
    expect(resolveIntent('create', 'absent', true)).toBe('write');
    expect(resolveIntent('update', 'as-before', false)).toBe('park');
  });
  it('is a conflict when the target shows something else', () => {
    expect(resolveIntent('update', 'other', true)).toBe('conflict');
    expect(resolveIntent('create', 'other', false)).toBe('conflict');
    expect(resolveIntent('update', 'half-done', false)).toBe('park');
    expect(resolveIntent('update', 'half-done', true)).toBe('write');
    expect(resolveIntent('update', 'absent', true)).toBe('conflict');
  });
  it('may still arrive after the edit that it is seen with: nothing is decided before the settle time', () => {
    for (const action of ['update', 'delete'] as const) {
      expect(resolveIntent(action, 'other', false)).toBe('park');
      expect(resolveIntent(action, 'other', true)).toBe('conflict');
    }
  });
  it('is looked up several times, the last at the end of the settle time', () => {
    const times = [];
    for (let at = 0; at < 8_000;) {
      at += nextLookUpInMs(at, 8_000);
      times.push(at);
    }
    expect(times).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(nextLookUpInMs(9_000, 8_000)).toBe(0);
  });
});

describe('policies', () => {
  it('decide a conflict; the latest wins only where both sides give a time', () => {
    expect(decideConflict('source_wins', null, null)).toBe('overwrite');
    expect(decideConflict('target_wins', null, null)).toBe('keep-target');
    expect(decideConflict('review', '2026-01-02', '2026-01-01')).toBe('review');
    expect(decideConflict('latest_wins', '2026-01-02', '2026-01-01')).toBe('overwrite');
    expect(decideConflict('latest_wins', '2026-01-01', '2026-01-02')).toBe('keep-target');
    expect(decideConflict('latest_wins', null, '2026-01-02')).toBe('review');
  });
  it('brake deletes that are more than twenty and more than two percent', () => {
    expect(exceedsDeleteBrake({ deletes: 20, live: 10 })).toBe(false);
    expect(exceedsDeleteBrake({ deletes: 21, live: 100 })).toBe(true);
    expect(exceedsDeleteBrake({ deletes: 21, live: 5_000 })).toBe(false);
  });
});
