import type { RecordRef } from '../domain/entity.ts';
import type { Fetched, ReadPage } from './source.ts';

/** What the read of one row by id says of the record that was asked for; the row may be there and the record not any more (P7). */
export function fetchedFrom(
  ref: RecordRef,
  { records, unreadable }: Pick<ReadPage, 'records' | 'unreadable'>,
): Fetched {
  const [spoilt] = unreadable;
  if (spoilt !== undefined) return { outcome: 'unreadable', record: { ...spoilt, ...ref } };
  const record = records.find((one) => one.entity === ref.entity && one.sourceId === ref.sourceId);
  if (record === undefined) return { outcome: 'gone', ref };
  return { outcome: 'present', record, also: records.filter((one) => one !== record) };
}
