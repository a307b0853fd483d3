import type { Instant, MovedEntity, SourceRecord, UnreadableRecord } from '../../domain/record.ts';
import type { Cursor, ScannedKeys, SourceEntity } from '../source.ts';
import type { Filter, ListRoot } from './lists.ts';
import type { ShopFacts } from './shop-facts.ts';

/** What became of rows as the shop sent them. */
export interface ReadRows {
  readonly records: readonly SourceRecord[];
  readonly unreadable: readonly UnreadableRecord[];
}

/** One page of ids that changed in a window, found elsewhere than in the stamps of the records themselves. */
export interface ChangedIds {
  readonly ids: readonly string[];
  readonly next: Cursor | null;
}

/**
 * A place to look for changes that leave no stamp on the record itself: a price stamps the variant and not the product, an order
 * that moves on stamps its history alone.
 */
export interface Look {
  readonly name: string;
  page(
    window: { readonly after: Instant; readonly until: Instant },
    cursor: Cursor | null,
    signal: AbortSignal,
  ): Promise<ChangedIds>;
}

/**
 * One entity as Vendure has it. A new entity is one of these, with its wire schema and its mapping; the walks, the reads by id
 * and the judgement of deletes are the same for all.
 */
export interface EntityRow extends SourceEntity {
  readonly root: ListRoot;
  /** What every list is asked with; null: the shop has nothing that could be one. */
  filter(facts: ShopFacts): Filter | null;
  /** What is asked of each row, in GraphQL. */
  fields(facts: ShopFacts): string;
  /** The least that keys need. */
  readonly scanFields: string;
  /** Rows of one page to records, with what they bring; fetches what belongs to the rows and is listed elsewhere. */
  read(rows: readonly unknown[], facts: ShopFacts, signal: AbortSignal): Promise<ReadRows>;
  /** Rows of a scan to keys. */
  keys(rows: readonly unknown[], facts: ShopFacts): readonly ScannedKeys[];
  /** Beside the records' own stamps. */
  readonly looks: readonly Look[];
}

/** The records of one entity, or of one that it brings. */
export function ownerOf(rows: readonly EntityRow[], entity: MovedEntity): EntityRow {
  const owner = rows.find((row) => row.entity === entity) ?? rows.find((row) => row.brings.includes(entity));
  if (owner === undefined) throw new TypeError(`Vendure has no ${entity}`);
  return owner;
}
