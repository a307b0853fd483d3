import { followsSource } from '../domain/phases.ts';
import { ledgerClock } from '../ledger/project-ledger.ts';
import { saveProfiles } from '../ledger/projects.ts';
import { keepZone, knownRecords, sweepFor, zoneReadUnder, zoneToCheck } from '../ledger/source-zone.ts';
import { queueFetches } from './queue-fetches.ts';
import type { RunScope } from './run-scope.ts';

/** Records that are queued to be read at once. */
const AT_ONCE = 1_000;

/**
 * A source whose time zone was changed may state other times than before for what nobody touched, and stamps by which a poll
 * goes leap: a recent run that finds another zone than everything was read under reads all entities as a whole. A run that does
 * not get to its end leaves the older zone known, so that the next one finds the same.
 */
export async function heedZone(scope: RunScope): Promise<void> {
  const lookedAt = await ledgerClock(scope.db);
  const zone = scope.sourceProfile.timeZone;
  const before = followsSource(scope.run.kind) ? await zoneReadUnder(scope.db, scope.projectId) : null;
  if (isOther(before, zone)) await sweepFor(scope.db, scope, reasonOf(before, zone));
  await keepZone(scope.db, scope.runId, zone, lookedAt);
}

/**
 * The same of a recent run that was paused: its slices are planned by now, so that what is known is queued to be read instead;
 * what is new is found by the poll as always. Done by whoever comes first after a resume, and again by whoever comes before it
 * is done: what is queued twice is read once.
 */
export async function heedZoneAfterPause(scope: RunScope): Promise<void> {
  if (!followsSource(scope.run.kind)) return;
  const before = await zoneToCheck(scope.db, scope);
  if (before === null) return;
  const lookedAt = await ledgerClock(scope.db);
  const profile = await scope.source.check(scope.signal);
  if (isOther(before, profile.timeZone)) {
    for (const entity of scope.scannedEntities) await queueAll(scope, entity);
    await sweepFor(scope.db, scope, reasonOf(before, profile.timeZone));
    await saveProfiles(scope.db, scope.projectId, profile, scope.targetProfile);
  }
  await keepZone(scope.db, scope.runId, profile.timeZone, lookedAt);
}

function isOther(before: string | null, now: string | null): before is string {
  return before !== null && now !== null && before !== now;
}

function reasonOf(before: string, now: string | null): string {
  return `the source's time zone was ${before} and is ${now}: times may be stated otherwise, so everything is read`;
}

async function queueAll(scope: RunScope, entity: RunScope['scannedEntities'][number]): Promise<void> {
  let after = '';
  for (;;) {
    const known = await knownRecords(scope.db, scope.projectId, entity, { after, limit: AT_ONCE });
    const last = known.at(-1);
    if (last === undefined) return;
    await queueFetches(scope, entity, known, 'sweep');
    scope.heartbeat(`queued ${entity} up to ${last}: the source's time zone changed`);
    after = last;
  }
}
