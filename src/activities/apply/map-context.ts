import type { MapContext } from '../../connectors/target.ts';
import { refKey } from '../../domain/entity.ts';
import type { RecordRef } from '../../domain/entity.ts';
import type { ApplyContext } from '../../ledger/apply-ledger.ts';
import type { ApplyDeps, Work } from './work.ts';

/** What mapping is a function of besides the record: profiles, choices, and how its references stand. */
export function makeMapContext(
  deps: ApplyDeps,
  context: ApplyContext,
  work: Work,
  links: ReadonlyMap<string, string>,
): MapContext {
  return {
    mapping: deps.mapping,
    source: deps.sourceProfile,
    target: deps.targetProfile,
    sourceKey: deps.source.storeKey,
    targetIdOf: (ref) => {
      if (ref.entity === work.claim.ref.entity && context.cyclic.has(refKey(work.claim.ref)) && isHard(work, ref))
        return null;
      const reference = context.references.get(refKey(ref));
      if (reference?.status === 'live') return reference.targetId;
      // On its way, and yet at the target: paired with what the store held before. Of its own kind it may be a cycle's.
      return reference?.status === 'pending' && ref.entity !== work.claim.ref.entity ? reference.targetId : null;
    },
    childrenOf: (ref) => context.references.get(refKey(ref))?.children ?? [],
    keysOf: (ref) => context.references.get(refKey(ref))?.keys ?? {},
    addressOf: (path) => links.get(path) ?? null,
    keys: work.keys,
  };
}

function isHard(work: Work, ref: RecordRef): boolean {
  const references = work.claim.change.payload?.references ?? [];
  return references.some((to) => to.kind === 'hard' && refKey(to) === refKey(ref));
}
