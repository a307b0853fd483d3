import { checkMetafields, compareRecord } from './compare.ts';
import type { Expected } from './expect/expectation.ts';
import type { Pairing, RawKeys } from './pairing.ts';
import { pairRecords } from './pairing.ts';
import type { Row } from './raw/row.ts';
import { idOf } from './raw/row.ts';
import type { TargetRecord } from './raw/target-store.ts';
import type { CheckedEntity, ReportBuilder, Scope } from './report.ts';

export interface RecordsCheck {
  report: ReportBuilder;
  entity: CheckedEntity & Scope;
  /** Records that are to be carried, by ascending id. */
  rows: readonly Row[];
  records: readonly TargetRecord[];
  /** Raw keys of those that carry no marker of ours. */
  keysOf: (row: Row) => RawKeys;
  targetKeysOf: (record: TargetRecord) => RawKeys;
  expect: (row: Row, target: TargetRecord) => Expected;
  isExpectedMissing: (sourceId: number) => boolean;
  /** Whether what nobody carries any more may stay, as an archived order does. */
  mayStay?: (record: TargetRecord) => boolean;
}

/** One entity from end to end: who is whom, who is missing, double or too many, and every field of every pair. */
export function checkRecords(check: RecordsCheck): Pairing {
  const { report, entity, rows, isExpectedMissing } = check;
  const about = { entity, scope: entity } as const;
  const wanted = new Map(
    rows.map((row) => [idOf(row['id']), isExpectedMissing(idOf(row['id'])) ? [] : check.keysOf(row)]),
  );
  const pairing = pairRecords(check.records, wanted, check.targetKeysOf);
  report.count(entity, 'source', rows.length);
  for (const row of rows) {
    const sourceId = idOf(row['id']);
    const target = pairing.pairs.get(sourceId);
    if (isExpectedMissing(sourceId)) report.count(entity, 'failed');
    else if (target) {
      report.count(entity, 'target');
      const expected = check.expect(row, target);
      report.adjust(entity, expected.adjusted);
      compareRecord(report, { entity, sourceId, target }, expected);
      checkMetafields(report, { entity, sourceId, target }, entity);
    } else report.add('lost', { ...about, sourceId, expected: 'carried', rule: 'lost' });
  }
  for (const { sourceId, record } of pairing.doubled)
    report.add('doubled', { ...about, sourceId, targetId: record.id, expected: 'once', rule: 'doubled' });
  for (const { sourceId, record } of pairing.leftOver.filter((one) => check.mayStay?.(one.record) !== true))
    report.add('different', {
      ...about,
      sourceId,
      targetId: record.id,
      expected: 'not carried',
      rule: 'delete policy',
    });
  for (const record of pairing.foreign) report.add('foreign', { ...about, targetId: record.id, rule: 'foreign' });
  return pairing;
}
