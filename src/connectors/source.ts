import type { StoreReport, Tally } from '../domain/assessment.ts';
import type { Entity, RecordRef } from '../domain/entity.ts';
import type { Instant, MovedEntity, SourceRecord, UnreadableRecord } from '../domain/record.ts';
import type { Place } from '../domain/redirect.ts';
import type { HookRegistry } from './hooks.ts';

/** Facts about the source store, read once per run. Also what mapping and assessment compare with the target. */
export interface SourceProfile {
  readonly platform: string;
  /** As its makers write it: `WooCommerce`. */
  readonly platformName: string;
  /** What SKUs begin with that are made up for records of it: `WC`. */
  readonly skuPrefix: string;
  readonly name: string;
  /** Of the pages that people see: links to it in texts are links within the shop. */
  readonly url: string;
  readonly version: string;
  readonly currency: string;
  readonly currencyDecimals: number;
  /** null: the platform keeps no weights; so for lengths. */
  readonly weightUnit: 'kg' | 'g' | 'lb' | 'oz' | null;
  readonly lengthUnit: 'm' | 'cm' | 'mm' | 'in' | 'yd' | null;
  /** null: the platform has none of its own. */
  readonly timeZone: string | null;
  readonly pricesIncludeTax: boolean;
  readonly taxClasses: readonly { readonly key: string; readonly name: string }[];
  /** From this level on goods count as low, unless they have a level of their own. */
  readonly lowStockAt: number;
  /** The source's clock less ours when it answered, milliseconds. */
  readonly clockSkewMs: number;
}

/** One entity as this source offers it. */
export interface SourceEntity {
  readonly entity: MovedEntity;
  /** Records that come along with a read of this entity (a product's stock). */
  readonly brings: readonly MovedEntity[];
  /** Whether lists can be asked for what was modified since (else: full list and hashes). */
  readonly modifiedFilter: boolean;
  /** Largest page the source serves. */
  readonly pageSize: number;
}

/** A record's id and the values that the target will want unique, for reservation in source-id order (P6). */
export interface ScannedKeys {
  readonly sourceId: string;
  readonly name: string;
  readonly sku: string;
  readonly slug: string;
  /** Source id of the parent among whose children the name must be unique; null at the top or where there are no parents. */
  readonly parent: string | null;
  readonly modifiedAt: Instant | null;
  /** Still worked with at the source (an open order): copied after all others, as far as the scan tells. */
  readonly busy?: boolean;
  /** Children that claim keys of their own: variants, with '' for one that has no SKU but its parent's. */
  readonly children: readonly { readonly sourceId: string; readonly sku: string }[];
}

/** What a look over the whole source tells before anything is moved (assessment). Samples are ids or words. */
export interface SourceSurvey {
  /** Entities that the credentials may not read. */
  readonly refused: readonly MovedEntity[];
  /** Word → orders. */
  readonly orderStatuses: Readonly<Record<string, number>>;
  /** Word → published products. */
  readonly productTypes: Readonly<Record<string, number>>;
  /** Key → products. */
  readonly taxClasses: Readonly<Record<string, number>>;
  readonly duplicateSkus: Tally;
  readonly duplicateNames: Tally;
  readonly tooManyVariants: Tally;
  readonly missingEmails: Tally;
  /** Accounts after the first of an address, whatever its case. */
  readonly duplicateEmails: Tally;
  readonly deepCategories: Tally;
  readonly missingPostcodes: Tally;
  /** Word for a group of shoppers → accounts. */
  readonly customerGroups: Readonly<Record<string, number>>;
  /** Of some, evenly over the store. */
  readonly unreachableImages: Tally;
  /** Records that say nothing or nonsense of when they were changed. */
  readonly unreliableStamps: Tally;
  readonly leftBehind: readonly StoreReport[];
}

/** Opaque place in a list; JSON text, kept in the ledger. */
export type Cursor = string;

/** What one read gave. `missing`: asked for by id and not in the answer; a nominee for P7, never a fact by itself. */
export interface ReadPage {
  readonly records: readonly SourceRecord[];
  readonly unreadable: readonly UnreadableRecord[];
  readonly missing: readonly RecordRef[];
}

/** `(after, until]` by the source's own clock. */
export interface ChangeWindow {
  readonly after: Instant;
  readonly until: Instant;
  /**
   * Source id → stamp of records that the ledger holds and that an earlier poll was past: a row with that very stamp may be left
   * out, with all that it would take to read what belongs to it.
   */
  readonly held?: ReadonlyMap<string, Instant>;
}

export interface ChangedPage extends ReadPage {
  readonly next: Cursor | null;
  /** Largest source stamp seen so far in this walk, for the watermark; null when nothing was seen. */
  readonly seenUntil: Instant | null;
}

/** The answer to a read by id: the record itself, or the platform's own words that it is no more (P7). */
export type Fetched =
  | { readonly outcome: 'present'; readonly record: SourceRecord; readonly also: readonly SourceRecord[] }
  | { readonly outcome: 'unreadable'; readonly record: UnreadableRecord }
  | { readonly outcome: 'gone' | 'trashed'; readonly ref: RecordRef };

/**
 * A store that records are read from. Reads are never retried for ever: transport faults come out as `StoreFailure`.
 * Every call takes an `AbortSignal` that stops it between requests.
 */
export interface Source {
  readonly platform: string;
  /** Short stable hash of the base URL: prefix of every external id (P6). */
  readonly storeKey: string;
  readonly entities: readonly SourceEntity[];
  /** Platform notions that do not exist there, with a word to the merchant (shown, not silently empty). */
  readonly notOffered: readonly { readonly entity: Entity; readonly why: string }[];

  /** Credentials, identity, settings, clock. Throws `StoreFailure`. */
  check(signal: AbortSignal): Promise<SourceProfile>;

  /** A look over the whole store, a few fields of each record. Throws `StoreFailure`. */
  survey(signal: AbortSignal): Promise<SourceSurvey>;

  /** How many records a list has now (one cheap request). */
  count(entity: MovedEntity, signal: AbortSignal): Promise<number>;

  /**
   * Walks all ids of an entity in ascending order, 100 or so a request, with keys, a page at a time. Rows added, edited or
   * removed meanwhile are neither skipped nor doubled (rows created after the walk began may be missing: capture has them).
   */
  scan(entity: MovedEntity, signal: AbortSignal): AsyncIterable<readonly ScannedKeys[]>;

  /** Reads records by id, at most `pageSize`, with what they bring. One request for the page plus what children need. */
  readByIds(entity: MovedEntity, sourceIds: readonly string[], signal: AbortSignal): Promise<ReadPage>;

  /** One page of what changed in `(after, until]` by the source's own clock; bounded keyset walk (source-apis §0.4). */
  readChanged(
    entity: MovedEntity,
    window: ChangeWindow,
    cursor: Cursor | null,
    signal: AbortSignal,
  ): Promise<ChangedPage>;

  /**
   * A page (from 1) of the highest ids of an entity that is not listed by change, where a new record has the highest: what is new
   * shows there with one request. Absent: ids say nothing of the kind.
   */
  newestIds?(entity: MovedEntity, page: number, signal: AbortSignal): Promise<readonly string[]>;

  /** Addresses that the store shows and that are nobody's record, some at a time. */
  places(signal: AbortSignal): AsyncIterable<readonly Place[]>;

  /** Reads one record by id and tells gone from trashed from faults. A missing route, HTML or 401 throws. */
  fetchOne(ref: RecordRef, signal: AbortSignal): Promise<Fetched>;

  /** Webhooks that tell of changes; absent where the platform has none that can be registered. */
  readonly hooks?: HookRegistry;
}
