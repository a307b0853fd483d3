import { comparablePath } from '../../canonical/slug-path.ts';
import type { Adjustment, ReportItem } from '../../domain/record.ts';
import { isReported } from '../../domain/reported-keys.ts';
import type { ChildPair } from '../../domain/target-state.ts';
import type { Disposition, RecordProgress, SeenAddress } from '../../ledger/apply-ledger.ts';
import { partsToKeep } from './ownership.ts';
import { payloadOf, versionOf, type Work } from './work.ts';

/** Ends a work: where the row goes, what its account says, and (if anything was learnt) what the record becomes. */
export function settle(
  work: Work,
  disposition: Disposition,
  account: string | null,
  progress: RecordProgress | null = progressOf(work),
): void {
  work.settlement = {
    claim: work.claim,
    progress,
    resolved: work.learnt.resolved,
    uncertain: work.learnt.uncertain,
    disposition,
    account,
    arrivals: work.learnt.arrivals,
  };
}

/** What is known of the record now, for a work that stops on the way: null when nothing was learnt. */
function progressOf(work: Work): RecordProgress | null {
  const { learnt, record } = work;
  if (record === null || learnt.event === null) return null;
  return {
    state: record.state,
    targetId: record.targetId,
    formerTargetId: learnt.formerTargetId,
    adopted: record.adopted,
    version: record.version,
    targetModifiedAt: record.targetModifiedAt,
    parts: partsToKeep(work),
    children: lastWords(learnt.children),
    adjustments: work.mapped === null ? null : adjustmentsOf(work),
    reports: work.mapped === null ? null : reportsOf(work),
    references: work.claim.change.payload?.references ?? null,
    urls: seenAddresses(work),
    openLinks: null,
    unmet: [],
    event: learnt.event,
    detail: learnt.detail,
    clearsForeignState: learnt.clearsForeignState,
    unchecked: learnt.unchecked && !learnt.clearsForeignState,
    releasesKeys: false,
  };
}

/** The whole of a record that has arrived at its version: nothing is left to do. */
export function finished(work: Work, event: string): RecordProgress {
  const { learnt, record } = work;
  return {
    state: 'live',
    targetId: record?.targetId ?? null,
    formerTargetId: learnt.formerTargetId,
    adopted: record?.adopted ?? false,
    version: versionOf(work),
    targetModifiedAt: record?.targetModifiedAt ?? null,
    parts: partsToKeep(work),
    children: lastWords(learnt.children),
    adjustments: adjustmentsOf(work),
    reports: reportsOf(work),
    references: payloadOf(work).references,
    urls: seenAddresses(work),
    openLinks: work.openLinks,
    unmet: work.unmet,
    event,
    detail: learnt.detail,
    clearsForeignState: learnt.clearsForeignState,
    unchecked: learnt.unchecked && !learnt.clearsForeignState,
    releasesKeys: true,
  };
}

/** A child that was found and then taken away, or the other way round, is what it came to in the end. */
function lastWords(children: readonly ChildPair[]): readonly ChildPair[] {
  return [...new Map(children.map((child) => [`${child.kind} ${child.sourceId}`, child])).values()];
}

function seenAddresses({ claim }: Work): readonly SeenAddress[] {
  return (claim.change.payload?.urls ?? []).map((path) => ({ path, key: comparablePath(path) }));
}

/** What of the record cannot be carried: by the source, by the mapping, and what the target would not take. */
function reportsOf(work: Work): readonly ReportItem[] {
  const left = openParts(work).filter(({ key }) => isReported(key));
  const items = left.map(({ key, part, said }) => ({ key, field: part.part, sample: said.slice(0, 200) }));
  return [...(work.mapped?.reports ?? []), ...(work.claim.change.payload?.reports ?? []), ...items];
}

/** What of the record is there in another form: by the mapping, and what the target would take in another form only. */
function adjustmentsOf(work: Work): readonly Adjustment[] {
  const left = openParts(work).filter(({ key }) => !isReported(key));
  return [
    ...(work.mapped?.adjustments ?? []),
    ...left.map(({ key, part, said }) => ({
      key,
      field: part.part,
      before: part.desired,
      after: part.base,
      why: said,
    })),
  ];
}

/** Parts that are not there as they are meant, each under the key that its reason begins with. */
function openParts({ record, learnt }: Work) {
  const parts = new Map([...(record?.parts ?? []), ...learnt.parts]);
  return [...parts.values()].flatMap((part) => {
    const [, key, said] = /^([a-z]+(?:-[a-z]+)+): (.*)$/s.exec(part.reason ?? '') ?? [];
    return part.state === 'open' && key !== undefined ? [{ key, part, said: said ?? '' }] : [];
  });
}
