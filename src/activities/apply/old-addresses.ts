import { comparablePath } from '../../canonical/slug-path.ts';
import { wantRead } from '../../domain/change.ts';
import { type Entity, refKey } from '../../domain/entity.ts';
import { groupBy } from '../../domain/group-by.ts';
import { takesPart } from '../../domain/mapping.ts';
import type { KnownAddress } from '../../ledger/records/addresses.ts';
import type { ApplyDeps, Work } from './work.ts';

/** What shoppers and search engines have addresses of. */
export const VISITED: ReadonlySet<Entity> = new Set(['category', 'brand', 'product', 'blog_post', 'page']);

/** Whether this project makes redirects: no shop has to offer them, the ledger remembers every address (P11). */
export function makesRedirects({ target, mapping }: Pick<ApplyDeps, 'target' | 'mapping'>): boolean {
  return target.entities.includes('redirect') && takesPart(mapping, 'redirect');
}

/**
 * Addresses under which the written records were ever seen and are not at the target: each is looked at as a redirect of its
 * own, once what it leads to has been committed (P11). Where one leads to the record already there is nothing to do.
 */
export async function callForRedirects(deps: ApplyDeps, works: readonly Work[]): Promise<void> {
  const settled = works.filter((work) => VISITED.has(work.claim.ref.entity) && arrived(work));
  if (settled.length === 0 || !makesRedirects(deps)) return;
  const seen = settled.map(({ claim }) => ({ ref: claim.ref, paths: claim.change.payload?.urls ?? [] }));
  const known = groupBy(await deps.ledger.addresses.of(seen), ({ ref }) => refKey(ref));
  for (const work of settled) {
    for (const { path, redirect } of known.get(refKey(work.claim.ref)) ?? []) {
      if (!isOpen(work, path, redirect)) continue;
      const ref = { entity: 'redirect' as const, sourceId: path };
      work.learnt.arrivals.push(wantRead(ref, 'reference'));
    }
  }
}

/** At its version, left out, or gone. */
function arrived({ claim, settlement }: Work): boolean {
  return claim.change.kind !== 'fetch' && settlement?.progress != null && settlement.disposition.to !== 'parked';
}

function isOpen({ keys, settlement }: Work, path: string, redirect: KnownAddress['redirect']): boolean {
  const isThere = settlement?.progress?.state === 'live' && settlement.progress.targetId !== null;
  if (!isThere) return true;
  const own = keys['path'];
  const isOwn = own !== undefined && comparablePath(own) === comparablePath(path);
  return isOwn ? redirect !== 'none' : redirect !== 'to it';
}
