import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { ENTITIES } from '../domain/entity.ts';
import { type Mapping, takesPart } from '../domain/mapping.ts';
import type { Phase } from '../domain/phases.ts';
import type { Instant } from '../domain/record.ts';
import { keepMapping } from './mappings.ts';
import type { LedgerTables } from './tables.ts';

export interface Project {
  readonly id: number;
  readonly slug: string;
  readonly phase: Phase;
  readonly pausedAt: Instant | null;
  readonly pauseReason: string | null;
  readonly attention: string | null;
  readonly mapping: Mapping;
  readonly mappingVersion: number;
  readonly options: unknown;
  readonly sourceKey: string;
  readonly targetStore: string;
  readonly sourceProfile: unknown;
  readonly targetProfile: unknown;
  readonly createdAt: Instant;
}
export interface NewProject {
  readonly slug: string;
  readonly mapping: Mapping;
  readonly options: object;
  readonly sourceKey: string;
  readonly targetStore: string;
}
export type Creation =
  | { readonly created: true; readonly project: Project }
  | {
      readonly created: false;
      readonly reason: 'name-taken' | 'name-of-a-deleted-project' | 'entities-overlap';
      readonly message: string;
    };

const COLUMNS = sql`id, slug, phase, paused_at AS "pausedAt", pause_reason AS "pauseReason", attention, mapping,
  mapping_version AS "mappingVersion", options, source_key AS "sourceKey", target_store AS "targetStore",
  source_profile AS "sourceProfile", target_profile AS "targetProfile", created_at AS "createdAt"`;

/**
 * Creates a project unless its name is or was taken, or another project moves the same entities into the same store.
 * @param furnish what belongs to it from the start (connections): in the same transaction, so that no project is without
 */
export async function createProject(
  db: Kysely<LedgerTables>,
  project: NewProject,
  furnish: (transaction: Kysely<LedgerTables>, created: Project) => Promise<void> = async () => {},
): Promise<Creation> {
  return db.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${project.targetStore}))`.execute(transaction);
    const rival = await overlapping(transaction, project);
    if (rival !== null) {
      return {
        created: false,
        reason: 'entities-overlap',
        message: `project ${rival} already moves the same entities into this target store; give the two different entities, or delete that project`,
      };
    }
    const { rows } = await sql<Project>`
      INSERT INTO projects (slug, mapping, options, source_key, target_store)
      VALUES (${project.slug}, ${JSON.stringify(project.mapping)}::jsonb, ${JSON.stringify(project.options)}::jsonb,
        ${project.sourceKey}, ${project.targetStore})
      ON CONFLICT (slug) DO NOTHING RETURNING ${COLUMNS}`.execute(transaction);
    const [created] = rows;
    if (created === undefined) return nameTaken(transaction, project.slug);
    await keepMapping(transaction, created.id, created.mappingVersion, project.mapping, 'project');
    await furnish(transaction, created);
    return { created: true, project: created };
  });
}

async function nameTaken(db: QueryExecutorProvider, slug: string): Promise<Creation> {
  const { rows } = await sql<{
    deleted: boolean;
  }>`SELECT deleted_at IS NOT NULL AS deleted FROM projects WHERE slug = ${slug}`.execute(db);
  if (rows[0]?.deleted === true) {
    return {
      created: false,
      reason: 'name-of-a-deleted-project',
      message: `a deleted project was called ${slug}; names are never used again, choose another`,
    };
  }
  return {
    created: false,
    reason: 'name-taken',
    message: `there is a project called ${slug} already; choose another name`,
  };
}

async function overlapping(db: QueryExecutorProvider, project: NewProject): Promise<string | null> {
  const { rows } = await sql<{ slug: string; mapping: Mapping }>`
    SELECT slug, mapping FROM projects
    WHERE target_store = ${project.targetStore} AND deleted_at IS NULL AND slug <> ${project.slug}`.execute(db);
  const wanted = new Set(moves(project.mapping));
  return rows.find((row) => moves(row.mapping).some((entity) => wanted.has(entity)))?.slug ?? null;
}

function moves(mapping: Mapping) {
  return ENTITIES.filter((entity) => takesPart(mapping, entity));
}

export async function getProject(db: QueryExecutorProvider, slug: string): Promise<Project | null> {
  const { rows } =
    await sql<Project>`SELECT ${COLUMNS} FROM projects WHERE slug = ${slug} AND deleted_at IS NULL`.execute(db);
  return rows[0] ?? null;
}

/** In order of creation; `after` is the id of the last one seen. */
export async function listProjects(
  db: QueryExecutorProvider,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly Project[]> {
  const { rows } = await sql<Project>`
    SELECT ${COLUMNS} FROM projects WHERE deleted_at IS NULL AND id > ${page.after} ORDER BY id LIMIT ${page.limit}`.execute(
    db,
  );
  return rows;
}

export async function saveProfiles(
  db: QueryExecutorProvider,
  projectId: number,
  source: object,
  target: object,
): Promise<void> {
  await sql`
    UPDATE projects SET source_profile = ${JSON.stringify(source)}::jsonb, target_profile = ${JSON.stringify(target)}::jsonb,
      updated_at = clock_timestamp()
    WHERE id = ${projectId}`.execute(db);
}

/** Stops all writes of a project at their next claim, and says why; null goes on. */
export async function setPause(db: QueryExecutorProvider, projectId: number, reason: string | null): Promise<void> {
  await sql`
    UPDATE projects SET paused_at = CASE WHEN ${reason}::text IS NULL THEN NULL ELSE coalesce(paused_at, clock_timestamp()) END,
      resumed_at = CASE WHEN ${reason}::text IS NULL AND paused_at IS NOT NULL THEN clock_timestamp() ELSE resumed_at END,
      pause_reason = ${reason}, updated_at = clock_timestamp()
    WHERE id = ${projectId}`.execute(db);
}

/** What a person must look at, as the workflow will say it too. */
export async function setAttention(db: QueryExecutorProvider, projectId: number, attention: string): Promise<void> {
  await sql`
    UPDATE projects SET attention = ${attention}, updated_at = clock_timestamp()
    WHERE id = ${projectId} AND paused_at IS NULL`.execute(db);
}

export async function isPaused(db: QueryExecutorProvider, projectId: number): Promise<boolean> {
  const { rows } = await sql<{
    paused: boolean;
  }>`SELECT paused_at IS NOT NULL AS paused FROM projects WHERE id = ${projectId}`.execute(db);
  return rows[0]?.paused ?? false;
}

/** What a project knew of its records goes, values above all; its name, runs, decisions and history stay. */
export const FORGOTTEN = [
  'records',
  'parts',
  'children',
  'record_references',
  'urls',
  'places',
  'open_links',
  'assessments',
  'metric_samples',
  'adjustments',
  'report_items',
  'dead_letters',
  'changes',
  'change_waits',
  'hints',
  'watermarks',
  'key_reservations',
  'intents',
  'gate_tokens',
  'alert_deliveries',
  'alert_standings',
  'alert_targets',
  'alerts',
  'project_hooks',
  'source_hooks',
  'hook_deliveries',
  'schedules',
  'announcements',
  'connections',
] as const;

/** Returns false when there is no such project, or a run is open. */
export async function deleteProject(
  db: Kysely<LedgerTables>,
  slug: string,
): Promise<'deleted' | 'unknown' | 'run-open'> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: number; open: boolean }>`
      SELECT id, EXISTS (SELECT FROM runs r WHERE r.project_id = p.id AND r.state = 'running') AS open
      FROM projects p WHERE slug = ${slug} AND deleted_at IS NULL FOR UPDATE`.execute(transaction);
    const project = rows[0];
    if (project === undefined) return 'unknown';
    if (project.open) return 'run-open';
    for (const table of FORGOTTEN) {
      await sql`DELETE FROM ${sql.table(table)} WHERE project_id = ${project.id}`.execute(transaction);
    }
    await sql`UPDATE projects SET deleted_at = clock_timestamp() WHERE id = ${project.id}`.execute(transaction);
    return 'deleted';
  });
}
