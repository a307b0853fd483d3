import { ALL_GUARDS, type Guards } from './guards.ts';
import type { SourceVersion } from './source-version.ts';

/**
 * What a second look at a record says against the first (P3):
 * `newer` replaces it, `stale` is dropped, `same` has the same content, `undecided` needs another read by id.
 */
export type Freshness = 'newer' | 'stale' | 'same' | 'undecided';

/** A look that saw nothing: the record was gone. Its content hash. */
export const GONE = 'gone';

export function compareVersions(known: SourceVersion, arriving: SourceVersion, guards: Guards = ALL_GUARDS): Freshness {
  if (sameContent(known, arriving)) return 'same';
  if (arriving.read.start > known.read.end) return laterRead(known, arriving);
  if (known.read.start > arriving.read.end) return mirrored(laterRead(arriving, known));
  if (!guards.readOverlap) return arriving.read.end >= known.read.end ? 'newer' : 'stale';
  return 'undecided';
}

/** The later of two reads that do not overlap is fresher, unless its own stamp says that it is older. */
function laterRead(earlier: SourceVersion, later: SourceVersion): 'newer' | 'undecided' {
  if (later.decides === true) return 'newer';
  if (earlier.modifiedAt === null || later.modifiedAt === null) return 'newer';
  return later.modifiedAt < earlier.modifiedAt ? 'undecided' : 'newer';
}

function mirrored(freshness: 'newer' | 'undecided'): Freshness {
  return freshness === 'newer' ? 'stale' : 'undecided';
}

/** Hashes of different canonical versions cannot be compared: an upgrade of ours is not an edit. */
function sameContent(a: SourceVersion, b: SourceVersion): boolean {
  return a.hashVersion === b.hashVersion && a.contentHash === b.contentHash;
}

/** Of two looks at the same content, the version to remember: the later read. */
export function laterOf(a: SourceVersion, b: SourceVersion): SourceVersion {
  return b.read.end >= a.read.end ? b : a;
}
