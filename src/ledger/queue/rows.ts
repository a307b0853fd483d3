import type { Change, ChangeReason } from '../../domain/change.ts';
import { type Entity, entityRank, type RecordRef } from '../../domain/entity.ts';
import type { SourceRecord } from '../../domain/record.ts';
import type { SourceVersion } from '../../domain/source-version.ts';

/** The columns of `changes` that the rules read and write; numbers come parsed, stamps as ISO text. */
export interface ChangeRow {
  entity: string;
  source_id: string;
  kind: 'upsert' | 'delete' | 'fetch';
  reason: string;
  payload: SourceRecord | null;
  read_start: number | null;
  read_end: number | null;
  modified_at: string | null;
  content_hash: string | null;
  hash_version: number | null;
  decides: boolean;
  fetch_after: number;
  looks_at_target: boolean;
  generation: number;
  state: Change['state'];
}

export const CHANGE_COLUMNS = [
  'entity',
  'source_id',
  'kind',
  'reason',
  'payload',
  'read_start',
  'read_end',
  'modified_at',
  'content_hash',
  'hash_version',
  'decides',
  'fetch_after',
  'looks_at_target',
  'generation',
  'state',
] as const;

export function toChange(row: ChangeRow): Change {
  return {
    ref: { entity: row.entity as Entity, sourceId: row.source_id },
    kind: row.kind,
    reason: row.reason as ChangeReason,
    looksAtTarget: row.looks_at_target,
    version: row.kind === 'fetch' ? null : toVersion(row),
    payload: row.payload,
    fetchAfter: row.fetch_after,
    fetchDecides: row.kind === 'fetch' && row.decides,
    generation: row.generation,
    state: row.state,
  };
}

export function toRow(change: Change): ChangeRow & { entity_rank: number } {
  const version = change.version;
  return {
    entity: change.ref.entity,
    entity_rank: entityRank(change.ref.entity),
    source_id: change.ref.sourceId,
    kind: change.kind,
    reason: change.reason,
    payload: change.payload,
    read_start: version?.read.start ?? null,
    read_end: version?.read.end ?? null,
    modified_at: version?.modifiedAt ?? null,
    content_hash: version?.contentHash ?? null,
    hash_version: version?.hashVersion ?? null,
    decides: change.kind === 'fetch' ? change.fetchDecides : (version?.decides ?? false),
    fetch_after: change.fetchAfter,
    looks_at_target: change.looksAtTarget,
    generation: change.generation,
    state: change.state,
  };
}

export function toVersion(row: {
  read_start: number | null;
  read_end: number | null;
  modified_at: string | null;
  content_hash: string | null;
  hash_version: number | null;
  decides?: boolean;
}): SourceVersion {
  return {
    read: { start: row.read_start ?? 0, end: row.read_end ?? 0 },
    modifiedAt: row.modified_at,
    contentHash: row.content_hash ?? '',
    hashVersion: row.hash_version ?? 0,
    ...(row.decides === true ? { decides: true } : {}),
  };
}

/** Two text arrays for `unnest`, so that a batch of records is one parameter pair. */
/** The record that a row of the ledger names. */
export function refOf(row: { readonly entity: Entity; readonly source_id: string }): RecordRef {
  return { entity: row.entity, sourceId: row.source_id };
}

export function refArrays(refs: readonly RecordRef[]): { entities: string[]; sourceIds: string[] } {
  return { entities: refs.map((ref) => ref.entity), sourceIds: refs.map((ref) => ref.sourceId) };
}
