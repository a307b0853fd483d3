import type { Fetched } from '../../connectors/source.ts';
import { HASH_VERSION } from '../../canonical/content-hash.ts';
import { type Arrival, wantRead } from '../../domain/change.ts';
import { type RecordRef, refKey } from '../../domain/entity.ts';
import { ALL_GUARDS, type Guards } from '../../domain/guards.ts';
import { GONE } from '../../domain/freshness.ts';
import { judge } from '../../domain/judgement.ts';
import type { SourceRecord } from '../../domain/record.ts';
import type { ReadInterval } from '../../domain/source-version.ts';
import { deriveRedirects } from './derived-redirects.ts';
import { chunks } from '../../domain/chunks.ts';
import { inLanes } from './lanes.ts';
import { numberedRead } from './numbered-read.ts';
import { storeFaultDelay } from './store-faults.ts';
import { settle } from './settle.ts';
import { type ApplyDeps, open, type Work } from './work.ts';

/**
 * Holds each change against the ledger (P3): stale ones end here; those that need a look are read by id, and what that read
 * saw goes through the queue like everything else.
 */
export async function fetchChanges(deps: ApplyDeps, works: readonly Work[], signal: AbortSignal): Promise<void> {
  const wanted: Work[] = [];
  for (const work of works) {
    const judgement = judge(work.claim.change, work.record, deps.guards);
    if (judgement === 'stale') settle(work, { to: 'done' }, 'stale');
    if (judgement === 'fetch') wanted.push(work);
  }
  const derived = wanted.filter((work) => work.claim.ref.entity === 'redirect');
  if (derived.length > 0) await fetchDerived(deps, derived);
  const read = wanted.filter((work) => work.claim.ref.entity !== 'redirect');
  await fetchTogether(deps, read, signal);
  await inLanes(open(read), deps.options.concurrency, (work) => fetchOne(deps, work, signal));
}

/** Several are asked for in one request by their ids; what that answer does not hold is asked for alone. */
async function fetchTogether(deps: ApplyDeps, works: readonly Work[], signal: AbortSignal): Promise<void> {
  const [first] = works;
  // What comes along with another record (stock, with its product) is read in pages of that.
  const offered = deps.source.entities.find(
    ({ entity, brings }) => entity === first?.claim.ref.entity || brings.some((one) => one === first?.claim.ref.entity),
  );
  if (first === undefined || offered === undefined || works.length < 2) return;
  const asked = first.claim.ref.entity;
  await inLanes(chunks(works, offered.pageSize), deps.options.concurrency, async (some) => {
    const ids = some.map(({ claim }) => claim.ref.sourceId);
    // A store that cannot answer for all of them may be able to for each: what came of it decides.
    const { found: page, read } = await numberedRead(deps.ledger, () =>
      deps.source.readByIds(asked, ids, signal).catch(() => null),
    );
    if (page === null) return;
    const also = page.records.filter(({ entity }) => entity !== asked);
    for (const work of some) {
      const record = page.records.find((one) => refKey(one) === refKey(work.claim.ref));
      if (record !== undefined) accept(work, { outcome: 'present', record, also: also.splice(0) }, read);
    }
  });
}

/** What no shop has to be asked about: the ledger knows it. */
async function fetchDerived(deps: ApplyDeps, works: readonly Work[]): Promise<void> {
  const { found, read } = await numberedRead(deps.ledger, () => deriveRedirects(deps, works));
  for (const [work, fetched] of found) accept(work, fetched, read);
}

async function fetchOne(deps: ApplyDeps, work: Work, signal: AbortSignal): Promise<void> {
  try {
    const { found, read } = await numberedRead(deps.ledger, () => deps.source.fetchOne(work.claim.ref, signal));
    accept(work, found, read);
  } catch (error) {
    settle(
      work,
      { to: 'parked', afterMs: storeFaultDelay(error, work.claim.attempts), reason: 'the source could not be read' },
      null,
    );
  }
}

/** Two reads disagreed, or the ledger could not decide: this read does (P3). */
function decides(work: Work): boolean {
  return work.claim.change.fetchDecides || work.claim.change.kind !== 'fetch';
}

function accept(work: Work, fetched: Fetched, read: ReadInterval): void {
  const { ref, change } = work.claim;
  switch (fetched.outcome) {
    case 'present':
      work.learnt.arrivals.push(
        upsert(fetched.record, read, change.reason, decides(work)),
        ...fetched.also.map((record) => upsert(record, read, change.reason, false)),
      );
      return settle(work, { to: 'done' }, null);
    case 'unreadable':
      return settle(work, { to: 'dead', reason: fetched.record.reason, remedy: fetched.record.remedy }, 'dead letter');
    case 'gone':
    case 'trashed':
      // Also for a record that the ledger never knew: an older read of it may still be on its way (P7).
      work.learnt.arrivals.push({ kind: 'delete', ref, reason: change.reason, version: goneVersion(read) });
      return settle(work, { to: 'done' }, null);
  }
}

/** A record as an arrival, with the interval of the read that saw it. */
export function upsert(
  record: SourceRecord,
  read: ReadInterval,
  reason: Arrival['reason'],
  decidesNow = false,
): Arrival {
  return {
    kind: 'upsert',
    ref: { entity: record.entity, sourceId: record.sourceId },
    reason,
    version: {
      read,
      modifiedAt: record.modifiedAt,
      contentHash: record.contentHash,
      hashVersion: HASH_VERSION,
      ...(decidesNow ? { decides: true } : {}),
    },
    payload: record,
  };
}

/** The version of a look that found the record gone. */
function goneVersion(read: ReadInterval) {
  return { read, modifiedAt: null, contentHash: GONE, hashVersion: HASH_VERSION };
}

/**
 * A record that was asked for by id and not answered: a nominee. Only a read of the record itself can say that it is gone; an
 * empty list, a missing route or an error page cannot (P7).
 */
export function nominate(ref: RecordRef, read: ReadInterval, guards: Guards = ALL_GUARDS): Arrival {
  if (!guards.deleteConfirmation) return { kind: 'delete', ref, reason: 'sweep', version: goneVersion(read) };
  return wantRead(ref, 'sweep', read.end);
}
