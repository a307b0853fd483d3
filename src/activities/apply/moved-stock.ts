import { wantRead } from '../../domain/change.ts';
import type { ApplyDeps, Work } from './work.ts';

/**
 * An order that was written may have moved stock at the target (P10): the levels of its products that were set before are set
 * again. Those that are still in the queue come after the orders anyway.
 */
export async function restock(deps: ApplyDeps, works: readonly Work[]): Promise<void> {
  const written = works.filter((work) => work.claim.ref.entity === 'order' && work.learnt.event !== null);
  const products = new Map(written.map((work) => [work, productsOf(work)]));
  const all = [...new Set([...products.values()].flat())];
  if (all.length === 0) return;
  const stock = await deps.ledger.stockOf(all);
  if (stock.length === 0) return;
  const after = await deps.ledger.readNumber();
  for (const [work, own] of products) {
    const refs = stock.filter(({ product }) => own.includes(product)).map(({ ref }) => ref);
    work.learnt.arrivals.push(...refs.map((ref) => wantRead(ref, 'repair', after)));
  }
}

function productsOf({ claim }: Work): readonly string[] {
  return (claim.change.payload?.references ?? []).flatMap(({ entity, sourceId }) =>
    entity === 'product' ? [sourceId] : [],
  );
}
