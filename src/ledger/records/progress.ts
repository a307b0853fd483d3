import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import type { RecordProgress, Settlement } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';

interface Written {
  readonly ref: RecordRef;
  readonly progress: RecordProgress;
}
export interface ProgressOptions {
  readonly projectId: number;
  readonly targetStore: string;
  readonly runId: number | null;
}

/** Stores what writes taught about records: one statement per table for the whole batch. */
export async function writeProgress(
  transaction: QueryExecutorProvider,
  options: ProgressOptions,
  settlements: readonly Settlement[],
): Promise<void> {
  const written = settlements.flatMap(({ claim, progress }) =>
    progress === null ? [] : [{ ref: claim.ref, progress }],
  );
  if (written.length === 0) return;
  await upsertRecords(transaction, options, written);
  await forgetParts(
    transaction,
    options,
    written.filter(({ progress }) => progress.state === 'tombstone' || progress.state === 'left').map(key),
  );
  await upsertParts(transaction, options, written);
  await pairChildren(transaction, options, written);
  await appendHistory(transaction, options, written);
  await replaceFindings(transaction, options, written);
}

const key = ({ ref }: Written) => ({ entity: ref.entity, source_id: ref.sourceId });

async function upsertRecords(
  transaction: QueryExecutorProvider,
  options: ProgressOptions,
  written: readonly Written[],
): Promise<void> {
  const rows = written.map((item) => ({
    ...key(item),
    target_id: item.progress.targetId,
    state: item.progress.state,
    adopted: item.progress.adopted,
    read_start: item.progress.version.read.start,
    read_end: item.progress.version.read.end,
    modified_at: item.progress.version.modifiedAt,
    content_hash: item.progress.version.contentHash,
    hash_version: item.progress.version.hashVersion,
    target_modified_at: item.progress.targetModifiedAt,
    unchecked: item.progress.unchecked,
    clears_foreign: item.progress.clearsForeignState,
  }));
  await sql`
    INSERT INTO records AS r (project_id, target_store, run_id, entity, source_id, target_id, state, adopted, read_start, read_end,
      modified_at, content_hash, hash_version, target_modified_at, unchecked)
    SELECT ${options.projectId}, ${options.targetStore}, ${options.runId}::bigint, w.entity, w.source_id, w.target_id, w.state,
      w.adopted, w.read_start, w.read_end, w.modified_at, w.content_hash, w.hash_version, w.target_modified_at, w.unchecked
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (entity text, source_id text, target_id text, state text,
      adopted boolean, read_start bigint, read_end bigint, modified_at timestamptz, content_hash text, hash_version smallint,
      target_modified_at timestamptz, unchecked boolean)
    ON CONFLICT (project_id, entity, source_id) DO UPDATE SET
      target_id = excluded.target_id, state = excluded.state, adopted = excluded.adopted,
      read_start = excluded.read_start, read_end = excluded.read_end, modified_at = excluded.modified_at,
      content_hash = excluded.content_hash, hash_version = excluded.hash_version,
      target_modified_at = coalesce(excluded.target_modified_at, r.target_modified_at),
      unchecked = excluded.unchecked, applied_at = clock_timestamp(), run_id = coalesce(excluded.run_id, r.run_id)`.execute(
    transaction,
  );
  const cleared = rows.filter((row) => row.clears_foreign);
  if (cleared.length === 0) return;
  await sql`
    UPDATE records r SET foreign_state = NULL ${among(options, cleared)} AND r.foreign_state IS NOT NULL`.execute(
    transaction,
  );
}

/** A record that comes back, or is left deleted, is not at the target: nothing of its former life counts as written. */
async function forgetParts(
  transaction: QueryExecutorProvider,
  options: ProgressOptions,
  refs: readonly { entity: string; source_id: string }[],
): Promise<void> {
  if (refs.length === 0) return;
  await sql`DELETE FROM parts r ${matching(options, refs)}`.execute(transaction);
}

async function upsertParts(
  transaction: QueryExecutorProvider,
  options: ProgressOptions,
  written: readonly Written[],
): Promise<void> {
  const rows = written.flatMap((item) =>
    item.progress.parts.map((part) => ({
      ...key(item),
      part: part.part,
      desired: part.desired,
      desired_hash: part.desiredHash,
      base: part.base,
      state: part.state,
      reason: part.reason,
    })),
  );
  if (rows.length === 0) return;
  await sql`
    INSERT INTO parts (project_id, entity, source_id, part, desired, desired_hash, base, state, reason)
    SELECT ${options.projectId}, w.* FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (
      entity text, source_id text, part text, desired jsonb, desired_hash text, base jsonb, state text, reason text)
    ON CONFLICT (project_id, entity, source_id, part) DO UPDATE SET
      desired = excluded.desired, desired_hash = excluded.desired_hash, base = excluded.base, state = excluded.state,
      reason = excluded.reason, updated_at = clock_timestamp()`.execute(transaction);
}

async function pairChildren(
  transaction: QueryExecutorProvider,
  options: ProgressOptions,
  written: readonly Written[],
): Promise<void> {
  const rows = written.flatMap((item) =>
    item.progress.children.map((child) => ({
      ...key(item),
      kind: child.kind,
      child: child.sourceId,
      target_id: child.targetId,
    })),
  );
  const parted = rows.filter((row) => row.target_id === '');
  const paired = rows.filter((row) => row.target_id !== '');
  if (parted.length > 0) {
    await sql`
      DELETE FROM children c
      USING jsonb_to_recordset(${jsonText(parted)}::jsonb) AS w (entity text, source_id text, kind text, child text)
      WHERE c.project_id = ${options.projectId} AND c.entity = w.entity AND c.source_id = w.source_id AND c.kind = w.kind
        AND c.child_source_id = w.child`.execute(transaction);
  }
  if (paired.length === 0) return;
  await sql`
    INSERT INTO children (project_id, entity, source_id, kind, child_source_id, target_id)
    SELECT DISTINCT ON (w.entity, w.source_id, w.kind, w.child) ${options.projectId}, w.* FROM jsonb_to_recordset(${jsonText(paired)}::jsonb)
      AS w (entity text, source_id text, kind text, child text, target_id text)
    ON CONFLICT (project_id, entity, source_id, kind, child_source_id) DO UPDATE SET target_id = excluded.target_id`.execute(
    transaction,
  );
}

async function appendHistory(
  transaction: QueryExecutorProvider,
  options: ProgressOptions,
  written: readonly Written[],
): Promise<void> {
  const rows = written
    .filter((item) => item.progress.event !== 'unchanged')
    .map((item) => ({ ...key(item), event: item.progress.event, detail: item.progress.detail }));
  if (rows.length === 0) return;
  await sql`
    INSERT INTO record_history (project_id, run_id, entity, source_id, event, detail)
    SELECT ${options.projectId}, ${options.runId}::bigint, w.* FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (
      entity text, source_id text, event text, detail jsonb)`.execute(transaction);
}

/** Adjustments, reports and references of a record are those of its last mapping; URLs only ever grow (P11). */
async function replaceFindings(
  transaction: QueryExecutorProvider,
  options: ProgressOptions,
  written: readonly Written[],
): Promise<void> {
  const lists = [
    {
      table: 'adjustments',
      columns: 'key, field, before, after, why',
      rows: of(written, ({ adjustments }) => adjustments),
    },
    { table: 'report_items', columns: 'key, field, sample', rows: of(written, ({ reports }) => reports) },
    {
      table: 'open_links',
      columns: 'key, address',
      rows: of(written, ({ openLinks }) => openLinks),
    },
    {
      table: 'record_references',
      columns: 'field, kind, to_entity, to_source_id',
      rows: of(written, ({ references }) =>
        references === null
          ? null
          : references.map((r) => ({ field: r.field, kind: r.kind, to_entity: r.entity, to_source_id: r.sourceId })),
      ),
    },
  ];
  for (const list of lists) {
    if (list.rows.replaced.length > 0) {
      await sql`DELETE FROM ${sql.table(list.table)} r ${matching(options, list.rows.replaced)}`.execute(transaction);
    }
    if (list.rows.items.length > 0) {
      const columns = sql.raw(list.columns);
      await sql`
        INSERT INTO ${sql.table(list.table)} (project_id, entity, source_id, ${columns})
        SELECT ${options.projectId}, entity, source_id, ${columns}
        FROM jsonb_populate_recordset(NULL::${sql.table(list.table)}, ${jsonText(list.rows.items)}::jsonb)
        ON CONFLICT DO NOTHING`.execute(transaction);
    }
  }
  const urls = written.flatMap((item) =>
    item.progress.urls.map((url) => ({ ...key(item), path: url.path, key: url.key })),
  );
  if (urls.length === 0) return;
  await sql`
    INSERT INTO urls (project_id, entity, source_id, path, key)
    SELECT ${options.projectId}, w.* FROM jsonb_to_recordset(${jsonText(urls)}::jsonb) AS w (entity text, source_id text, path text, key text)
    ON CONFLICT DO NOTHING`.execute(transaction);
}

function of(written: readonly Written[], list: (progress: RecordProgress) => readonly object[] | null) {
  const replaced = written.filter((item) => list(item.progress) !== null);
  return {
    replaced: replaced.map(key),
    items: replaced.flatMap((item) => (list(item.progress) ?? []).map((row) => ({ ...key(item), ...row }))),
  };
}

/** `FROM ... WHERE` of an UPDATE of table alias `r` for these records. */
function among(options: ProgressOptions, refs: readonly { entity: string; source_id: string }[]): RawBuilder<unknown> {
  return sql`FROM unnest(${refs.map((r) => r.entity)}::text[], ${refs.map((r) => r.source_id)}::text[]) AS w (entity, source_id)
    WHERE r.project_id = ${options.projectId} AND r.entity = w.entity AND r.source_id = w.source_id`;
}

/** `USING ... WHERE` of a DELETE of table alias `r` for these records. */
function matching(
  options: ProgressOptions,
  refs: readonly { entity: string; source_id: string }[],
): RawBuilder<unknown> {
  return sql`USING unnest(${refs.map((r) => r.entity)}::text[], ${refs.map((r) => r.source_id)}::text[]) AS w (entity, source_id)
    WHERE r.project_id = ${options.projectId} AND r.entity = w.entity AND r.source_id = w.source_id`;
}
