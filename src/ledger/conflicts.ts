import { createHash } from 'node:crypto';
import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import {
  CONFLICT_KINDS,
  type ConflictKind,
  type Decided,
  type EditedField,
  editedFields,
  editedNow,
  type EditedParts,
  HELD_FOR,
  kindOfHeld,
  type Side,
} from '../domain/conflict.ts';
import type { Entity } from '../domain/entity.ts';
import { isObject, type Json } from '../domain/json.ts';
import type { ConflictDefaults } from '../domain/project-options.ts';
import type { Instant } from '../domain/record.ts';
import { appendDecision } from './decisions.ts';
import { jsonText } from './json-text.ts';
import { projectOptions } from './project-options.ts';
import { notifyChanges } from './queue/notify.ts';
import type { LedgerTables } from './tables.ts';
import { wholeTransaction } from './whole-transaction.ts';

/** A held change that waits for a decision: what our last write left, what we mean, and what is there (P8). */
export interface Conflict {
  readonly id: number;
  readonly kind: ConflictKind;
  readonly entity: Entity;
  readonly sourceId: string;
  /** The record at the target that this is about; null: nobody was found to hold the key. */
  readonly targetId: string | null;
  readonly since: Instant;
  /** When the default decides; null: nothing but a person does. */
  readonly deadline: Instant | null;
  readonly default: ConflictDefaults['default'];
  /** Names what is shown: a decision on another version is refused. */
  readonly version: string;
  /** The source has changed since: `source` of the fields is what was meant before. */
  readonly sourceChanged: boolean;
  /** `delete`: the record is gone at the source. */
  readonly change: 'upsert' | 'delete' | 'fetch';
  /** For `edited`. */
  readonly fields: readonly EditedField[];
  /** For `collision`: which value is taken, or what the target said. */
  readonly collision: Json | null;
}

interface ConflictRow {
  id: number;
  entity: Entity;
  source_id: string;
  change: Conflict['change'];
  state: string;
  state_reason: string | null;
  evidence: Json;
  generation: number;
  held_generation: number | null;
  since: Instant;
  deadline: Instant;
  decision: Decided | null;
  target_id: string | null;
  seen: { readonly parts: Readonly<Record<string, Json>> } | null;
  bases: Readonly<Record<string, Json>> | null;
}

const KINDS = sql`(c.state = 'held' AND c.state_reason = ANY (${Object.values(HELD_FOR)}::text[]))`;
const HELD_SINCE = sql`coalesce(c.held_at, c.first_seen_at)`;

const columns = (hours: number) => sql`
  c.id, c.entity, c.source_id, c.kind AS change, c.state, c.state_reason, c.evidence, c.generation, c.held_generation, c.decision,
  ${HELD_SINCE} AS since, ${HELD_SINCE} + ${hours} * interval '1 hour' AS deadline, r.target_id,
  CASE WHEN r.foreign_seen_at > ${HELD_SINCE} THEN r.foreign_state END AS seen,
  (SELECT jsonb_object_agg(p.part, p.base) FROM parts p
   WHERE p.project_id = c.project_id AND p.entity = c.entity AND p.source_id = c.source_id AND p.base IS NOT NULL) AS bases`;
const FROM = sql`changes c LEFT JOIN records r USING (project_id, entity, source_id)`;

/** In the order in which they came into the queue; `after` is the id of the last one seen. */
export async function listConflicts(
  db: QueryExecutorProvider,
  projectId: number,
  asked: {
    readonly entity: Entity | null;
    readonly kind: ConflictKind | null;
    readonly after: number;
    readonly limit: number;
  },
): Promise<readonly Conflict[]> {
  const { conflicts } = await projectOptions(db, projectId);
  const reason = asked.kind === null ? null : HELD_FOR[asked.kind];
  const { rows } = await sql<ConflictRow>`
    SELECT ${columns(conflicts.deadlineHours)} FROM ${FROM}
    WHERE c.project_id = ${projectId} AND ${KINDS} AND c.id > ${asked.after}
      AND (${asked.entity}::text IS NULL OR c.entity = ${asked.entity}::text)
      AND (${reason}::text IS NULL OR c.state_reason = ${reason}::text)
    ORDER BY c.id LIMIT ${asked.limit}`.execute(db);
  return rows.flatMap((row) => show(row, conflicts) ?? []);
}

/** How many there are of each kind and entity. */
export async function countConflicts(
  db: QueryExecutorProvider,
  projectId: number,
): Promise<readonly { readonly kind: ConflictKind; readonly entity: Entity; readonly count: number }[]> {
  const { rows } = await sql<{ reason: string; entity: Entity; count: number }>`
    SELECT c.state_reason AS reason, c.entity, count(*)::integer AS count FROM changes c
    WHERE c.project_id = ${projectId} AND ${KINDS} GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  return rows.flatMap(({ reason, entity, count }) => {
    const kind = kindOfHeld(reason);
    return kind === null ? [] : [{ kind, entity, count }];
  });
}

/** Where a change stands that was, or is, in conflict; null: it has been settled, or never was. */
export interface Standing {
  /** Null: it is no conflict now. */
  readonly conflict: Conflict | null;
  readonly state: string;
  readonly decided: Pick<Decided, 'decision' | 'by'> | null;
}

export async function getConflict(db: QueryExecutorProvider, projectId: number, id: number): Promise<Standing | null> {
  return (await lookAt(db, projectId, id))?.standing ?? null;
}

/** @param lock of the queue's row, where something is to be made of it */
async function lookAt(
  db: QueryExecutorProvider,
  projectId: number,
  id: number,
  lock = sql``,
): Promise<{ readonly standing: Standing; readonly shown: Json } | null> {
  const { conflicts } = await projectOptions(db, projectId);
  const { rows } = await sql<ConflictRow>`
    SELECT ${columns(conflicts.deadlineHours)} FROM ${FROM}
    WHERE c.project_id = ${projectId} AND c.id = ${id} ${lock}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { decision, by } = row.decision ?? {};
  const decided = decision === undefined || by === undefined ? null : { decision, by };
  const conflict = show(row, conflicts);
  const shown = conflict === null ? null : partsNow(row, conflict.kind);
  return { standing: { conflict, state: row.state, decided }, shown };
}

function show(row: ConflictRow, options: ConflictDefaults): Conflict | null {
  const kind = row.state === 'held' ? kindOfHeld(row.state_reason) : null;
  if (kind === null) return null;
  const evidence = partsNow(row, kind);
  const hash = createHash('sha256').update(jsonText(evidence)).digest('base64url').slice(0, 16);
  const aboutId = isObject(row.evidence) ? row.evidence['targetId'] : null;
  return {
    id: row.id,
    kind,
    entity: row.entity,
    sourceId: row.source_id,
    targetId: kind === 'edited' ? row.target_id : typeof aboutId === 'string' ? aboutId : null,
    since: row.since,
    deadline: options.default === 'none' ? null : row.deadline,
    default: options.default,
    version: `${row.generation}.${hash}`,
    sourceChanged: row.generation !== (row.held_generation ?? row.generation),
    change: row.change,
    fields: kind === 'edited' ? editedFields(evidence as unknown as EditedParts) : [],
    collision: kind === 'collision' ? row.evidence : null,
  };
}

/** The evidence as it is by now: an edit that was seen since is part of it. */
function partsNow(row: Pick<ConflictRow, 'evidence' | 'seen' | 'bases'>, kind: ConflictKind): Json {
  if (kind !== 'edited') return row.evidence;
  return editedNow(row.evidence as unknown as EditedParts, row.seen?.parts ?? null, row.bases ?? {}) as unknown as Json;
}

export type Resolution = 'resolved' | 'unknown' | 'nothing-to-adopt' | { readonly movedOn: Standing };

/** Decides one conflict as it was shown. What is behind it in the queue is not touched: the change is claimed like any other. */
export async function resolveConflict(
  db: Kysely<LedgerTables>,
  projectId: number,
  id: number,
  given: { readonly decision: Side; readonly version: string; readonly by: string },
): Promise<Resolution> {
  return wholeTransaction(db, async (transaction) => {
    const looked = await lookAt(transaction, projectId, id, sql`FOR UPDATE OF c`);
    if (looked === null) return 'unknown';
    const { standing, shown } = looked;
    const { conflict } = standing;
    if (conflict === null || conflict.version !== given.version) return { movedOn: standing };
    if (!canBe(conflict, given.decision)) return 'nothing-to-adopt';
    const { kind, entity, sourceId } = conflict;
    const decided: Decided = { kind, decision: given.decision, by: given.by, shown };
    await sql`UPDATE changes c SET ${released(sql`${jsonText(decided)}::jsonb`)} WHERE c.id = ${id}`.execute(
      transaction,
    );
    const detail = { kind, decision: given.decision, entity, sourceId };
    await appendDecision(transaction, projectId, given.by, 'conflict resolved', detail);
    await notifyChanges(transaction, projectId);
    return 'resolved';
  });
}

/** A key whose holder nobody found can be tried again, and taken over from nobody. */
function canBe({ kind, targetId }: Conflict, decision: Side): boolean {
  return kind !== 'collision' || decision === 'source' || targetId !== null;
}

/** A change that was decided is due at once, looks at the target, and is a person's or a rule's from now on. */
const released = (decision: ReturnType<typeof sql>) => sql`
  state = 'ready', state_reason = NULL, not_before = NULL, attempts = 0, reason = 'decision', looks_at_target = true,
  generation = c.generation + 1, decision = ${decision}`;

/** Which conflicts are decided at once. */
interface Wanted {
  readonly kind: ConflictKind | null;
  readonly entity: Entity | null;
  /** Only those that are held for so long, hours. */
  readonly heldFor: number;
}

/** Decides all of a kind. Returns how many were decided; collisions with nobody to adopt are left. */
export async function resolveConflicts(
  db: Kysely<LedgerTables>,
  projectId: number,
  given: Pick<Wanted, 'kind' | 'entity'> & { readonly decision: Side; readonly by: string },
): Promise<number> {
  return wholeTransaction(db, (transaction) => decideAll(transaction, projectId, { ...given, heldFor: 0 }, given));
}

/** Name under which the project's default decides. */
const DEFAULT_RULE = 'rule conflicts.default';

/** What nobody has decided in time is decided by the project's default, by PostgreSQL's clock. Returns how many. */
export async function decideOverdue(db: Kysely<LedgerTables>, projectId: number): Promise<number> {
  const { conflicts } = await projectOptions(db, projectId);
  const { default: decision, deadlineHours } = conflicts;
  if (decision === 'none') return 0;
  const wanted = { kind: null, entity: null, heldFor: deadlineHours };
  return wholeTransaction(db, (transaction) =>
    decideAll(transaction, projectId, wanted, { decision, by: DEFAULT_RULE }),
  );
}

async function decideAll(
  transaction: QueryExecutorProvider,
  projectId: number,
  { kind, entity, heldFor }: Wanted,
  { decision, by }: { readonly decision: Side; readonly by: string },
): Promise<number> {
  const kinds = (kind === null ? CONFLICT_KINDS : [kind]).map((one) => ({ kind: one, reason: HELD_FOR[one] }));
  const word = sql`jsonb_build_object('kind', d.kind, 'decision', ${decision}::text, 'by', ${by}::text, 'shown', c.evidence)`;
  const { rows } = await sql<{ kind: ConflictKind; entity: Entity; count: number; samples: string[] }>`
    WITH held AS (
      SELECT c.id, k.kind FROM changes c
      JOIN jsonb_to_recordset(${jsonText(kinds)}::jsonb) AS k (kind text, reason text) ON k.reason = c.state_reason
      WHERE c.project_id = ${projectId} AND c.state = 'held' AND (${entity}::text IS NULL OR c.entity = ${entity}::text)
        AND ${HELD_SINCE} + ${heldFor} * interval '1 hour' <= clock_timestamp()
        AND (k.kind <> 'collision' OR ${decision}::text = 'source' OR c.evidence ->> 'targetId' IS NOT NULL)
      -- In one order, and past those that somebody is deciding now.
      ORDER BY c.id FOR UPDATE OF c SKIP LOCKED
    ), decided AS (
      UPDATE changes c SET ${released(word)} FROM held d WHERE c.id = d.id RETURNING c.entity, c.source_id, d.kind
    )
    SELECT kind, entity, count(*)::integer AS count, (array_agg(source_id ORDER BY source_id))[1:5] AS samples
    FROM decided GROUP BY kind, entity ORDER BY kind, entity`.execute(transaction);
  for (const { count, samples, ...one } of rows)
    await appendDecision(transaction, projectId, by, 'conflicts resolved', { ...one, decision, count, samples });
  if (rows.length > 0) await notifyChanges(transaction, projectId);
  return rows.reduce((sum, { count }) => sum + count, 0);
}
