import { type Kysely, type QueryExecutorProvider, sql, type Transaction } from 'kysely';
import type { Instant } from '../domain/record.ts';
import type { ScheduleForm } from '../domain/schedule.ts';
import { appendDecision } from './decisions.ts';
import { jsonText } from './json-text.ts';
import type { LedgerTables } from './tables.ts';

export interface Schedule {
  readonly name: string;
  readonly form: ScheduleForm;
  readonly setBy: string;
  readonly setAt: Instant;
}

const COLUMNS = sql`name, form, set_by AS "setBy", set_at AS "setAt"`;

export async function getSchedule(
  db: QueryExecutorProvider,
  projectId: number,
  name: string,
): Promise<Schedule | null> {
  const { rows } = await sql<Schedule>`
    SELECT ${COLUMNS} FROM schedules WHERE project_id = ${projectId} AND name = ${name}`.execute(db);
  return rows[0] ?? null;
}

/** By name; `after` is the name of the last one seen. */
export async function listSchedules(
  db: QueryExecutorProvider,
  projectId: number,
  page: { readonly after: string; readonly limit: number },
): Promise<readonly Schedule[]> {
  const { rows } = await sql<Schedule>`
    SELECT ${COLUMNS} FROM schedules WHERE project_id = ${projectId} AND name COLLATE "C" > ${page.after}
    ORDER BY name COLLATE "C" LIMIT ${page.limit}`.execute(db);
  return rows;
}

/**
 * Changes a project's schedules one at a time, with Temporal told before it is stored: what Temporal refuses is not in the
 * ledger, and what Temporal has and the ledger has not (the process died between the two) takes itself away when it fires.
 */
export async function changingSchedules<T>(
  db: Kysely<LedgerTables>,
  projectId: number,
  change: (transaction: Transaction<LedgerTables>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext(${`schedules of ${projectId}`}))`.execute(transaction);
    return change(transaction);
  });
}

/** Set again with the same form it keeps who set it first, and nothing is decided. */
export async function putSchedule(
  db: QueryExecutorProvider,
  projectId: number,
  { name, form, setBy }: Omit<Schedule, 'setAt'>,
): Promise<void> {
  const { rows } = await sql`
    INSERT INTO schedules AS s (project_id, name, form, set_by)
    VALUES (${projectId}, ${name}, ${jsonText(form)}::jsonb, ${setBy})
    ON CONFLICT (project_id, name) DO UPDATE SET form = excluded.form, set_by = excluded.set_by, set_at = clock_timestamp()
    WHERE s.form <> excluded.form
    RETURNING name`.execute(db);
  if (rows.length > 0) await appendDecision(db, projectId, setBy, `schedule ${name} set`, form);
}

/** False: there is no such schedule. */
export async function removeSchedule(
  db: QueryExecutorProvider,
  projectId: number,
  name: string,
  by: string,
): Promise<boolean> {
  const { rows } = await sql`
    DELETE FROM schedules WHERE project_id = ${projectId} AND name = ${name} RETURNING name`.execute(db);
  if (rows.length > 0) await appendDecision(db, projectId, by, `schedule ${name} removed`);
  return rows.length > 0;
}

/** Tells the decision log of a firing that started no run; told again under the same id it says nothing. */
export async function noteSkipped(
  db: Kysely<LedgerTables>,
  projectId: number,
  firing: { readonly id: string; readonly schedule: string; readonly code: string; readonly why: string },
): Promise<void> {
  const { id, schedule, code, why } = firing;
  await db.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      INSERT INTO idempotency_keys (key, route, request_hash, status, answer)
      VALUES (${`firing:${projectId}:${id}`}, 'schedule', '', 200, 'null'::jsonb)
      ON CONFLICT DO NOTHING RETURNING key`.execute(transaction);
    if (rows.length === 0) return;
    await appendDecision(transaction, projectId, `schedule ${schedule}`, 'scheduled run skipped', { code, why });
  });
}

/** Tells the decision log how many firings were left out since it was told last, because the run was not over. */
export async function noteOverlaps(
  db: Kysely<LedgerTables>,
  projectId: number,
  seen: { readonly schedule: string; readonly run: string; readonly overlaps: number },
): Promise<void> {
  const { schedule, run, overlaps } = seen;
  await db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ before: number }>`
      UPDATE schedules s SET overlaps_noted = ${overlaps} FROM (
        SELECT overlaps_noted AS before FROM schedules WHERE project_id = ${projectId} AND name = ${schedule} FOR UPDATE
      ) was
      WHERE s.project_id = ${projectId} AND s.name = ${schedule} AND was.before <> ${overlaps}
      RETURNING was.before`.execute(transaction);
    const [told] = rows;
    // Fewer than before: the Schedule was made anew, and counts from 0 again.
    const firings = told === undefined ? 0 : overlaps - (overlaps < told.before ? 0 : told.before);
    if (firings === 0) return;
    await appendDecision(transaction, projectId, `schedule ${schedule}`, 'scheduled runs skipped', {
      firings,
      during: run,
    });
  });
}
