import { contentHash } from '../../canonical/content-hash.ts';
import { comparablePath } from '../../canonical/slug-path.ts';
import type { Fetched } from '../../connectors/source.ts';
import type { CanonicalRedirect } from '../../domain/redirect.ts';
import type { Reference, SourceRecord } from '../../domain/record.ts';
import type { Resident } from '../../ledger/records/addresses.ts';
import { normaliseKey } from '../../domain/unique-key.ts';
import type { ApplyDeps, Work } from './work.ts';

/**
 * Redirects as the ledger remembers addresses (P11): to the record that was seen there, to a category of it when it is no more,
 * and none where something at the target has the address now.
 */
export async function deriveRedirects(deps: ApplyDeps, works: readonly Work[]): Promise<ReadonlyMap<Work, Fetched>> {
  const paths = works.map(({ claim }) => ({
    path: claim.ref.sourceId,
    key: normaliseKey(comparablePath(claim.ref.sourceId)),
  }));
  const residents = new Map(
    (await deps.ledger.addresses.residents(paths)).map((resident) => [resident.path, resident]),
  );
  return new Map(
    works.map((work): [Work, Fetched] => {
      const { ref } = work.claim;
      const resident = residents.get(ref.sourceId);
      if (resident === undefined) return [work, { outcome: 'gone', ref }];
      return [work, { outcome: 'present', record: redirectRecord(resident), also: [] }];
    }),
  );
}

function redirectRecord(resident: Resident): SourceRecord<'redirect'> {
  const to = destination(resident);
  const canonical: CanonicalRedirect = { fromPath: resident.path, to, because: resident.isThere ? 'moved' : 'gone' };
  const references: Reference[] =
    to.kind === 'path' ? [] : [{ entity: to.entity, sourceId: to.sourceId, kind: 'hard', field: 'to' }];
  return {
    entity: 'redirect',
    sourceId: resident.path,
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
  return { kind: 'path', path: ref.entity === 'blog_post' ? '/blog/' : '/' };
}
