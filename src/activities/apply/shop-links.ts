import { shopPathsIn } from '../../canonical/shop-links.ts';
import { comparablePath } from '../../canonical/slug-path.ts';
import { type ApplyDeps, payloadOf, type Work } from './work.ts';
import { VISITED } from './old-addresses.ts';

/**
 * Where links inside the works' texts lead to at the target by now (fidelity §3). Those that lead nowhere yet, or to an address
 * that was the second best, are noted with the record: when somebody moves in there, it is looked at again.
 */
export async function findLinks(deps: ApplyDeps, works: readonly Work[]): Promise<ReadonlyMap<string, string>> {
  const linking = works.filter(({ claim }) => VISITED.has(claim.ref.entity) && claim.change.payload !== null);
  for (const work of linking) work.links = shopPathsIn(payloadOf(work).canonical, deps.sourceProfile.url);
  const paths = new Set(linking.flatMap(({ links }) => links));
  if (paths.size === 0) return new Map();
  const found = new Map((await deps.ledger.addresses.movedTo([...paths])).map(({ key, address }) => [key, address]));
  for (const work of linking) {
    work.openLinks = work.links
      .map((key) => ({ key, address: found.get(key) ?? null }))
      .filter(({ key, address }) => address === null || comparablePath(address) !== key);
  }
  return found;
}
