import { type Assessment, stopsOf, type StoreReport } from '../../domain/assessment.ts';
import type { Target } from '../../connectors/target.ts';
import type { Entity } from '../../domain/entity.ts';
import { priceInWords, priceOf } from '../../domain/points.ts';
import { saveAssessment } from '../../ledger/assessments.ts';
import type { AssessResult } from '../activity-types.ts';
import type { RunScope } from '../run-scope.ts';
import { heedZone } from '../source-zone.ts';
import { keepStructure } from '../../ledger/runs.ts';
import { structureOf } from './assess-recent.ts';
import { checksOf } from './checks.ts';

/** Looks both stores over before the first write: counts, named checks, what must stop a run (rulebook §11, §15). */
export async function assess(scope: RunScope): Promise<AssessResult> {
  const assessment = await assessStores(scope);
  await saveAssessment(scope.db, scope.projectId, assessment);
  await keepStructure(scope.db, scope.runId, structureOf(scope));
  await heedZone(scope);
  const stops = stopsOf(assessment).map(({ key, message, remedy }) => ({ key, message: `${message}: ${remedy}` }));
  return { counts: assessment.counts, stops: [...stops, ...tooDear(scope, assessment.counts)] };
}

/** Every run is priced alone against the project's limit, before anything is written (design §1). */
function tooDear({ run, options }: RunScope, counts: Assessment['counts']) {
  // Of one slice only what differs is written, and it was priced with its run.
  if (run.options.slice !== null) return [];
  const price = priceOf(counts, options, run.kind === 'demo' ? run.options.perEntity : Infinity);
  return price.withinLimit ? [] : [{ key: 'points-limit', message: priceInWords(price) }];
}

/** Shown twice, as it is asked for twice: before a run as a check, after it among what is different (rulebook §11). */
function otherZone({ sourceProfile, targetProfile }: Looks): StoreReport[] {
  if (sourceProfile.timeZone === null) return [];
  const zones = [sourceProfile.timeZone, targetProfile.timeZone];
  return new Set(zones).size === 1 ? [] : [{ key: 'timezone-mismatch', count: 1, samples: zones }];
}

/** By the batches of the target's API: each part that does not go along with another is a request of its own. */
function requestsFor(target: Target, counts: Assessment['counts']): number {
  const moved = target.entities.flatMap((entity) => {
    const [core, ...rest] = target.entity(entity).parts;
    const own = rest.filter(({ part }) => core?.bundles.includes(part) !== true);
    return [core?.createBatch ?? 1, ...own.map(({ updateBatch }) => updateBatch)].map((batch) => ({ entity, batch }));
  });
  return moved.reduce((sum, { entity, batch }) => sum + Math.ceil((counts[entity] ?? 0) / batch), 0);
}

type Looks = Pick<
  RunScope,
  'source' | 'target' | 'sourceProfile' | 'targetProfile' | 'mapping' | 'entities' | 'scannedEntities' | 'signal'
>;

export async function assessStores(scope: Looks): Promise<Assessment> {
  const { source, target, sourceProfile, targetProfile, mapping, entities, signal } = scope;
  const [shop, store] = await Promise.all([source.survey(signal), target.survey(signal)]);
  const counted = scope.scannedEntities.filter((entity) => !shop.refused.includes(entity));
  const counts: Partial<Record<Entity, number>> = Object.fromEntries(
    await Promise.all(counted.map(async (entity) => [entity, await source.count(entity, signal)] as const)),
  );
  const requests = requestsFor(target, counts);
  const facts = { source: sourceProfile, target: targetProfile, shop, store, mapping, entities, requests };
  const understands: typeof target.understands = (what, word, context) => target.understands(what, word, context);
  return {
    at: new Date().toISOString(),
    mappingVersion: mapping.version,
    counts,
    checks: checksOf({ ...facts, understands }),
    reports: [...shop.leftBehind, ...otherZone(scope)].filter(({ count }) => count > 0),
  };
}
