import type { MovedEntity, SourceRecord, UnreadableRecord } from '../../domain/record.ts';
import type { RecordRef } from '../../domain/entity.ts';
import type { ScannedKeys, SourceEntity } from '../source.ts';
import type { Query } from '../http/request-form.ts';

/** What became of rows as the shop sent them. */
export interface ReadRows {
  readonly records: readonly SourceRecord[];
  readonly unreadable: readonly UnreadableRecord[];
}

/**
 * One entity as WooCommerce has it. A new entity is one of these, with its wire schema and its mapping; the walks, the
 * reads by id and the judgement of deletes are the same for all.
 */
export interface EntityRow extends SourceEntity {
  /** Below its namespace, with a leading slash. */
  readonly route: string;
  /** WordPress's own (wp/v2), which takes another credential (source-apis §1.1); WooCommerce's (wc/v3) by default. */
  readonly namespace?: 'wp/v2';
  /** What every list is asked with. */
  readonly listQuery: Query;
  /** What a read by id is asked with; nothing by default. */
  readonly itemQuery?: Query;
  /** Fields of a scan; more are not sent over the wire. */
  readonly scanFields: readonly string[];
  /** Whether records can lie in a trash that can be listed (source-apis §1.5). */
  readonly hasTrash: boolean;
  /** The platform's own words, with status 404, that a record of this id is no more. */
  readonly goneCodes: readonly string[];
  /** A record that is known from its id alone and needs no request (a role's group). */
  derive?(ref: RecordRef): SourceRecord | null;
  /** Rows of one page to records, with what they bring; fetches what belongs to the rows and is listed elsewhere. */
  read(rows: readonly unknown[], signal: AbortSignal): Promise<ReadRows>;
  /** Rows of a scan to keys. */
  keys(rows: readonly unknown[], signal: AbortSignal): Promise<readonly ScannedKeys[]>;
}

/** The records of one entity, or of one that it brings. */
export function ownerOf(rows: readonly EntityRow[], entity: MovedEntity): EntityRow {
  const owner = rows.find((row) => row.entity === entity) ?? rows.find((row) => row.brings.includes(entity));
  if (owner === undefined) throw new TypeError(`WooCommerce has no ${entity}`);
  return owner;
}
