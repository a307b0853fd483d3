import { describe, expect, it } from 'vitest';
import { arrive } from '../../src/domain/arrival.ts';
import { type Arrival, type Change, wantRead } from '../../src/domain/change.ts';
import type { SourceRecord } from '../../src/domain/record.ts';

const ref = { entity: 'brand', sourceId: '7' } as const;

function upsert(start: number, hash: string): Arrival {
  const payload = { ...ref, contentHash: hash } as unknown as SourceRecord;
  return {
    kind: 'upsert',
    ref,
    reason: 'copy',
    version: { read: { start, end: start + 1 }, modifiedAt: null, contentHash: hash, hashVersion: 1 },
    payload,
  };
}
function gone(start: number): Arrival {
  return {
    kind: 'delete',
    ref,
    reason: 'sweep',
    version: { read: { start, end: start + 1 }, modifiedAt: null, contentHash: 'gone', hashVersion: 1 },
  };
}
function hint(after: number): Arrival {
  return { kind: 'fetch', ref, reason: 'hint', after };
}
function all(...arrivals: Arrival[]): Change {
  const row = arrivals.reduce<Change | null>((known, arrival) => arrive(known, arrival), null);
  if (row === null) throw new Error('nothing arrived');
  return row;
}

describe('a queue row', () => {
  it('raises its generation with every arrival', () => {
    expect(all(upsert(1, 'a'), upsert(3, 'a'), hint(9)).generation).toBe(3);
  });
  it('keeps the fresher of two reads, in whatever order they arrive', () => {
    expect(all(upsert(1, 'a'), upsert(5, 'b')).payload?.contentHash).toBe('b');
    expect(all(upsert(5, 'b'), upsert(1, 'a')).payload?.contentHash).toBe('b');
  });
  it('asks for another read when two reads contradict each other', () => {
    const row = all(upsert(1, 'a'), { ...upsert(1, 'b') });
    expect(row).toMatchObject({ kind: 'fetch', fetchDecides: true, payload: null });
    expect(row.fetchAfter).toBeGreaterThanOrEqual(2);
  });
  it('takes only a read that started after the reason for it', () => {
    expect(all(hint(10), upsert(8, 'old')).kind).toBe('fetch');
    expect(all(hint(10), upsert(11, 'new'))).toMatchObject({ kind: 'upsert', fetchAfter: 0 });
  });
  it('that is dropped for a look at the record is not forgotten: no older read passes for that look', () => {
    const look = all(gone(20), wantRead(ref, 'freed-key'));
    expect(look).toMatchObject({ kind: 'fetch', fetchAfter: 21 });
    expect(arrive(look, upsert(5, 'old')).kind).toBe('fetch');
    expect(arrive(look, gone(22))).toMatchObject({ kind: 'delete', fetchAfter: 0 });
  });
  it('lets the read that was asked for decide', () => {
    expect(all(upsert(1, 'a'), upsert(1, 'b'), upsert(9, 'c')).version?.decides).toBe(true);
  });
  it('lets a delete win over older reads and a newer read over the delete', () => {
    expect(all(gone(5), upsert(1, 'a')).kind).toBe('delete');
    expect(all(gone(5), upsert(9, 'a')).kind).toBe('upsert');
    expect(all(upsert(1, 'a'), gone(5))).toMatchObject({ kind: 'delete', payload: null });
  });
  it('that a person has to decide is looked at again when somebody asks for that, but no delete behind the brake', () => {
    const held: Change = { ...all(upsert(1, 'a')), state: 'held' };
    for (const reason of ['resync', 'retry', 'decision', 'repair'] as const)
      expect(arrive(held, { ...upsert(3, 'b'), reason })).toMatchObject({ state: 'ready', looksAtTarget: true });
    const brake: Change = { ...all(gone(3)), state: 'held' };
    for (const reason of ['resync', 'sweep', 'reference'] as const)
      expect(arrive(brake, wantRead(ref, reason, 9))).toMatchObject({ kind: 'delete', state: 'held', generation: 2 });
    expect(arrive(brake, gone(5))).toMatchObject({ kind: 'delete', state: 'held' });
    expect(arrive(brake, upsert(1, 'b'))).toMatchObject({ kind: 'delete', state: 'held' });
  });

  it('is no delete any more when a later read finds the record, and is read again when the source tells of it', () => {
    const brake: Change = { ...all(gone(3)), state: 'held' };
    expect(arrive(brake, upsert(5, 'b'))).toMatchObject({ kind: 'upsert', state: 'ready' });
    expect(arrive(brake, hint(9))).toMatchObject({ kind: 'fetch', state: 'ready', fetchAfter: 9 });
  });

  it('that a person let go stays decided when something wants another look at it', () => {
    const decided: Change = { ...all(gone(3)), reason: 'decision' };
    expect(arrive(decided, wantRead(ref, 'reference', 9))).toMatchObject({ kind: 'fetch', reason: 'decision' });
    expect(arrive(all(gone(3)), wantRead(ref, 'reference', 9))).toMatchObject({ kind: 'fetch', reason: 'reference' });
  });

  it('is looked at again when something arrives while it waits, and not when it is parked or held', () => {
    const waiting: Change = { ...all(upsert(1, 'a')), state: 'waiting' };
    expect(arrive(waiting, upsert(3, 'b')).state).toBe('ready');
    expect(arrive({ ...waiting, state: 'parked' }, upsert(3, 'b')).state).toBe('parked');
    expect(arrive({ ...waiting, state: 'held' }, upsert(3, 'b')).state).toBe('held');
    expect(arrive({ ...waiting, state: 'held' }, hint(9)).state).toBe('held');
  });
});
