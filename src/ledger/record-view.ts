import { type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../domain/entity.ts';

/** Everything that may be shown of one record: ids, states, stamps and reasons; no payload, so no personal data. */
export interface RecordView {
  readonly record: object | null;
  readonly change: object | null;
  readonly deadLetter: object | null;
  readonly parts: readonly object[];
  readonly children: readonly object[];
  readonly adjustments: readonly object[];
  readonly references: readonly object[];
  readonly urls: readonly object[];
  readonly intents: readonly object[];
  /** Newest first, at most 50. */
  readonly history: readonly object[];
}

/** One record as the ledger knows it; null when it never saw it. */
export async function recordView(
  db: QueryExecutorProvider,
  projectId: number,
  ref: RecordRef,
): Promise<RecordView | null> {
  const of = sql`project_id = ${projectId} AND entity = ${ref.entity} AND source_id = ${ref.sourceId}`;
  const all = async (statement: ReturnType<typeof sql>) => (await statement.execute(db)).rows as object[];
  const [records, changes, dead, parts, children, adjustments, references, urls, intents, history] = await Promise.all([
    all(sql`SELECT target_store AS "targetStore", target_id AS "targetId", state, adopted, read_start AS "readStart",
      read_end AS "readEnd", modified_at AS "modifiedAt", content_hash AS "contentHash", hash_version AS "hashVersion",
      target_modified_at AS "targetModifiedAt", applied_at AS "appliedAt" FROM records WHERE ${of}`),
    all(sql`SELECT kind, reason, state, state_reason AS "stateReason", generation, epoch, attempts, not_before AS "notBefore",
      lease_until AS "leaseUntil", first_seen_at AS "firstSeenAt" FROM changes WHERE ${of}`),
    all(sql`SELECT reason, remedy, since FROM dead_letters WHERE ${of}`),
    all(sql`SELECT part, state, reason, updated_at AS "updatedAt" FROM parts WHERE ${of} ORDER BY part`),
    all(
      sql`SELECT kind, child_source_id AS "sourceId", target_id AS "targetId" FROM children WHERE ${of} ORDER BY kind, child_source_id LIMIT 1000`,
    ),
    all(sql`SELECT key, field, before, after, why, at FROM adjustments WHERE ${of} ORDER BY key, field`),
    all(
      sql`SELECT field, kind, to_entity AS "toEntity", to_source_id AS "toSourceId" FROM record_references WHERE ${of} ORDER BY field LIMIT 1000`,
    ),
    all(sql`SELECT path, first_seen_at AS "firstSeenAt" FROM urls WHERE ${of} ORDER BY path`),
    all(
      sql`SELECT part, action, made_at AS "madeAt", look_ups AS "lookUps" FROM intents WHERE ${of} AND resolved_at IS NULL`,
    ),
    all(sql`SELECT at, event, detail FROM record_history WHERE ${of} ORDER BY id DESC LIMIT 50`),
  ]);
  const view = {
    record: records[0] ?? null,
    change: changes[0] ?? null,
    deadLetter: dead[0] ?? null,
    parts,
    children,
    adjustments,
    references,
    urls,
    intents,
    history,
  };
  return view.record === null && view.change === null && view.deadLetter === null ? null : view;
}
