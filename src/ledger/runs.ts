import { type QueryExecutorProvider, sql } from 'kysely';
import type { JsonObject } from '../domain/json.ts';
import type { RunKind } from '../domain/phases.ts';
import type { Instant } from '../domain/record.ts';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from '../domain/run-options.ts';
import { jsonText } from './json-text.ts';

export interface Run {
  readonly id: number;
  readonly projectId: number;
  readonly kind: RunKind;
  readonly number: number;
  /** `<kind>-<number>`. */
  readonly name: string;
  readonly state: 'running' | 'completed' | 'failed' | 'cancelled';
  readonly step: string;
  readonly mappingVersion: number;
  readonly mappingFingerprint: string;
  readonly options: RunOptions;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly endedReason: string | null;
  /** Why it reads everything though nobody asked for that; null: it does not, or somebody did. */
  readonly sweepReason: string | null;
}

const COLUMNS = sql`id, project_id AS "projectId", kind, number, kind || '-' || number AS name, state,
  CASE WHEN state <> 'running' THEN step WHEN parked THEN 'parked' WHEN finishing THEN 'finishing' ELSE step END AS step,
  mapping_version AS "mappingVersion", mapping_fingerprint AS "mappingFingerprint", options, started_at AS "startedAt",
  ended_at AS "endedAt", ended_reason AS "endedReason", sweep_reason AS "sweepReason"`;

/** Opens the next run of a kind; null when one is running: the database allows one a project. */
export async function openRun(
  db: QueryExecutorProvider,
  run: {
    readonly projectId: number;
    readonly kind: RunKind;
    readonly mappingVersion: number;
    readonly mappingFingerprint: string;
    readonly options?: Partial<RunOptions>;
  },
): Promise<Run | null> {
  const options = jsonText({ ...DEFAULT_RUN_OPTIONS, ...run.options });
  const { rows } = await sql<Run>`
    INSERT INTO runs (project_id, kind, number, state, mapping_version, mapping_fingerprint, options)
    SELECT ${run.projectId}, ${run.kind}, coalesce(max(number), 0) + 1, 'running', ${run.mappingVersion}, ${run.mappingFingerprint},
      ${options}::jsonb
    FROM runs WHERE project_id = ${run.projectId} AND kind = ${run.kind}
    ON CONFLICT DO NOTHING
    RETURNING ${COLUMNS}`.execute(db);
  return rows[0] ?? null;
}

export async function activeRun(db: QueryExecutorProvider, projectId: number): Promise<Run | null> {
  const { rows } =
    await sql<Run>`SELECT ${COLUMNS} FROM runs WHERE project_id = ${projectId} AND state = 'running'`.execute(db);
  return rows[0] ?? null;
}

/** @param name `full-1` */
export async function getRun(db: QueryExecutorProvider, projectId: number, name: string): Promise<Run | null> {
  const { rows } = await sql<Run>`
    SELECT ${COLUMNS} FROM runs WHERE project_id = ${projectId} AND kind || '-' || number = ${name}`.execute(db);
  return rows[0] ?? null;
}

/** The last full run that was completed: what recent runs follow (design §1); null before there is one. */
export async function lastBaseline(db: QueryExecutorProvider, projectId: number): Promise<Run | null> {
  const { rows } = await sql<Run>`
    SELECT ${COLUMNS} FROM runs WHERE project_id = ${projectId} AND kind = 'full' AND state = 'completed'
    ORDER BY id DESC LIMIT 1`.execute(db);
  return rows[0] ?? null;
}

/** Newest first; `before` is the id of the last one seen. */
export async function listRuns(
  db: QueryExecutorProvider,
  projectId: number,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly Run[]> {
  const { rows } = await sql<Run>`
    SELECT ${COLUMNS} FROM runs
    WHERE project_id = ${projectId} AND (${page.before}::bigint IS NULL OR id < ${page.before}::bigint)
    ORDER BY id DESC LIMIT ${page.limit}`.execute(db);
  return rows;
}

export async function latestRun(db: QueryExecutorProvider, projectId: number): Promise<Run | null> {
  const [latest] = await listRuns(db, projectId, { before: null, limit: 1 });
  return latest ?? null;
}

/** Whether a full run was completed: what later runs go out from. */
export async function hasBaseline(db: QueryExecutorProvider, projectId: number): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`
    SELECT EXISTS (SELECT FROM runs WHERE project_id = ${projectId} AND kind = 'full' AND state = 'completed') AS has`.execute(
    db,
  );
  return rows[0]?.has === true;
}

/** What a run is at, in an operator's words. */
export async function setRunStep(db: QueryExecutorProvider, runId: number, step: string): Promise<void> {
  await sql`UPDATE runs SET step = ${step} WHERE id = ${runId} AND state = 'running'`.execute(db);
}

/** Ends a run; a run that has ended keeps its first end. */
export async function closeRun(
  db: QueryExecutorProvider,
  runId: number,
  outcome: 'completed' | 'failed' | 'cancelled',
  reason: string | null,
): Promise<void> {
  await sql`
    UPDATE runs SET state = ${outcome}, ended_at = clock_timestamp(), ended_reason = ${reason}, step = 'ended'
    WHERE id = ${runId} AND state = 'running'`.execute(db);
}

/** Keeps what both stores were like when a run read them (shape: `activities/assess/assess-recent.ts`). */
export async function keepStructure(db: QueryExecutorProvider, runId: number, structure: JsonObject): Promise<void> {
  await sql`UPDATE runs SET structure = ${jsonText(structure)}::jsonb WHERE id = ${runId}`.execute(db);
}

/** What a run kept of it; null for one of before it was kept. */
export async function structureOfRun(db: QueryExecutorProvider, runId: number): Promise<JsonObject | null> {
  const { rows } = await sql<{ structure: JsonObject | null }>`SELECT structure FROM runs WHERE id = ${runId}`.execute(
    db,
  );
  return rows[0]?.structure ?? null;
}
