import { type QueryExecutorProvider, sql } from 'kysely';
import { type AlertKind, tellRetryMs } from '../../domain/alerts.ts';
import { alertNames, type OpenAlerts } from '../../domain/open-alerts.ts';

/** A project whose workflow has not been told yet which of its alerts are open now. */
export interface Untold {
  readonly projectId: number;
  readonly slug: string;
  /** This one included. */
  readonly attempts: number;
}

/** To be called in the transaction that opens or clears: the workflow is told from its end on. */
export async function noteStanding(db: QueryExecutorProvider, projectId: number): Promise<void> {
  await sql`
    INSERT INTO alert_standings AS s (project_id, version)
    VALUES (${projectId}, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    ON CONFLICT (project_id) DO UPDATE SET version = greatest(s.version + 1, excluded.version), attempts = 0,
      next_at = clock_timestamp()`.execute(db);
}

/** null: none was ever opened. */
export async function openAlerts(db: QueryExecutorProvider, projectId: number): Promise<OpenAlerts | null> {
  // One statement: the version and the rows are of the same moment.
  const { rows } = await sql<{ version: number; open: { kind: AlertKind; subject: string }[] }>`
    SELECT version, (
      SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'subject', subject) ORDER BY id), '[]') FROM alerts
      WHERE project_id = s.project_id AND cleared_at IS NULL) AS open
    FROM alert_standings s WHERE project_id = ${projectId}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { version: row.version, names: alertNames(row.open) };
}

/** Takes the project that is due for longest; who takes it has so long to tell, then another may. */
export async function claimUntold(db: QueryExecutorProvider, leaseMs: number): Promise<Untold | null> {
  const { rows } = await sql<Untold>`
    UPDATE alert_standings s SET attempts = attempts + 1, next_at = clock_timestamp() + ${leaseMs} * interval '1 millisecond'
    FROM projects p
    WHERE p.id = s.project_id AND s.project_id = (
      SELECT u.project_id FROM alert_standings u JOIN projects ON projects.id = u.project_id
      WHERE u.told < u.version AND u.next_at <= clock_timestamp() AND projects.deleted_at IS NULL
      ORDER BY u.next_at LIMIT 1 FOR UPDATE OF u SKIP LOCKED)
    RETURNING s.project_id AS "projectId", p.slug, s.attempts`.execute(db);
  return rows[0] ?? null;
}

/** What came after the version that was told is still to be told. */
export async function noteTold(db: QueryExecutorProvider, projectId: number, version: number): Promise<void> {
  await sql`
    UPDATE alert_standings SET told = greatest(told, ${version}::bigint), attempts = 0 WHERE project_id = ${projectId}`.execute(
    db,
  );
}

/** @param why nobody was told: `no-workflow`, there is none yet, and one that begins reads the ledger; `failed`, Temporal is away */
export async function tellLater(
  db: QueryExecutorProvider,
  { projectId, attempts }: Untold,
  why: 'no-workflow' | 'failed',
): Promise<void> {
  await sql`
    UPDATE alert_standings SET next_at = clock_timestamp() + ${tellRetryMs(attempts, why)} * interval '1 millisecond'
    WHERE project_id = ${projectId} AND attempts = ${attempts}`.execute(db);
}
