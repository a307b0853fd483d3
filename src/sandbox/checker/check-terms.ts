import { checkMetafields, compareRecord } from './compare.ts';
import type { Context } from './expect/context.ts';
import type { Expected } from './expect/expectation.ts';
import { expectedBrand, expectedCategory } from './expect/terms.ts';
import type { Pairing } from './pairing.ts';
import type { Row } from './raw/row.ts';
import { idOf, textOf } from './raw/row.ts';
import type { ReportBuilder } from './report.ts';

/** Calls for one entity: what its records are, and which of them may be missing. */
export interface EntityCheck {
  report: ReportBuilder;
  context: Context;
  pairing: Pairing;
  isExpectedMissing: (sourceId: number) => boolean;
}

export function checkCategories(check: EntityCheck): void {
  const { context, report } = check;
  const optional = context.tree.optional;
  if (optional.size > 0) report.adjust('category', ['empty-default-category-skipped']);
  const rows = context.shop.categories.filter((row) => {
    const id = idOf(row['id']);
    return !optional.has(id) || check.pairing.pairs.has(id);
  });
  checkTerms(check, 'category', rows, (row) => expectedCategory(context, row));
}

export function checkBrands(check: EntityCheck): void {
  checkTerms(check, 'brand', check.context.shop.brands, (row) => expectedBrand(check.context, row));
}

function checkTerms(
  check: EntityCheck,
  entity: 'category' | 'brand',
  rows: readonly Row[],
  expect: (row: Row) => Expected,
): void {
  const { report, pairing } = check;
  report.count(entity, 'source', rows.length);
  for (const row of rows) {
    const sourceId = idOf(row['id']);
    const target = presentPair(check, entity, sourceId, textOf(row['name']));
    if (!target) continue;
    const expected = expect(row);
    report.adjust(entity, expected.adjusted);
    compareRecord(report, { entity, sourceId, target }, expected);
    checkMetafields(report, { entity, sourceId, target }, entity);
  }
  reportOthers(report, entity, pairing);
}

/** The record's pair, unless it is missing (which is said) or known to be a dead letter. */
export function presentPair(
  { report, pairing, isExpectedMissing }: EntityCheck,
  entity: 'category' | 'brand' | 'product',
  sourceId: number,
  name: string,
): Pairing['foreign'][number] | undefined {
  const target = pairing.pairs.get(sourceId);
  if (target) report.count(entity, 'target');
  if (isExpectedMissing(sourceId)) {
    report.count(entity, 'failed');
    return undefined;
  }
  const scope = entity === 'product' ? 'product-core' : entity;
  if (!target) report.add('lost', { entity, scope, sourceId, source: name, expected: 'carried', rule: 'lost' });
  return target;
}

/** Records of the target that are too many: doubles, left-overs of what is gone, and other people's. */
export function reportOthers(
  report: ReportBuilder,
  entity: 'category' | 'brand' | 'product',
  { doubled, leftOver, foreign }: Pairing,
): void {
  const scope = entity === 'product' ? 'product-core' : entity;
  for (const { sourceId, record } of doubled) {
    const target = record.row['name'];
    report.add('doubled', { entity, scope, sourceId, targetId: record.id, expected: 'once', target, rule: 'doubled' });
  }
  for (const { sourceId, record } of leftOver) {
    // The delete policy may hide a record instead of removing it (design P7).
    if (record.row['is_visible'] === false) continue;
    const about = { entity, scope, sourceId, targetId: record.id, target: record.row['name'] } as const;
    report.add('different', { ...about, expected: 'gone or hidden', rule: 'EXACT §4 status (delete policy)' });
  }
  for (const record of foreign) {
    report.add('foreign', { entity, scope, targetId: record.id, target: record.row['name'], rule: 'foreign' });
  }
}
