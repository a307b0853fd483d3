import { contentHash } from '../../canonical/content-hash.ts';
import { comparablePath } from '../../canonical/slug-path.ts';
import type { Fetched } from '../../connectors/source.ts';
import type { CanonicalRedirect, Place } from '../../domain/redirect.ts';
import type { Reference, SourceRecord } from '../../domain/record.ts';
import type { Resident } from '../../ledger/records/addresses.ts';
import { normaliseKey } from '../../domain/unique-key.ts';
import type { ApplyDeps, Work } from './work.ts';

/**
 * Redirects as the ledger remembers addresses (P11): to the record that was seen there, to a category of it when it is no more, to
 * the page of any store that does what nobody's record did there, and none where something at the target has the address now.
 */
export async function deriveRedirects(deps: ApplyDeps, works: readonly Work[]): Promise<ReadonlyMap<Work, Fetched>> {
  const paths = works.map(({ claim }) => ({
    path: claim.ref.sourceId,
    key: normaliseKey(comparablePath(claim.ref.sourceId)),
  }));
  const residents = new Map(
    (await deps.ledger.addresses.residents(paths)).map((resident) => [resident.path, resident]),
  );
  const places = new Map((await deps.ledger.addresses.places(paths)).map((place) => [place.path, place]));
  return new Map(
    works.map((work): [Work, Fetched] => {
      const { ref } = work.claim;
      const canonical = redirectAt(residents.get(ref.sourceId), places.get(ref.sourceId));
      if (canonical === null) return [work, { outcome: 'gone', ref }];
      return [work, { outcome: 'present', record: redirectRecord(canonical), also: [] }];
    }),
  );
}

/** A page of the source's own software may have a record of its own, which is not moved: its place is known better. */
function redirectAt(resident: Resident | undefined, place: Place | undefined): CanonicalRedirect | null {
  if (place !== undefined && resident?.isThere !== true) {
    return { fromPath: place.path, to: { kind: 'page', page: place.to }, because: 'moved' };
  }
  if (resident === undefined) return null;
  return { fromPath: resident.path, to: destination(resident), because: resident.isThere ? 'moved' : 'gone' };
}

function redirectRecord(canonical: CanonicalRedirect): SourceRecord<'redirect'> {
  const { to } = canonical;
  const references: Reference[] =
    to.kind === 'page' ? [] : [{ entity: to.entity, sourceId: to.sourceId, kind: 'hard', field: 'to' }];
  return {
    entity: 'redirect',
    sourceId: canonical.fromPath,
    modifiedAt: null,
    canonical,
    contentHash: contentHash('redirect', canonical),
    references,
    urls: [],
    reports: [],
  };
}

function destination({ ref, isThere, category }: Resident): CanonicalRedirect['to'] {
  if (isThere) return { kind: 'record', ...ref };
  if (category !== null) return { kind: 'record', entity: 'category', sourceId: category };
  return { kind: 'page', page: { page: ref.entity === 'blog_post' ? 'blog' : 'front' } };
}
