import { checkMetafields, compareRecord } from './compare.ts';
import { expectedCustomer, groupOf, isCarried } from './expect/customer.ts';
import type { Pairing } from './pairing.ts';
import { pairRecords } from './pairing.ts';
import type { Row } from './raw/row.ts';
import { idOf, textOf } from './raw/row.ts';
import type { SourceShop } from './raw/source-shop.ts';
import type { TargetRecord, TargetStore } from './raw/target-store.ts';
import type { ReportBuilder } from './report.ts';

/** Accounts, paired by marker, then by e-mail address (fidelity §6); returns who is whom. */
export function checkCustomers(
  report: ReportBuilder,
  shop: SourceShop,
  store: TargetStore,
  isExpectedMissing: (sourceId: number) => boolean,
): Pairing['pairs'] {
  const about = { entity: 'customer', scope: 'customer' } as const;
  const carried = shop.customers.filter(isCarried);
  const first = new Map<string, number>();
  for (const row of carried) if (!first.has(emailOf(row))) first.set(emailOf(row), idOf(row['id']));
  const wanted = new Map(
    carried.map((row) => [idOf(row['id']), isExpectedMissing(idOf(row['id'])) ? [] : [emailOf(row)]]),
  );
  const { pairs, doubled, leftOver, foreign } = pairRecords(store.customers, wanted, ({ row }) => [emailOf(row)]);
  report.count('customer', 'source', carried.length);
  for (const row of carried) {
    const sourceId = idOf(row['id']);
    const target = pairs.get(sourceId);
    if (target) report.count('customer', 'target');
    // The target allows an address once: of several accounts the first is carried, the others wait for a person.
    if (isExpectedMissing(sourceId) || (!target && first.get(emailOf(row)) !== sourceId)) {
      report.count('customer', 'failed');
    } else if (target) {
      const expected = expectedCustomer(row, (record) => groupName(store, record));
      report.adjust('customer', expected.adjusted);
      compareRecord(report, { entity: 'customer', sourceId, target }, expected);
      checkMetafields(report, { entity: 'customer', sourceId, target }, 'customer');
    } else report.add('lost', { ...about, sourceId, expected: 'carried', rule: 'lost' });
  }
  for (const { sourceId, record } of doubled)
    report.add('doubled', { ...about, sourceId, targetId: record.id, expected: 'once', rule: 'doubled' });
  for (const { sourceId, record } of leftOver)
    report.add('different', { ...about, sourceId, targetId: record.id, expected: 'not carried', rule: '§6, §6.1' });
  for (const record of foreign) report.add('foreign', { ...about, targetId: record.id, rule: 'foreign' });
  return pairs;
}

function emailOf(row: Row): string {
  return `email ${textOf(row['email']).trim().toLowerCase()}`;
}

function groupName(store: TargetStore, { row }: TargetRecord): string {
  const group = store.customerGroups.find(({ id }) => idOf(id) === idOf(row['customer_group_id']));
  return textOf(group?.['name']);
}

/** Groups of shoppers: one for each role that accounts have, known by its name alone (fidelity §6.1). */
export function checkCustomerGroups(report: ReportBuilder, shop: SourceShop, store: TargetStore): void {
  const about = { entity: 'customer_group', scope: 'customer' } as const;
  const wanted = new Set(shop.customers.filter(isCarried).map(groupOf));
  wanted.delete('');
  report.count('customer_group', 'source', wanted.size);
  for (const name of wanted) {
    const [found, ...doubles] = store.customerGroups.filter((group) => textOf(group['name']) === name);
    if (found === undefined) report.add('lost', { ...about, sourceId: name, expected: 'carried', rule: 'lost' });
    else report.count('customer_group', 'target');
    for (const { id } of doubles)
      report.add('doubled', { ...about, sourceId: name, targetId: idOf(id), expected: 'once', rule: 'doubled' });
  }
}
