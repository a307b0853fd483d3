import type { CallOptions } from '../../connectors/target.ts';
import type { SentTwice } from '../../ledger/records/audits.ts';
import type { ApplyDeps } from './work.ts';

/**
 * Where the target enforces no unique key (orders, reviews) a create whose reply was lost may arrive after it was given up and sent
 * again. What was sent more than once is searched for copies that are paired with nothing of ours; they are archived or removed,
 * and their record's history says so (P2). Costs nothing where every reply came.
 */
export async function auditCreates(deps: ApplyDeps, call: CallOptions): Promise<{ readonly removed: number }> {
  const entities = deps.target.entities.filter((entity) => deps.target.entity(entity).copies !== undefined);
  let removed = 0;
  for (const suspect of await deps.ledger.audits.sentTwice(entities)) {
    const gone = await removeCopies(deps, suspect, call);
    await deps.ledger.audits.note(suspect.ref, gone);
    removed += gone.length;
  }
  return { removed };
}

async function removeCopies(
  deps: ApplyDeps,
  { ref, targetId, desired }: SentTwice,
  call: CallOptions,
): Promise<readonly string[]> {
  const entity = deps.target.entity(ref.entity);
  const found = (await entity.copies?.(desired, call)) ?? [];
  // Without its own record among them the search saw something else: nothing is touched.
  if (!found.includes(targetId)) return [];
  const paired = await deps.ledger.pairedAmong(ref.entity, found);
  const [core] = entity.parts;
  if (core === undefined) throw new Error(`${ref.entity} has no core part`);
  const gone: string[] = [];
  for (const copy of found.filter((id) => id !== targetId && !paired.has(id))) {
    const blank = { desired: null, bundle: {}, lastDesired: null, base: null, children: [] };
    const item = { id: copy, ref, action: 'delete' as const, targetId: copy, ...blank };
    const [outcome] = await entity.write(core.part, [item], call);
    if (outcome?.outcome === 'written' || outcome?.outcome === 'missing') gone.push(copy);
  }
  return gone;
}
