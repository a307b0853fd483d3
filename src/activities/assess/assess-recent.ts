import type { SourceProfile } from '../../connectors/source.ts';
import type { TargetProfile } from '../../connectors/target.ts';
import type { JsonObject } from '../../domain/json.ts';
import { jsonDiff } from '../../domain/mapping-diff.ts';
import { priceInWords, priceOf } from '../../domain/points.ts';
import { carryOver, seenByEntity } from '../../ledger/records/run-account.ts';
import { keepStructure, lastBaseline, structureOfRun } from '../../ledger/runs.ts';
import type { AssessResult } from '../activity-types.ts';
import { RunStopped } from '../failures.ts';
import type { RunScope } from '../run-scope.ts';
import { heedZone } from '../source-zone.ts';

/**
 * The prerequisites of a recent run that only the stores can tell: credentials and limits are read again with the profiles (a
 * rejected credential never gets here), and both stores must be built as they were for the baseline. Nothing is counted: what
 * the run costs follows what capture sees.
 */
export async function assessRecent(scope: RunScope): Promise<AssessResult> {
  await carryOver(scope.db, scope.projectId, scope.runId);
  const baseline = await lastBaseline(scope.db, scope.projectId);
  const before = baseline === null ? null : await structureOfRun(scope.db, baseline.id);
  const now = structureOf(scope);
  await keepStructure(scope.db, scope.runId, now);
  const changes = before === null ? [] : jsonDiff(before, now);
  if (changes.length === 0) {
    await heedZone(scope);
    return { counts: {}, stops: [] };
  }
  const what = changes.map(
    ({ path, before: was, after: is }) => `${path}: ${JSON.stringify(was)} is ${JSON.stringify(is)} now`,
  );
  const message = `the stores are not built as they were for ${baseline?.name} (${what.join('; ')}): start a full run`;
  return { counts: {}, stops: [{ key: 'structure-changed', message }] };
}

/** What capture has seen is priced before anything of it is written; the limit is that of one run (design §1). */
export async function priceRecent(scope: RunScope): Promise<void> {
  const price = priceOf(await seenByEntity(scope.db, scope.runId), scope.options);
  if (!price.withinLimit) throw new RunStopped(`points-limit: ${priceInWords(price)}`);
}

/** What a change of would change every record: kept with each run that reads both stores. */
export function structureOf({
  sourceProfile,
  targetProfile,
}: Pick<RunScope, 'sourceProfile' | 'targetProfile'>): JsonObject {
  return { source: sourceStructure(sourceProfile), target: targetStructure(targetProfile) };
}

function sourceStructure({
  platform,
  currency,
  currencyDecimals,
  weightUnit,
  lengthUnit,
  pricesIncludeTax,
  taxClasses,
}: SourceProfile) {
  const classes = taxClasses.map(({ key }) => key).toSorted();
  return { platform, currency, currencyDecimals, weightUnit, lengthUnit, pricesIncludeTax, taxClasses: classes };
}

function targetStructure({ currency, weightUnit, lengthUnit }: TargetProfile) {
  return { currency, weightUnit, lengthUnit };
}
