import { wantRead } from '../../domain/change.ts';
import { plainRef, refKey } from '../../domain/entity.ts';
import type { Reference } from '../../domain/record.ts';
import type { ApplyContext, ReferenceStatus } from '../../ledger/apply-ledger.ts';
import { settle } from './settle.ts';
import { gaveUp, payloadOf, versionOf, type Work } from './work.ts';

/**
 * Holds each record's references against the ledger (P9). A hard one that is on its way makes the record wait; one that
 * nobody knows is fetched; one that can never be met is left to the mapping, which degrades and says so. Soft ones are
 * waited for after the core is written.
 */
export function meetReferences(context: ApplyContext, works: readonly Work[]): void {
  for (const work of works) {
    work.unmet = payloadOf(work)
      .references.filter((to) => to.kind === 'hard' && context.references.get(refKey(to))?.status !== 'live')
      .map(plainRef);
    if (gaveUp(work)) continue;
    const unmet = payloadOf(work).references.filter((reference) =>
      isUnmet(work, reference, context.references.get(refKey(reference))),
    );
    const cut = context.cyclic.has(refKey(work.claim.ref)) ? work.claim.ref.entity : null;
    const hard = unmet.filter((reference) => reference.kind === 'hard' && reference.entity !== cut);
    work.softWaits = unmet.filter((reference) => reference.kind === 'soft').map(plainRef);
    if (hard.length === 0) continue;
    for (const reference of hard) {
      if (context.references.get(refKey(reference))?.status === 'pending') continue;
      work.learnt.arrivals.push(wantRead(reference, 'reference'));
    }
    settle(
      work,
      {
        to: 'waiting',
        on: hard.map(plainRef),
        reason: `waits for ${hard
          .map((r) => refKey(r))
          .slice(0, 3)
          .join(', ')}`,
      },
      null,
    );
  }
}

function isUnmet(work: Work, { kind }: Reference, status: ReferenceStatus | undefined): boolean {
  if (status === undefined || status.status === 'pending' || status.status === 'unknown') return true;
  // Left out before this record was read: that it is referred to may be the reason not to leave it out any more.
  return status.status === 'skipped' && kind === 'hard' && status.readEnd < versionOf(work).read.start;
}
