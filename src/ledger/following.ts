import { type QueryExecutorProvider, sql } from 'kysely';
import { notifyChanges } from './queue/notify.ts';

/** How a run stands that follows its source until it is told not to. */
export interface Following {
  readonly paused: boolean;
  /** It is to bring over what is there, and end. */
  readonly finishing: boolean;
  /** Nothing happens: whoever brings news wakes it. */
  readonly parked: boolean;
}

export async function followingOf(db: QueryExecutorProvider, runId: number): Promise<Following> {
  const { rows } = await sql<Following>`
    SELECT p.paused_at IS NOT NULL AS paused, r.finishing, r.parked
    FROM runs r JOIN projects p ON p.id = r.project_id WHERE r.id = ${runId}`.execute(db);
  return rows[0] ?? { paused: false, finishing: true, parked: false };
}

/** Tells the active run of the project to end when it has brought over what is there; told again it changes nothing. */
export async function finishRun(transaction: QueryExecutorProvider, projectId: number): Promise<void> {
  await sql`
    UPDATE runs SET finishing = true, parked = false
    WHERE project_id = ${projectId} AND state = 'running' AND kind = 'continuous'`.execute(transaction);
  await notifyChanges(transaction, projectId);
}

/**
 * Parks a run that has nothing to do; false: something came. Parked first and looked at then, so that what comes in between
 * either finds it parked and wakes it, or is found here.
 */
export async function park(db: QueryExecutorProvider, run: { projectId: number; runId: number }): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    UPDATE runs SET parked = true WHERE id = ${run.runId} AND state = 'running' AND NOT finishing RETURNING id`.execute(
    db,
  );
  if (rows.length === 0) return false;
  const { rows: news } = await sql<{ any: boolean }>`
    SELECT EXISTS (SELECT FROM hints WHERE project_id = ${run.projectId})
      OR EXISTS (SELECT FROM changes WHERE project_id = ${run.projectId} AND state <> 'held') AS any`.execute(db);
  if (news[0]?.any !== true) return true;
  await unpark(db, run.projectId);
  return false;
}

/** The run of the project that was parked until now; null: none was, or somebody else has woken it. */
export async function unpark(
  db: QueryExecutorProvider,
  projectId: number,
): Promise<{ readonly project: string; readonly run: string } | null> {
  const { rows } = await sql<{ project: string; run: string }>`
    UPDATE runs r SET parked = false FROM projects p
    WHERE p.id = r.project_id AND r.project_id = ${projectId} AND r.state = 'running' AND r.parked
    RETURNING p.slug AS project, r.kind || '-' || r.number AS run`.execute(db);
  return rows[0] ?? null;
}
