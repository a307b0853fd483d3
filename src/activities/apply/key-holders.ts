import type { CallOptions, LookUpHit, WriteItem } from '../../connectors/target.ts';
import type { ForeignKey } from '../../ledger/apply-ledger.ts';
import { settle } from './settle.ts';
import { type ApplyDeps, type BatchTarget, payloadOf, type Work } from './work.ts';

/**
 * After a duplicate answer the holder of the key is looked for, once for the batch, and noted: the next attempt then meets
 * it by the collision policy (P6). A record that carries our own marker is ours after all and will be matched by it.
 */
export async function nameHolders(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  call: CallOptions,
): Promise<void> {
  const refused = works.filter((work) => work.duplicate !== null);
  if (refused.length === 0) return;
  const hits = await target.entity.lookUp(refused.map(itemOf), call);
  const foreign = hits.flatMap((hit) => foreignKeys(deps, target, refused, hit));
  if (foreign.length > 0) await deps.ledger.noteForeignKeys(foreign);
  const found = new Set(hits.map((hit) => hit.id));
  for (const work of refused) if (!found.has(String(work.claim.id))) awaitHolder(work);
}

/** How often a create is tried whose key the target calls taken while nobody is found to hold it (a lagging search). */
const HOLDERLESS_ATTEMPTS = 10;

function awaitHolder(work: Work): void {
  const { attempts } = work.claim;
  const evidence = { kind: work.duplicate?.kind ?? null, message: work.duplicate?.message ?? '' };
  if (attempts >= HOLDERLESS_ATTEMPTS) settle(work, { to: 'held', reason: 'collision', evidence }, null);
  else
    settle(work, { to: 'parked', afterMs: 500 * attempts, reason: 'the holder of a unique value is looked for' }, null);
}

function itemOf(work: Work): WriteItem {
  const [core, ...others] = work.mapped?.parts ?? [];
  return {
    id: String(work.claim.id),
    ref: work.claim.ref,
    action: 'create',
    targetId: null,
    desired: core?.desired ?? null,
    bundle: Object.fromEntries(others.map((part) => [part.part, part.desired])),
    lastDesired: null,
    base: null,
    children: [],
  };
}

function foreignKeys(
  deps: ApplyDeps,
  target: BatchTarget,
  works: readonly Work[],
  hit: LookUpHit,
): readonly ForeignKey[] {
  const work = works.find((candidate) => String(candidate.claim.id) === hit.id);
  if (work === undefined || hit.marker === `${deps.source.storeKey}:${work.claim.ref.sourceId}`) return [];
  const { entity, sourceId } = work.claim.ref;
  return target.entity
    .wantedKeys(sourceId, payloadOf(work).canonical, target.mapContext(work))
    .filter((wanted) => work.duplicate?.kind == null || wanted.kind === work.duplicate.kind)
    .map((wanted) => ({
      entity,
      targetId: hit.state.targetId,
      kind: wanted.kind,
      scope: wanted.scope,
      value: work.keys[wanted.slot] ?? wanted.alternatives[0] ?? '',
    }));
}
