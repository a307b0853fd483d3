import { randomBytes } from 'node:crypto';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { Instant } from '../domain/record.ts';
import { LostSealingKey, openSealed, seal, sealingKeyId } from './sealing.ts';

const SECRET_BYTES = 32;
const MARK_BYTES = 6;
/** Whoever holds a project's hooks and dies lets go of them after this long. */
const HELD_SECONDS = 120;

/** What a project's webhooks are known by. */
export interface HookKeys {
  /** Part of the name of each of ours at the source. */
  readonly mark: string;
  readonly secret: string;
}

export type HookState = 'active' | 'disabled' | 'paused' | 'gone';

const owner = (slug: string): string => `${slug}/hooks`;

/**
 * The project's secret and mark, made at the first call. A secret that was sealed with a key that is lost is replaced; hooks
 * that were noted with it are forgotten, so that all of them get the new one.
 */
export async function ensureHookKeys(
  db: QueryExecutorProvider,
  key: Buffer,
  { id, slug }: { readonly id: number; readonly slug: string },
): Promise<HookKeys> {
  const fresh = { secret: randomBytes(SECRET_BYTES).toString('hex'), mark: randomBytes(MARK_BYTES).toString('hex') };
  const sealed = seal(key, owner(slug), { secret: fresh.secret });
  await sql`
    INSERT INTO project_hooks (project_id, mark, sealed, sealing_key_id)
    VALUES (${id}, ${fresh.mark}, ${sealed}, ${sealingKeyId(key)}) ON CONFLICT (project_id) DO NOTHING`.execute(db);
  const kept = await readKeys(db, key, { id, slug });
  if (kept !== null) return kept;
  const { rows } = await sql<{ mark: string }>`
    WITH forgotten AS (DELETE FROM source_hooks WHERE project_id = ${id})
    UPDATE project_hooks SET sealed = ${sealed}, sealing_key_id = ${sealingKeyId(key)} WHERE project_id = ${id}
    RETURNING mark`.execute(db);
  return { secret: fresh.secret, mark: rows[0]?.mark ?? fresh.mark };
}

/** Null: there are none, or the key that they were sealed with is lost. */
export async function readKeys(
  db: QueryExecutorProvider,
  key: Buffer,
  { id, slug }: { readonly id: number; readonly slug: string },
): Promise<HookKeys | null> {
  const { rows } = await sql<{ mark: string; sealed: Buffer }>`
    SELECT mark, sealed FROM project_hooks WHERE project_id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  try {
    return { mark: row.mark, secret: openSealed(key, owner(slug), row.sealed)['secret'] ?? '' };
  } catch (error) {
    if (error instanceof LostSealingKey) return null;
    throw error;
  }
}

/** Takes the project's hooks for whoever changes them at the source; false: somebody else has them now, or there are none. */
export async function holdHooks(db: QueryExecutorProvider, projectId: number): Promise<boolean> {
  const { rows } = await sql`
    UPDATE project_hooks SET held_until = clock_timestamp() + ${HELD_SECONDS} * interval '1 second'
    WHERE project_id = ${projectId} AND held_until <= clock_timestamp() RETURNING project_id`.execute(db);
  return rows.length > 0;
}

export async function releaseHooks(db: QueryExecutorProvider, projectId: number): Promise<void> {
  await sql`UPDATE project_hooks SET held_until = '-infinity' WHERE project_id = ${projectId}`.execute(db);
}

/** The mark of hooks that are registered and were last looked at longer than `olderThanMs` ago, held from here on; else null. */
export async function hooksToLookAt(
  db: QueryExecutorProvider,
  projectId: number,
  olderThanMs: number,
): Promise<string | null> {
  const { rows } = await sql<{ mark: string }>`
    UPDATE project_hooks SET checked_at = clock_timestamp(), held_until = clock_timestamp() + ${HELD_SECONDS} * interval '1 second'
    WHERE project_id = ${projectId} AND url IS NOT NULL AND held_until <= clock_timestamp()
      AND coalesce(checked_at <= clock_timestamp() - ${olderThanMs} * interval '1 millisecond', true)
    RETURNING mark`.execute(db);
  return rows[0]?.mark ?? null;
}

/** Where the source delivers to from now on. */
export async function setHookUrl(db: QueryExecutorProvider, projectId: number, url: string): Promise<void> {
  await sql`
    UPDATE project_hooks SET url = ${url}, checked_at = clock_timestamp(), trouble = NULL
    WHERE project_id = ${projectId}`.execute(db);
}

/** Whether that is news. */
export async function noteTrouble(
  db: QueryExecutorProvider,
  projectId: number,
  trouble: string | null,
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE project_hooks SET trouble = ${trouble}
    WHERE project_id = ${projectId} AND trouble IS DISTINCT FROM ${trouble} RETURNING project_id`.execute(db);
  return rows.length > 0;
}

export interface NotedHook {
  readonly topic: string;
  readonly hookId: string;
  readonly state: HookState;
}

export async function notedHooks(db: QueryExecutorProvider, projectId: number): Promise<readonly NotedHook[]> {
  const { rows } = await sql<NotedHook>`
    SELECT topic, hook_id AS "hookId", state FROM source_hooks WHERE project_id = ${projectId} ORDER BY topic`.execute(
    db,
  );
  return rows;
}

/** @param enabledAgain it had been disabled, and is active by our doing */
export async function noteHook(
  db: QueryExecutorProvider,
  projectId: number,
  { topic, hookId, state }: NotedHook,
  enabledAgain = false,
): Promise<void> {
  await sql`
    INSERT INTO source_hooks AS h (project_id, topic, hook_id, state, enabled_again_at)
    VALUES (${projectId}, ${topic}, ${hookId}, ${state}, CASE WHEN ${enabledAgain} THEN clock_timestamp() END)
    ON CONFLICT (project_id, topic) DO UPDATE SET hook_id = excluded.hook_id, state = excluded.state,
      enabled_again_at = coalesce(excluded.enabled_again_at, h.enabled_again_at)`.execute(db);
}

/** Those of the topics, or all with the secret: what is signed with it from then on comes from nobody. */
export async function forgetHooks(
  db: QueryExecutorProvider,
  projectId: number,
  topics: readonly string[] | 'all',
): Promise<void> {
  const all = topics === 'all';
  await sql`
    WITH keys AS (DELETE FROM project_hooks WHERE project_id = ${projectId} AND ${all})
    DELETE FROM source_hooks WHERE project_id = ${projectId} AND (${all} OR topic = ANY (${all ? [] : topics}::text[]))`.execute(
    db,
  );
}

/** A project's hooks as they may be shown. */
export interface HooksView {
  readonly url: string | null;
  readonly checkedAt: Instant | null;
  readonly trouble: string | null;
  readonly hooks: readonly {
    readonly topic: string;
    readonly hookId: string;
    readonly state: HookState;
    readonly enabledAgainAt: Instant | null;
    /** Signed or not. */
    readonly lastDeliveryAt: Instant | null;
    readonly lastVerifiedAt: Instant | null;
    /** Verified, repeats included. */
    readonly verified: number;
    readonly rejected: number;
  }[];
}

export async function hooksView(db: QueryExecutorProvider, projectId: number): Promise<HooksView> {
  const { rows: projects } = await sql<Pick<HooksView, 'url' | 'checkedAt' | 'trouble'>>`
    SELECT url, checked_at AS "checkedAt", trouble FROM project_hooks WHERE project_id = ${projectId}`.execute(db);
  const { rows: hooks } = await sql<HooksView['hooks'][number]>`
    SELECT h.topic, h.hook_id AS "hookId", h.state, h.enabled_again_at AS "enabledAgainAt",
      max(d.last_at) AS "lastDeliveryAt", max(d.last_at) FILTER (WHERE d.outcome <> 'rejected') AS "lastVerifiedAt",
      coalesce(sum(d.count) FILTER (WHERE d.outcome <> 'rejected'), 0)::float8 AS verified,
      coalesce(sum(d.count) FILTER (WHERE d.outcome = 'rejected'), 0)::float8 AS rejected
    FROM source_hooks h LEFT JOIN hook_deliveries d ON d.project_id = h.project_id AND d.topic = h.topic
    WHERE h.project_id = ${projectId}
    GROUP BY h.project_id, h.topic ORDER BY h.topic`.execute(db);
  const { url = null, checkedAt = null, trouble = null } = projects[0] ?? {};
  return { url, checkedAt, trouble, hooks };
}
