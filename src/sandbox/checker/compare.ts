import type { Expected } from './expect/expectation.ts';
import { groupBy, textOf } from './raw/row.ts';
import type { TargetRecord } from './raw/target-store.ts';
import type { CheckedEntity, ReportBuilder, Scope } from './report.ts';

interface Compared {
  entity: CheckedEntity;
  sourceId: number;
  target: TargetRecord;
}

/** Holds one record against what is expected of it; each field that does not agree is a finding. */
export function compareRecord(report: ReportBuilder, { entity, sourceId, target }: Compared, expected: Expected): void {
  for (const { scope, field, rule, source, expected: wanted, read, agrees } of expected.fields) {
    const actual = read(target);
    if (agrees(actual, target)) continue;
    report.add('different', {
      entity,
      scope,
      sourceId,
      targetId: target.id,
      field,
      source,
      expected: wanted,
      target: actual,
      rule,
    });
  }
}

/** One value for each key, and none that other apps could read (bigcommerce-api §2, fidelity §0 e). */
export function checkMetafields(report: ReportBuilder, { entity, sourceId, target }: Compared, scope: Scope): void {
  const own = target.metafields.filter((field) => ['storeferry', 'woocommerce'].includes(textOf(field['namespace'])));
  const named = groupBy(own, (field) => `${textOf(field['namespace'])}/${textOf(field['key'])}`);
  for (const [name, fields] of named) {
    const about = { entity, scope, sourceId, targetId: target.id, field: `metafield ${name}` };
    if (fields.length > 1) {
      const values = fields.map((field) => field['value']);
      report.add('doubled', { ...about, expected: 1, target: values, rule: 'one metafield a key' });
    }
    const open = fields.filter(
      (field) => field['permission_set'] !== undefined && field['permission_set'] !== 'app_only',
    );
    if (open.length > 0) {
      const found = open[0]?.['permission_set'];
      report.add('different', { ...about, expected: 'app_only', target: found, rule: '§0 (e) permission_set' });
    }
  }
}
