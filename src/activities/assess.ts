import type { SourceProfile } from '../connectors/source.ts';
import type { TargetProfile } from '../connectors/target.ts';
import type { Entity } from '../domain/entity.ts';
import type { AssessResult } from './activity-types.ts';
import type { RunScope } from './run-scope.ts';

/** Counts what would be moved and names what must stop a run before its first write (rulebook §11, §15). */
export async function assess(scope: RunScope): Promise<AssessResult> {
  const counts: Partial<Record<Entity, number>> = {};
  for (const entity of scope.scannedEntities) counts[entity] = await scope.source.count(entity, scope.signal);
  return { counts, stops: stopKeys(scope.sourceProfile, scope.targetProfile) };
}

/** Pure: what of two stores cannot be brought together without a merchant's decision. */
function stopKeys(source: SourceProfile, target: TargetProfile): AssessResult['stops'] {
  const stops: { key: string; message: string }[] = [];
  if (source.currency !== target.currency) {
    stops.push({
      key: 'currency-mismatch',
      message: `the source sells in ${source.currency}, the target in ${target.currency}: set the target store's currency to ${source.currency}`,
    });
  }
  if (source.pricesIncludeTax !== target.pricesIncludeTax) {
    stops.push({
      key: 'tax-mode-mismatch',
      message: `prices are entered ${taxWord(source.pricesIncludeTax)} tax at the source and ${taxWord(target.pricesIncludeTax)} tax at the target: change the target's tax setting`,
    });
  }
  return stops;
}

function taxWord(included: boolean): string {
  return included ? 'with' : 'without';
}
