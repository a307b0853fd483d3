import type { CanonicalCoupon } from '../../domain/coupon.ts';
import { findLinks } from './shop-links.ts';
import { type ApplyDeps, payloadOf, type Work } from './work.ts';

/** What the ledger knows of things that a batch's records name without referring to them: asked for once for the batch. */
export interface Surroundings {
  /** Path at the source → path at the target. */
  readonly links: ReadonlyMap<string, string>;
  /** Category → target ids of the products in it. */
  readonly members: ReadonlyMap<string, readonly string[]>;
}

export const NO_SURROUNDINGS: Surroundings = { links: new Map(), members: new Map() };

export async function lookAround(deps: ApplyDeps, works: readonly Work[]): Promise<Surroundings> {
  return { links: await findLinks(deps, works), members: await findMembers(deps, works) };
}

/** A coupon for products and for categories is one for the products of both at the target (fidelity §9). */
async function findMembers(deps: ApplyDeps, works: readonly Work[]): Promise<Surroundings['members']> {
  const coupons = works
    .filter(({ claim }) => claim.ref.entity === 'coupon' && claim.change.payload !== null)
    .map((work) => payloadOf(work).canonical as CanonicalCoupon);
  const mixed = coupons.filter(({ products, categories }) => products.length > 0 && categories.length > 0);
  if (mixed.length === 0) return new Map();
  const wanted = [...new Set(mixed.flatMap(({ categories }) => categories))];
  return new Map((await deps.ledger.membersOf(wanted)).map(({ category, products }) => [category, products]));
}
