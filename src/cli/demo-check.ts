import { checkStores } from '../sandbox/checker/check-stores.ts';
import type { CheckedEntity } from '../sandbox/checker/report.ts';
import { fetchState } from '../sandbox/shared/state-lines.ts';
import type { DemoProject } from './demo-migration.ts';

/** What the independent checker says of the two sandbox stores, counted. */
export interface DemoCheck {
  readonly ok: boolean;
  readonly compared: number;
  /** Changed on purpose, by a rule with a name. */
  readonly adjusted: number;
  /** Known to have failed: dead letters, with their reason in the project. */
  readonly failed: number;
  readonly lost: number;
  readonly doubled: number;
  readonly different: number;
  /** Records of the target that did not come from this source. */
  readonly foreign: number;
}

/** A dead letter as the API lists it. */
export interface KnownFailure {
  readonly entity: string;
  readonly sourceId: string;
}

/** Reads the raw state of both sandbox stores and compares it by the rulebook alone: the ledger is not asked. */
export async function checkDemo(
  { source, target }: Pick<DemoProject, 'source' | 'target'>,
  failures: readonly KnownFailure[],
): Promise<DemoCheck> {
  const [from, to] = await Promise.all([fetchState(source.url), fetchState(target.url)]);
  const failed = new Set(failures.map((failure) => `${failure.entity}:${failure.sourceId}`));
  const expectedMissing = (entity: CheckedEntity, id: number) => failed.has(`${entity}:${id}`);
  const report = checkStores({ source: from, target: to, options: { expectedMissing } });
  const sum = (what: 'source' | 'adjusted' | 'failed') =>
    Object.values(report.entities).reduce((total, counts) => total + counts[what], 0);
  return {
    ok: report.ok,
    compared: sum('source'),
    adjusted: sum('adjusted'),
    failed: sum('failed'),
    lost: report.lost.length,
    doubled: report.doubled.length,
    different: report.different.length,
    foreign: report.foreign.length,
  };
}
