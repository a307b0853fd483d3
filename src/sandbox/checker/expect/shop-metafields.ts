import type { Row } from '../raw/row.ts';
import { textOf } from '../raw/row.ts';
import type { TargetRecord } from '../raw/target-store.ts';
import type { Scope } from '../report.ts';
import type { ExpectedMeta } from '../rules/meta-policy.ts';
import { expectedMetas, fingerprint, sameMeta } from '../rules/meta-policy.ts';
import type { Expectation, Expected } from './expectation.ts';

/** `meta_data` rows as `woocommerce/<key>`, all of them and nothing else (fidelity §3). */
export function expectedMetaFields(scope: Scope, record: Row): Expected {
  const metas = expectedMetas(record);
  const extra: Expectation = {
    scope,
    field: 'metafields woocommerce/…',
    rule: 'EXACT §3 meta_data',
    source: metas.map((meta) => meta.key),
    expected: [],
    read: (target) => ownKeys(target).filter((key) => !metas.some((meta) => isOf(meta, key))),
    agrees: (actual) => (actual as string[]).length === 0,
  };
  return {
    fields: [...metas.map((meta) => metaField(scope, meta)), extra],
    adjusted: metas.flatMap((meta) => meta.adjusted),
  };
}

function metaField(scope: Scope, meta: ExpectedMeta): Expectation {
  return {
    scope,
    field: `metafield woocommerce/${meta.key}`,
    rule: meta.adjusted[0] ? `ADJUSTED ${meta.adjusted[0]}` : 'EXACT §3 meta_data',
    source: fingerprint(meta.value),
    expected: fingerprint(meta.value),
    read: (target) => fingerprint(joinedValue(target, meta)),
    agrees: (_, target) => sameMeta(meta.value, joinedValue(target, meta)),
  };
}

/** A value over the limit stands in `key.1`, `key.2`, … (fidelity §3 "Metafield value"). */
function joinedValue(target: TargetRecord, meta: ExpectedMeta): string {
  const own = target.metafields.filter((field) => field['namespace'] === 'woocommerce');
  const whole = own.find((field) => meta.fits(textOf(field['key'])));
  if (whole) return textOf(whole['value']);
  const parts = own.filter((field) => partOf(meta, textOf(field['key'])) > 0);
  return parts
    .toSorted((a, b) => partOf(meta, textOf(a['key'])) - partOf(meta, textOf(b['key'])))
    .map((field) => textOf(field['value']))
    .join('');
}

function partOf(meta: ExpectedMeta, key: string): number {
  const found = /^(.*)\.(\d+)$/.exec(key);
  return found && meta.adjusted.includes('meta-split') && meta.fits(found[1] ?? '') ? Number(found[2]) : 0;
}

function isOf(meta: ExpectedMeta, key: string): boolean {
  return meta.fits(key) || partOf(meta, key) > 0;
}

function ownKeys({ metafields }: TargetRecord): string[] {
  return metafields.filter((field) => field['namespace'] === 'woocommerce').map((field) => textOf(field['key']));
}
