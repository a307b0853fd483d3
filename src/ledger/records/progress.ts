import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import type { RecordProgress, Settlement } from '../apply-ledger.ts';
import { jsonText } from '../json-text.ts';
import { sideBySide, type Writing } from '../side-by-side.ts';

interface Written {
  readonly ref: RecordRef;
  readonly progress: RecordProgress;
}
export interface ProgressOptions {
  readonly projectId: number;
  readonly targetStore: string;
  readonly runId: number | null;
}

/**
 * Stores what writes taught about records, in two round trips for the whole batch: what is replaced goes first. `beside` are
 * writes to other tables that go along.
 */
export async function writeProgress(
  transaction: QueryExecutorProvider,
  options: ProgressOptions,
  settlements: readonly Settlement[],
  beside: readonly Writing[] = [],
): Promise<void> {
  const written = settlements.flatMap(({ claim, progress }) =>
    progress === null ? [] : [{ ref: claim.ref, progress }],
  );
  if (written.length === 0) return sideBySide(transaction, beside);
  const children = childRows(written);
  const findings = findingsOf(written);
  await sideBySide(transaction, [
    upsertRecords(options, written),
    forgetParts(options, written),
    partChildren(options, children),
    ...findings.map(({ table, rows }) => forgetFindings(options, table, rows.replaced)),
    ...beside,
  ]);
  await sideBySide(transaction, [
    clearForeign(options, written),
    upsertParts(options, written),
    pairChildren(options, children),
    appendHistory(options, written),
    ...findings.map((list) => insertFindings(options, list)),
    insertUrls(options, written),
  ]);
}

const key = ({ ref }: Written) => ({ entity: ref.entity, source_id: ref.sourceId });

function upsertRecords(options: ProgressOptions, written: readonly Written[]): Writing {
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
  }));
  return sql`
    INSERT INTO records AS r (project_id, target_store, run_id, entity, source_id, target_id, state, adopted, read_start, read_end,
      modified_at, content_hash, hash_version, target_modified_at, unchecked)
    SELECT ${options.projectId}::bigint, ${options.targetStore}, ${options.runId}::bigint, w.entity, w.source_id, w.target_id, w.state,
      w.adopted, w.read_start, w.read_end, w.modified_at, w.content_hash, w.hash_version, w.target_modified_at,
      -- Written, it may be, before the look began at what others edit (P8): what they made of it since then nobody has seen.
      w.unchecked OR EXISTS (SELECT FROM intents i
        JOIN target_polls t ON t.target_store = i.target_store AND t.entity = i.entity AND t.chain_from >= i.made_at
        WHERE i.project_id = ${options.projectId} AND i.entity = w.entity AND i.source_id = w.source_id AND i.resolved_at IS NULL)
    FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (entity text, source_id text, target_id text, state text,
      adopted boolean, read_start bigint, read_end bigint, modified_at timestamptz, content_hash text, hash_version smallint,
      target_modified_at timestamptz, unchecked boolean)
    ON CONFLICT (project_id, entity, source_id) DO UPDATE SET
      target_id = excluded.target_id, state = excluded.state, adopted = excluded.adopted,
      read_start = excluded.read_start, read_end = excluded.read_end, modified_at = excluded.modified_at,
      content_hash = excluded.content_hash, hash_version = excluded.hash_version,
      target_modified_at = coalesce(excluded.target_modified_at, r.target_modified_at),
      unchecked = excluded.unchecked, applied_at = clock_timestamp(), run_id = coalesce(excluded.run_id, r.run_id)`;
}

function clearForeign(options: ProgressOptions, written: readonly Written[]): Writing {
  const cleared = written.filter(({ progress }) => progress.clearsForeignState).map(key);
  if (cleared.length === 0) return null;
  return sql`UPDATE records r SET foreign_state = NULL ${among(options, cleared)} AND r.foreign_state IS NOT NULL`;
}

/** A record that comes back, or is left deleted, is not at the target: nothing of its former life counts as written. */
function forgetParts(options: ProgressOptions, written: readonly Written[]): Writing {
  const gone = written.filter(({ progress }) => progress.state === 'tombstone' || progress.state === 'left').map(key);
  return gone.length === 0 ? null : sql`DELETE FROM parts r ${matching(options, gone)}`;
}

function upsertParts(options: ProgressOptions, written: readonly Written[]): Writing {
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
  if (rows.length === 0) return null;
  return sql`
    INSERT INTO parts (project_id, entity, source_id, part, desired, desired_hash, base, state, reason)
    SELECT ${options.projectId}::bigint, w.* FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (
      entity text, source_id text, part text, desired jsonb, desired_hash text, base jsonb, state text, reason text)
    ON CONFLICT (project_id, entity, source_id, part) DO UPDATE SET
      desired = excluded.desired, desired_hash = excluded.desired_hash, base = excluded.base, state = excluded.state,
      reason = excluded.reason, updated_at = clock_timestamp()`;
}

/** Pairs of children; an empty target id: no pair any more. */
function childRows(written: readonly Written[]) {
  const rows = written.flatMap((item) =>
    item.progress.children.map((child) => ({
      ...key(item),
      kind: child.kind,
      child: child.sourceId,
      target_id: child.targetId,
    })),
  );
  return {
    parted: rows.filter((row) => row.target_id === ''),
    paired: rows.filter((row) => row.target_id !== ''),
  };
}
type ChildRows = ReturnType<typeof childRows>;

function partChildren({ projectId }: ProgressOptions, { parted }: ChildRows): Writing {
  if (parted.length === 0) return null;
  return sql`
    DELETE FROM children c
    USING jsonb_to_recordset(${jsonText(parted)}::jsonb) AS w (entity text, source_id text, kind text, child text)
    WHERE c.project_id = ${projectId} AND c.entity = w.entity AND c.source_id = w.source_id AND c.kind = w.kind
      AND c.child_source_id = w.child`;
}

function pairChildren({ projectId }: ProgressOptions, { paired }: ChildRows): Writing {
  if (paired.length === 0) return null;
  return sql`
    INSERT INTO children (project_id, entity, source_id, kind, child_source_id, target_id)
    SELECT DISTINCT ON (w.entity, w.source_id, w.kind, w.child) ${projectId}::bigint, w.* FROM jsonb_to_recordset(${jsonText(paired)}::jsonb)
      AS w (entity text, source_id text, kind text, child text, target_id text)
    ON CONFLICT (project_id, entity, source_id, kind, child_source_id) DO UPDATE SET target_id = excluded.target_id`;
}

function appendHistory(options: ProgressOptions, written: readonly Written[]): Writing {
  const rows = written
    .filter((item) => item.progress.event !== 'unchanged')
    .map((item) => ({ ...key(item), event: item.progress.event, detail: item.progress.detail }));
  if (rows.length === 0) return null;
  return sql`
    INSERT INTO record_history (project_id, run_id, entity, source_id, event, detail)
    SELECT ${options.projectId}::bigint, ${options.runId}::bigint, w.* FROM jsonb_to_recordset(${jsonText(rows)}::jsonb) AS w (
      entity text, source_id text, event text, detail jsonb)`;
}

/** Adjustments, reports and references of a record are those of its last mapping. */
function findingsOf(written: readonly Written[]) {
  return [
    {
      table: 'adjustments',
      columns: 'key, field, before, after, why',
      rows: of(written, ({ adjustments }) => adjustments),
    },
    { table: 'report_items', columns: 'key, field, sample', rows: of(written, ({ reports }) => reports) },
    { table: 'open_links', columns: 'key, address', rows: of(written, ({ openLinks }) => openLinks) },
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
}

function forgetFindings(
  options: ProgressOptions,
  table: string,
  replaced: readonly { entity: string; source_id: string }[],
): Writing {
  return replaced.length === 0 ? null : sql`DELETE FROM ${sql.table(table)} r ${matching(options, replaced)}`;
}

function insertFindings(
  { projectId }: ProgressOptions,
  { table, columns, rows: { items } }: ReturnType<typeof findingsOf>[number],
): Writing {
  if (items.length === 0) return null;
  return sql`
    INSERT INTO ${sql.table(table)} (project_id, entity, source_id, ${sql.raw(columns)})
    SELECT ${projectId}::bigint, entity, source_id, ${sql.raw(columns)}
    FROM jsonb_populate_recordset(NULL::${sql.table(table)}, ${jsonText(items)}::jsonb)
    ON CONFLICT DO NOTHING`;
}

/** URLs only ever grow (P11). */
function insertUrls({ projectId }: ProgressOptions, written: readonly Written[]): Writing {
  const urls = written.flatMap((item) =>
    item.progress.urls.map((url) => ({ ...key(item), path: url.path, key: url.key })),
  );
  if (urls.length === 0) return null;
  return sql`
    INSERT INTO urls (project_id, entity, source_id, path, key)
    SELECT ${projectId}::bigint, w.* FROM jsonb_to_recordset(${jsonText(urls)}::jsonb) AS w (entity text, source_id text, path text, key text)
    ON CONFLICT DO NOTHING`;
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
