import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../domain/entity.ts';
import type { Json } from '../domain/json.ts';
import type { Instant } from '../domain/record.ts';
import { jsonText } from './json-text.ts';

/** A condition that a person must pass before what waits behind it goes on. */
export interface Gate {
  readonly gate: string;
  readonly state: 'open' | 'passed' | 'refused' | 'expired';
  readonly evidence: Json;
  readonly passedBy: string | null;
  readonly madeAt: Instant;
}

/** What a change that waits behind the brake on deletes is held for (P7). */
export const MASS_DELETE = 'mass delete';

const massDeleteGate = (entity: Entity) => `mass-delete-${entity}`;

/** Opens the gate of an entity's deletes in a run. */
export async function openDeleteGate(
  db: QueryExecutorProvider,
  projectId: number,
  runId: number | null,
  entity: Entity,
  evidence: Json,
): Promise<void> {
  await sql`
    INSERT INTO gates (project_id, run_id, name, state, evidence)
    VALUES (${projectId}, ${runId ?? 0}, ${massDeleteGate(entity)}, 'open', ${jsonText(evidence)}::jsonb)
    -- Passed once and too many again: that is another decision.
    ON CONFLICT (project_id, run_id, name) DO UPDATE SET state = 'open', evidence = excluded.evidence, passed_by = NULL,
      made_at = clock_timestamp() WHERE gates.state <> 'open'`.execute(db);
}

/** Newest first. */
export async function listGates(db: QueryExecutorProvider, projectId: number): Promise<readonly Gate[]> {
  const { rows } = await sql<Gate>`
    SELECT name AS gate, state, evidence, passed_by AS "passedBy", made_at AS "madeAt" FROM gates
    WHERE project_id = ${projectId} ORDER BY made_at DESC, name LIMIT 200`.execute(db);
  return rows;
}

/**
 * Passes the open gates of this name and lets go what waits behind them: from now on those changes are a person's decision, in
 * whatever run they are applied. Returns how many changes went on; null when no such gate is open.
 */
export async function passGate(
  transaction: QueryExecutorProvider,
  projectId: number,
  gate: string,
  by: string,
): Promise<number | null> {
  const { rows } = await sql`
    UPDATE gates SET state = 'passed', passed_by = ${by}
    WHERE project_id = ${projectId} AND name = ${gate} AND state = 'open' RETURNING name`.execute(transaction);
  if (rows.length === 0) return null;
  const { rows: freed } = await sql`
    UPDATE changes SET state = 'ready', state_reason = NULL, not_before = NULL, reason = 'decision', generation = generation + 1
    WHERE project_id = ${projectId} AND state = 'held' AND state_reason = ${MASS_DELETE}
      AND 'mass-delete-' || entity = ${gate} RETURNING id`.execute(transaction);
  await sql`SELECT pg_notify('storeferry_changes', ${String(projectId)})`.execute(transaction);
  return freed.length;
}
