import { checkStores } from '../sandbox/checker/check-stores.ts';
import type { CheckedEntity, EntityCount, Finding, Report } from '../sandbox/checker/report.ts';
import { fetchState } from '../sandbox/shared/state-lines.ts';
import { ENTITIES, type Entity } from '../domain/entity.ts';
import type { DemoProject } from './demo-migration.ts';

/** What the independent checker says of the two sandbox stores, counted. */
export interface DemoCheck {
  readonly ok: boolean;
  /** Of each entity: records to be carried, those found, those changed by a named rule, dead letters with their reason. */
  readonly entities: Readonly<Record<Entity, EntityCount>>;
  readonly lost: number;
  readonly doubled: number;
  readonly different: number;
  /** Records of the target that did not come from this source. */
  readonly foreign: number;
  /** The first of what is wrong, in words. */
  readonly wrong: readonly string[];
}

/** A dead letter as the API lists it. */
export interface KnownFailure {
  readonly entity: string;
  readonly sourceId: string;
}

const MOST_SHOWN = 10;

/** Reads the raw state of both sandbox stores and compares it by the rulebook alone: the ledger is not asked. */
export async function checkDemo(
  { source, target }: Pick<DemoProject, 'source' | 'target'>,
  failures: readonly KnownFailure[],
): Promise<DemoCheck> {
  const [from, to] = await Promise.all([fetchState(source.url), fetchState(target.url)]);
  const failed = new Set(failures.map((failure) => `${failure.entity}:${failure.sourceId}`));
  const expectedMissing = (entity: CheckedEntity, id: number) => failed.has(`${entity}:${id}`);
  return demoCheckOf(checkStores({ source: from, target: to, options: { expectedMissing } }));
}

/** A checker's report as the demo shows it. */
export function demoCheckOf(report: Report): DemoCheck {
  const { lost, doubled, different, foreign } = report;
  const wrong = Object.entries({ lost, doubled, different, foreign }).flatMap(([kind, found]) =>
    found.map((finding) => inWords(kind, finding)),
  );
  return {
    ok: report.ok,
    entities: Object.fromEntries(ENTITIES.map((entity) => [entity, report.entities[entity]])) as DemoCheck['entities'],
    lost: lost.length,
    doubled: doubled.length,
    different: different.length,
    foreign: foreign.length,
    wrong: wrong.slice(0, MOST_SHOWN),
  };
}

/** Of all entities together. */
export function totals({ entities }: DemoCheck): EntityCount {
  const sum = (what: keyof EntityCount) => Object.values(entities).reduce((total, counts) => total + counts[what], 0);
  return { source: sum('source'), target: sum('target'), adjusted: sum('adjusted'), failed: sum('failed') };
}

function inWords(kind: string, { entity, sourceId, targetId, field, expected, target }: Finding): string {
  const which = sourceId === null ? `target ${targetId}` : sourceId;
  const what = field === '' ? '' : ` ${field}: expected ${expected || 'nothing'}, got ${target || 'nothing'}`;
  return `${kind}: ${entity} ${which}${what}`;
}
