import { type QueryExecutorProvider, sql } from 'kysely';
import { type RecordRef, refKey } from '../../domain/entity.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { ChildPair, PresentState } from '../../domain/target-state.ts';
import type { ApplyContext, Claim, LedgerPart, LedgerRecord, ReferenceStatus } from '../apply-ledger.ts';
import { announcedOf } from '../announcements.ts';
import { refArrays, refOf, toVersion } from '../queue/rows.ts';
import { LONGEST_CHAIN } from './cut-cycles.ts';
import { formerTargets } from './former-targets.ts';
import { openIntents } from './intents.ts';

/** Everything the ledger knows that decides what to do with claimed changes, in a few statements for the whole batch. */
export async function loadContext(
  db: QueryExecutorProvider,
  projectId: number,
  claims: readonly Claim[],
): Promise<ApplyContext> {
  const refs = claims.map((claim) => claim.ref);
  const named = distinct(claims.flatMap((claim) => claim.change.payload?.references ?? []));
  const [records, intents, references, announced, cyclic] = await Promise.all([
    loadRecords(db, projectId, refs),
    openIntents(db, projectId, refs),
    loadReferences(db, projectId, named),
    announcedOf(db, projectId, refs),
    findCycles(db, projectId, claims),
  ]);
  return { records, intents, references, announced, cyclic };
}

function distinct(refs: readonly RecordRef[]): readonly RecordRef[] {
  return [...new Map(refs.map((ref) => [refKey(ref), ref])).values()];
}

interface RecordRow {
  entity: RecordRef['entity'];
  source_id: string;
  state: LedgerRecord['state'];
  target_id: string | null;
  adopted: boolean;
  read_start: number;
  read_end: number;
  modified_at: string | null;
  content_hash: string | null;
  hash_version: number | null;
  target_modified_at: string | null;
  foreign_state: PresentState | null;
  unchecked: boolean;
  applied_at: string;
}

async function loadRecords(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, LedgerRecord>> {
  const { entities, sourceIds } = refArrays(refs);
  const wanted = sql`JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id) USING (entity, source_id)`;
  const { rows } = await sql<RecordRow>`SELECT r.* FROM records r ${wanted} WHERE r.project_id = ${projectId}`.execute(
    db,
  );
  if (rows.length === 0) return new Map();
  const { rows: parts } = await sql<LedgerPart & { key: string }>`
    SELECT entity || ':' || source_id AS key, part, desired, desired_hash AS "desiredHash", base, state, reason
    FROM parts p ${wanted} WHERE p.project_id = ${projectId}`.execute(db);
  const children = await loadChildren(db, projectId, refs);
  const away = rows.filter((row) => row.target_id === null);
  const formers = await formerTargets(db, projectId, away.map(refOf));
  const partsOf = groupBy(parts, (part) => part.key);
  return new Map(
    rows.map((row) => {
      const key = `${row.entity}:${row.source_id}`;
      const record: LedgerRecord = {
        state: row.state,
        targetId: row.target_id,
        formerTargetId: formers.get(key) ?? null,
        adopted: row.adopted,
        version: toVersion(row),
        targetModifiedAt: row.target_modified_at,
        foreignState: row.foreign_state,
        unchecked: row.unchecked,
        appliedAt: row.applied_at,
        parts: new Map((partsOf.get(key) ?? []).map((part) => [part.part, part])),
        children: children.get(key) ?? [],
      };
      return [key, record];
    }),
  );
}

async function loadChildren(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, readonly ChildPair[]>> {
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<ChildPair & { key: string }>`
    SELECT entity || ':' || source_id AS key, kind, child_source_id AS "sourceId", target_id AS "targetId"
    FROM children c JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id) USING (entity, source_id)
    WHERE c.project_id = ${projectId}`.execute(db);
  return groupBy(rows, (row) => row.key);
}

/** Unique values that are at the target by now, not those that are only meant. */
async function loadKeys(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, readonly { slot: string; value: string }[]>> {
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<{ key: string; slot: string; value: string }>`
    SELECT entity || ':' || source_id AS key, slot, value
    FROM key_reservations k JOIN unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id) USING (entity, source_id)
    WHERE k.project_id = ${projectId} AND k.settled AND NOT k.releasing`.execute(db);
  return groupBy(rows, (row) => row.key);
}

/** How each referenced record stands (P9): at the target, never to be there, on its way, or not known at all. */
async function loadReferences(
  db: QueryExecutorProvider,
  projectId: number,
  refs: readonly RecordRef[],
): Promise<ReadonlyMap<string, ReferenceStatus>> {
  if (refs.length === 0) return new Map();
  const { entities, sourceIds } = refArrays(refs);
  const { rows } = await sql<{
    key: string;
    target_id: string | null;
    state: string | null;
    read_end: number;
    queued: boolean;
    dead: boolean;
  }>`
    SELECT w.entity || ':' || w.source_id AS key, r.target_id, r.state, coalesce(r.read_end, 0) AS read_end, c.id IS NOT NULL AS queued, d.source_id IS NOT NULL AS dead
    FROM unnest(${entities}::text[], ${sourceIds}::text[]) AS w (entity, source_id)
    LEFT JOIN records r ON r.project_id = ${projectId} AND r.entity = w.entity AND r.source_id = w.source_id
    -- One that was read ahead is asked for like one that nobody has read: then it is due at once.
    LEFT JOIN changes c ON c.project_id = ${projectId} AND c.entity = w.entity AND c.source_id = w.source_id AND NOT c.ahead
    LEFT JOIN dead_letters d ON d.project_id = ${projectId} AND d.entity = w.entity AND d.source_id = w.source_id`.execute(
    db,
  );
  const [children, keys] = [await loadChildren(db, projectId, refs), await loadKeys(db, projectId, refs)];
  return new Map(
    rows.map((row) => [
      row.key,
      {
        status: standing(row),
        readEnd: row.read_end,
        targetId: row.state === 'live' ? row.target_id : null,
        children: children.get(row.key) ?? [],
        keys: Object.fromEntries((keys.get(row.key) ?? []).map(({ slot, value }) => [slot, value])),
      },
    ]),
  );
}

/** One that was only paired with what a store held before (P6) is on its way: its place in the tree is not known yet. */
function standing(row: {
  target_id: string | null;
  state: string | null;
  read_end: number;
  queued: boolean;
  dead: boolean;
}): ReferenceStatus['status'] {
  if (row.state === 'live' && row.target_id !== null && (row.read_end > 0 || row.dead)) return 'live';
  if (row.queued) return 'pending';
  if (row.dead || row.state === 'tombstone' || row.state === 'left') return 'never';
  if (row.state === 'skipped') return 'skipped';
  return 'unknown';
}

/**
 * Claimed records that reach themselves over hard references of their own kind. Of the others the queue knows better than the
 * ledger, where it holds them as they were read since.
 */
async function findCycles(
  db: QueryExecutorProvider,
  projectId: number,
  claims: readonly Claim[],
): Promise<ReadonlySet<string>> {
  const steps = claims.flatMap(({ ref, change }) =>
    (change.payload?.references ?? [])
      .filter((to) => to.kind === 'hard' && to.entity === ref.entity)
      .map((to) => ({ entity: ref.entity, origin: ref.sourceId, at: to.sourceId })),
  );
  if (steps.length === 0) return new Set();
  const { rows } = await sql<{ key: string }>`
    WITH RECURSIVE walk (entity, origin, at, depth) AS (
      SELECT s.entity, s.origin, s.at, 1 FROM jsonb_to_recordset(${JSON.stringify(steps)}::jsonb) AS s (entity text, origin text, at text)
      UNION
      SELECT w.entity, w.origin, n.source_id, w.depth + 1 FROM walk w
      CROSS JOIN LATERAL (
        SELECT f.to_source_id FROM record_references f
        WHERE f.project_id = ${projectId} AND f.entity = w.entity AND f.source_id = w.at AND f.to_entity = w.entity
          AND f.kind = 'hard'
          AND NOT EXISTS (SELECT FROM changes c WHERE c.project_id = ${projectId} AND c.entity = w.entity AND c.source_id = w.at
            AND c.payload IS NOT NULL)
        UNION ALL
        SELECT r ->> 'sourceId' FROM changes c CROSS JOIN jsonb_array_elements(c.payload -> 'references') r
        WHERE c.project_id = ${projectId} AND c.entity = w.entity AND c.source_id = w.at
          AND r ->> 'kind' = 'hard' AND r ->> 'entity' = w.entity
      ) n (source_id)
      WHERE w.depth < ${LONGEST_CHAIN} AND w.at <> w.origin
    )
    SELECT DISTINCT entity || ':' || origin AS key FROM walk WHERE at = origin`.execute(db);
  return new Set(rows.map((row) => row.key));
}
