import type { CallOptions } from '../../connectors/target.ts';
import { refKey } from '../../domain/entity.ts';
import type { ClaimBatch } from '../../ledger/apply-ledger.ts';
import { assignKeys } from './assign-keys.ts';
import { passOverLeft } from './decided.ts';
import { deleteRecords } from './delete-records.ts';
import { fetchChanges } from './fetch-changes.ts';
import { heedForeignEdits } from './foreign-edits.ts';
import { makeMapContext } from './map-context.ts';
import { mapRecords } from './map-records.ts';
import { resolveOpenIntents } from './open-intents.ts';
import { callReferrers } from './referrers.ts';
import { restock } from './moved-stock.ts';
import { callForRedirects } from './old-addresses.ts';
import { leaveToTarget, placesOf } from './ownership.ts';
import { meetReferences } from './references.ts';
import { findLinks } from './shop-links.ts';
import { closedRoute } from './store-faults.ts';
import { settle } from './settle.ts';
import { type ApplyDeps, type BatchTarget, open, startWork } from './work.ts';
import { writeRecords } from './write-records.ts';

export interface BatchResult {
  readonly settled: number;
  /** Of those settled, dead letters. */
  readonly failed: number;
  readonly refused: number;
}

/**
 * The one writer path: brings a claimed batch of one entity to its source versions. Each step settles the works that end
 * there and passes the others on; everything learnt is committed at the end, in one transaction.
 *
 * @param call whose `sendBefore` follows the lease of the batch (P5)
 */
export async function applyBatch(deps: ApplyDeps, batch: ClaimBatch, call: CallOptions): Promise<BatchResult> {
  const context = await deps.ledger.load(batch.claims);
  const entity = deps.target.entity(batch.entity);
  const works = batch.claims.map((claim) => {
    const key = refKey(claim.ref);
    return startWork(claim, context, key, placesOf(deps.mapping, entity, context.announced.get(key)));
  });
  let links: ReadonlyMap<string, string> = new Map();
  const target: BatchTarget = { entity, faults: [], mapContext: (work) => makeMapContext(deps, context, work, links) };

  try {
    await resolveOpenIntents(deps, target, open(works), call);
    await fetchChanges(deps, open(works), call.signal);
    await deleteRecords(deps, target, open(works), call);
    passOverLeft(open(works));
    meetReferences(context, open(works));
    links = await findLinks(deps, open(works));
    await assignKeys(deps, target, open(works), call);
    await mapRecords(target, open(works));
    leaveToTarget(entity, open(works));
    await heedForeignEdits(deps, target, open(works), call);
    await writeRecords(deps, target, open(works), call);
    await callReferrers(deps, entity, context, works);
    await restock(deps, works);
    await callForRedirects(deps, works);
  } catch (error) {
    const closed = closedRoute(error);
    if (closed === null) target.faults.push(error);
    else for (const work of open(works)) settle(work, { to: 'parked', ...closed }, null);
  }
  // What was learnt is committed even when the batch broke off: the target may hold it already.
  for (const work of open(works))
    settle(work, { to: 'parked', afterMs: 1_000, reason: 'its batch was broken off' }, null);
  const settlements = works.flatMap((work) => (work.settlement === null ? [] : [work.settlement]));
  const { refused } = await deps.ledger.commit(settlements);
  if (target.faults.length > 0) throw target.faults[0];
  const ended = settlements.filter(({ disposition }) => disposition.to === 'done' || disposition.to === 'dead');
  const failed = settlements.filter(({ disposition }) => disposition.to === 'dead').length;
  return { settled: ended.length - refused.length, failed, refused: refused.length };
}
