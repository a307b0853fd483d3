import { type Arrival, type Change, looksAtTarget } from './change.ts';
import { compareVersions, laterOf } from './freshness.ts';
import { ALL_GUARDS, type Guards } from './guards.ts';
import type { SourceVersion } from './source-version.ts';

/**
 * What a queue row becomes when something arrives for its record: ten edits become one write, nothing fresher is ever
 * replaced by something older, and every arrival raises the generation (P3, P4).
 */
export function arrive(row: Change | null, arrival: Arrival, guards: Guards = ALL_GUARDS): Change {
  if (row === null) return firstArrival(arrival);
  const raised: Change = {
    ...row,
    generation: row.generation + 1,
    looksAtTarget: row.looksAtTarget || looksAtTarget(arrival.reason),
    state: stateAfter(row, arrival),
  };
  if (row.state === 'held' && row.kind === 'delete') return afterHeldDelete(raised, arrival, guards);
  if (arrival.kind === 'fetch') {
    // What a person let go stays decided: a further look at it must not end behind the brake again (P7).
    const reason = row.kind === 'delete' && row.reason === 'decision' ? row.reason : arrival.reason;
    return asFetch(raised, arrival.after, raised.fetchDecides, reason);
  }
  if (row.kind === 'fetch') return answerFetch(raised, arrival, guards);
  return coalesce(raised, arrival, guards);
}

/**
 * New content may have other references: a waiting change is looked at again. One that is held for a person stays so, but for
 * a look that somebody asked for: the policy may be another by now. Deletes behind the brake stay there (P7).
 */
function stateAfter({ state, kind }: Change, { reason }: Arrival): Change['state'] {
  if (state === 'waiting') return 'ready';
  return state === 'held' && kind !== 'delete' && looksAtTarget(reason) ? 'ready' : state;
}

/**
 * A delete that is held for a person, and a later read that found the record: there is nothing left to decide (P7). Where the two
 * cannot be told apart a further read does, and so it does when the source tells of the record. Other reasons to read it, such as
 * that it is missing once more, change nothing: held deletes that were all looked at again would slip past the brake.
 */
function afterHeldDelete(held: Change, arrival: Arrival, guards: Guards): Change {
  if (arrival.kind === 'fetch') {
    if (arrival.reason !== 'hint') return held;
    return { ...asFetch(held, arrival.after, held.fetchDecides, arrival.reason), state: 'ready' };
  }
  const after = coalesce(held, arrival, guards);
  return after.kind === 'delete' ? after : { ...after, state: 'ready' };
}

function firstArrival(arrival: Arrival): Change {
  const blank: Change = {
    ref: arrival.ref,
    kind: arrival.kind,
    reason: arrival.reason,
    looksAtTarget: looksAtTarget(arrival.reason),
    version: null,
    payload: null,
    fetchAfter: 0,
    fetchDecides: false,
    generation: 1,
    state: 'ready',
  };
  return arrival.kind === 'fetch' ? { ...blank, fetchAfter: arrival.after } : withContent(blank, arrival);
}

function coalesce(row: Change, arrival: Exclude<Arrival, { kind: 'fetch' }>, guards: Guards): Change {
  if (row.version === null) return withContent(row, arrival);
  switch (compareVersions(row.version, arrival.version, guards)) {
    case 'newer':
      return withContent(row, arrival);
    case 'stale':
      return row;
    case 'same':
      return { ...row, version: laterOf(row.version, arrival.version) };
    case 'undecided':
      return asFetch(row, Math.max(row.version.read.end, arrival.version.read.end), true, row.reason);
  }
}

/** A read answers a wanted fetch only when it started after the reason for it arose. */
function answerFetch(row: Change, arrival: Exclude<Arrival, { kind: 'fetch' }>, guards: Guards): Change {
  if (guards.readOverlap && arrival.version.read.start <= row.fetchAfter) return row;
  const version: SourceVersion = row.fetchDecides ? { ...arrival.version, decides: true } : arrival.version;
  return withContent(row, { ...arrival, version });
}

function withContent(row: Change, arrival: Exclude<Arrival, { kind: 'fetch' }>): Change {
  return {
    ...row,
    kind: arrival.kind,
    reason: arrival.reason,
    version: arrival.version,
    payload: arrival.kind === 'upsert' ? arrival.payload : null,
    fetchAfter: 0,
    fetchDecides: false,
  };
}

function asFetch(row: Change, after: number, decides: boolean, reason: Change['reason']): Change {
  // A read that is older than what is dropped here must not answer: it would bring back what that one found gone (P3, P7).
  const wanted = Math.max(after, row.kind === 'fetch' ? row.fetchAfter : (row.version?.read.end ?? 0));
  return { ...row, kind: 'fetch', reason, version: null, payload: null, fetchAfter: wanted, fetchDecides: decides };
}
