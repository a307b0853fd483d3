import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareVersions, laterOf } from '../../src/domain/freshness.ts';
import type { SourceVersion } from '../../src/domain/source-version.ts';

function version(
  start: number,
  end: number,
  hash: string,
  modifiedAt: string | null = null,
  decides = false,
): SourceVersion {
  return { read: { start, end }, modifiedAt, contentHash: hash, hashVersion: 1, ...(decides ? { decides } : {}) };
}

const versions = fc
  .record({
    start: fc.nat(50),
    length: fc.nat(20),
    hash: fc.constantFrom('a', 'b'),
    day: fc.constantFrom(null, '2026-01-01', '2026-01-02'),
  })
  .map(({ start, length, hash, day }) => version(start, start + length, hash, day));

describe('two looks at a record', () => {
  it('that saw the same content are the same, whatever their stamps say', () => {
    expect(compareVersions(version(1, 2, 'a', '2026-01-02'), version(3, 4, 'a', '2026-01-01'))).toBe('same');
  });
  it('that do not overlap: the later is fresher', () => {
    expect(compareVersions(version(1, 2, 'a'), version(3, 4, 'b'))).toBe('newer');
    expect(compareVersions(version(3, 4, 'b'), version(1, 2, 'a'))).toBe('stale');
  });
  it('that overlap and differ need another look', () => {
    expect(compareVersions(version(1, 5, 'a'), version(3, 8, 'b'))).toBe('undecided');
  });
  it('of which the later carries an older stamp need another look, unless that look was made to decide', () => {
    expect(compareVersions(version(1, 2, 'a', '2026-01-02'), version(3, 4, 'b', '2026-01-01'))).toBe('undecided');
    expect(compareVersions(version(1, 2, 'a', '2026-01-02'), version(3, 4, 'b', '2026-01-01', true))).toBe('newer');
  });
  it('of different canonical versions are never the same', () => {
    expect(compareVersions(version(1, 2, 'a'), { ...version(3, 4, 'a'), hashVersion: 2 })).toBe('newer');
  });
  it('never are each fresher than the other', () => {
    fc.assert(
      fc.property(versions, versions, (a, b) => {
        const there = compareVersions(a, b);
        const back = compareVersions(b, a);
        const mirror = { newer: 'stale', stale: 'newer', same: 'same', undecided: 'undecided' } as const;
        expect(back).toBe(mirror[there]);
        expect(laterOf(a, b).read.end).toBe(Math.max(a.read.end, b.read.end));
      }),
    );
  });
});
