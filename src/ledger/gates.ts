import { type QueryExecutorProvider, sql } from 'kysely';
import type { Entity } from '../domain/entity.ts';
import { waitsForApproval } from '../domain/gate-words.ts';
import type { Json } from '../domain/json.ts';
import type { Instant } from '../domain/record.ts';
import { jsonText } from './json-text.ts';
import { notifyChanges } from './queue/notify.ts';

/** A condition that a person must pass before what waits behind it goes on. */
export interface Gate {
  readonly gate: string;
  readonly state: 'open' | 'passed' | 'refused' | 'expired';
  readonly evidence: Json;
  readonly passedBy: string | null;
  readonly madeAt: Instant;
  /** When the evidence is too old to go by; null: never. */
  readonly expiresAt: Instant | null;
}

/** What a change that waits behind the brake on deletes is held for (P7). */
export const MASS_DELETE = 'mass delete';

const massDeleteGate = (entity: Entity) => `mass-delete-${entity}`;

/** Opens the gate of an entity's deletes in a run; a person must look from now on, unless there is something graver to look at. */
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
  await sql`
    UPDATE projects SET attention = ${waitsForApproval(massDeleteGate(entity))}, updated_at = clock_timestamp()
    WHERE id = ${projectId} AND paused_at IS NULL AND attention IS NULL`.execute(db);
}

/** Opens a gate of a run, or shows new evidence at one that is open; one that was passed stays so. */
export async function openRunGate(
  db: QueryExecutorProvider,
  { projectId, runId }: { readonly projectId: number; readonly runId: number },
  gate: { readonly name: string; readonly evidence: Json; readonly livesMs: number },
): Promise<void> {
  await sql`
    INSERT INTO gates (project_id, run_id, name, state, evidence, expires_at)
    VALUES (${projectId}, ${runId}, ${gate.name}, 'open', ${jsonText(gate.evidence)}::jsonb,
      clock_timestamp() + ${gate.livesMs} * interval '1 millisecond')
    ON CONFLICT (project_id, run_id, name) DO UPDATE SET state = 'open', evidence = excluded.evidence,
      made_at = clock_timestamp(), expires_at = excluded.expires_at WHERE gates.state <> 'passed'`.execute(db);
}

/** A gate of a run that its own rule passes: said so, with what it was passed on. */
export async function passByRule(
  db: QueryExecutorProvider,
  { projectId, runId }: { readonly projectId: number; readonly runId: number },
  gate: { readonly name: string; readonly evidence: Json },
): Promise<void> {
  await sql`
    INSERT INTO gates (project_id, run_id, name, state, evidence, passed_by)
    VALUES (${projectId}, ${runId}, ${gate.name}, 'passed', ${jsonText(gate.evidence)}::jsonb, 'rule')
    ON CONFLICT (project_id, run_id, name) DO UPDATE SET state = 'passed', passed_by = 'rule', evidence = excluded.evidence
      WHERE gates.state <> 'passed'`.execute(db);
}

export async function gateState(
  db: QueryExecutorProvider,
  { projectId, runId }: { readonly projectId: number; readonly runId: number },
  name: string,
): Promise<Gate['state'] | null> {
  const { rows } = await sql<Pick<Gate, 'state'>>`
    SELECT ${STATE} AS state FROM gates WHERE project_id = ${projectId} AND run_id = ${runId} AND name = ${name}`.execute(
    db,
  );
  return rows[0]?.state ?? null;
}

/** A run that ends leaves no gate open that would let nothing go. */
export async function closeRunGates(db: QueryExecutorProvider, runId: number): Promise<void> {
  await sql`UPDATE gates SET state = 'expired' WHERE run_id = ${runId} AND state = 'open' AND expires_at IS NOT NULL`.execute(
    db,
  );
}

/** A gate on deletes that nothing lies behind any more, as the source has the records again, calls nobody (P7). */
export async function closeIdleDeleteGates(db: QueryExecutorProvider, projectId: number): Promise<void> {
  await sql`
    UPDATE gates g SET state = 'expired'
    WHERE g.project_id = ${projectId} AND g.state = 'open' AND starts_with(g.name, 'mass-delete-') AND NOT EXISTS (
      SELECT FROM changes c WHERE c.project_id = ${projectId} AND c.state = 'held' AND c.state_reason = ${MASS_DELETE}
        AND 'mass-delete-' || c.entity = g.name)`.execute(db);
}

const STATE = sql`CASE WHEN state = 'open' AND expires_at <= clock_timestamp() THEN 'expired' ELSE state END`;
const COLUMNS = sql`name AS gate, ${STATE} AS state, evidence, passed_by AS "passedBy", made_at AS "madeAt", expires_at AS "expiresAt"`;

/** Where a page of gates ended. */
interface GateKey {
  readonly runId: number;
  readonly gate: string;
}

/** Those of the newest run first, by name within a run: a gate keeps its place when it is opened anew. `after` is the last one seen. */
export async function listGates(
  db: QueryExecutorProvider,
  projectId: number,
  page: { readonly after: GateKey | null; readonly limit: number },
): Promise<readonly (Gate & GateKey)[]> {
  const { runId = null, gate = null } = page.after ?? {};
  const { rows } = await sql<Gate & GateKey>`
    SELECT ${COLUMNS}, run_id AS "runId" FROM gates
    WHERE project_id = ${projectId}
      AND (${runId}::bigint IS NULL OR run_id < ${runId}::bigint OR run_id = ${runId}::bigint AND name > ${gate}::text)
    ORDER BY run_id DESC, name LIMIT ${page.limit}`.execute(db);
  return rows;
}

/** A gate that waits for a person now. */
export interface OpenGate {
  readonly gate: string;
  /** When it was opened, or its evidence gathered anew. */
  readonly since: Instant;
  /** A run does not go on before it is passed; else it holds back only what lies behind it. */
  readonly holdsRun: boolean;
}

/** Those that hold a run first, then the newest. A gate that two runs left open is named once. */
export async function openGates(db: QueryExecutorProvider, projectId: number): Promise<readonly OpenGate[]> {
  const { rows } = await sql<OpenGate>`
    SELECT name AS gate, max(made_at) AS since, bool_or(expires_at IS NOT NULL) AS "holdsRun"
    FROM gates WHERE project_id = ${projectId} AND ${STATE} = 'open'
    GROUP BY name ORDER BY "holdsRun" DESC, since DESC, name`.execute(db);
  return rows;
}

/** The newest gate of this name. */
export async function latestGate(db: QueryExecutorProvider, projectId: number, name: string): Promise<Gate | null> {
  const { rows } = await sql<Gate>`
    SELECT ${COLUMNS} FROM gates WHERE project_id = ${projectId} AND name = ${name} ORDER BY made_at DESC LIMIT 1`.execute(
    db,
  );
  return rows[0] ?? null;
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
    WHERE project_id = ${projectId} AND name = ${gate} AND state = 'open' AND coalesce(expires_at > clock_timestamp(), true)
    RETURNING name`.execute(transaction);
  if (rows.length === 0) return null;
  const { rows: freed } = await sql`
    UPDATE changes SET state = 'ready', state_reason = NULL, not_before = NULL, reason = 'decision', generation = generation + 1
    WHERE project_id = ${projectId} AND state = 'held' AND state_reason = ${MASS_DELETE}
      AND 'mass-delete-' || entity = ${gate} RETURNING id`.execute(transaction);
  await notifyChanges(transaction, projectId);
  return freed.length;
}
