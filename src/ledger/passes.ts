import { type QueryExecutorProvider, sql } from 'kysely';
import type { Json } from '../domain/json.ts';
import type { Instant } from '../domain/record.ts';
import { jsonText } from './json-text.ts';

/** `waiting`: for a gate; `stopped`: a rule is broken, a person must look. */
export type PassState = 'copying' | 'waiting' | 'stopped' | 'passed';

export interface Pass {
  readonly number: number;
  readonly name: string;
  readonly state: PassState;
  readonly startedAt: Instant;
  readonly endedAt: Instant | null;
  readonly note: Json;
}

/** Opens a pass, and what was read ahead is due; one that is open stays as it is. */
export async function openPass(
  db: QueryExecutorProvider,
  runId: number,
  { number, name }: { readonly number: number; readonly name: string },
): Promise<void> {
  await sql`
    WITH opened AS (
      INSERT INTO passes (run_id, number, name) VALUES (${runId}, ${number}, ${name}) ON CONFLICT DO NOTHING RETURNING run_id
    )
    UPDATE changes c SET ahead = false FROM opened JOIN runs r ON r.id = opened.run_id
    WHERE c.project_id = r.project_id AND c.ahead`.execute(db);
}

/** What a pass came to; told again, the last word counts. */
export async function notePass(
  db: QueryExecutorProvider,
  runId: number,
  number: number,
  { state, note }: { readonly state: PassState; readonly note: Json },
): Promise<void> {
  await sql`
    UPDATE passes SET state = ${state}, note = ${jsonText(note)}::jsonb,
      ended_at = CASE WHEN ${state} = 'passed' THEN coalesce(ended_at, clock_timestamp()) END
    WHERE run_id = ${runId} AND number = ${number}`.execute(db);
}

const COLUMNS = sql`number, name, state, started_at AS "startedAt", ended_at AS "endedAt", note`;

/** In their order; `after` is the number of the last one seen. */
export async function listPasses(
  db: QueryExecutorProvider,
  runId: number,
  page: { readonly after: number; readonly limit: number },
): Promise<readonly Pass[]> {
  const { rows } = await sql<Pass>`
    SELECT ${COLUMNS} FROM passes WHERE run_id = ${runId} AND number > ${page.after}::bigint ORDER BY number LIMIT ${page.limit}`.execute(
    db,
  );
  return rows;
}

export async function getPass(db: QueryExecutorProvider, runId: number, number: number): Promise<Pass | null> {
  const { rows } =
    await sql<Pass>`SELECT ${COLUMNS} FROM passes WHERE run_id = ${runId} AND number = ${number}`.execute(db);
  return rows[0] ?? null;
}

export async function latestPass(db: QueryExecutorProvider, runId: number): Promise<Pass | null> {
  const { rows } = await sql<Pass>`
    SELECT ${COLUMNS} FROM passes WHERE run_id = ${runId} ORDER BY number DESC LIMIT 1`.execute(db);
  return rows[0] ?? null;
}
