import { createHash, randomBytes } from 'node:crypto';
import { type QueryExecutorProvider, sql } from 'kysely';
import type { Instant } from '../domain/record.ts';

/** Long enough to paste it into a runbook's command. */
const LIVES_MINUTES = 15;

export interface GateToken {
  readonly token: string;
  readonly expiresAt: Instant;
}

/** A word that approves one gate once; only its hash is kept. `by`: the key that asked for it. */
export async function makeGateToken(
  db: QueryExecutorProvider,
  projectId: number,
  gate: string,
  by: string,
): Promise<GateToken> {
  const token = randomBytes(24).toString('base64url');
  const { rows } = await sql<{ expires_at: Instant }>`
    INSERT INTO gate_tokens (project_id, gate, token_hash, made_by, expires_at)
    VALUES (${projectId}, ${gate}, ${hashOf(token)}, ${by}, clock_timestamp() + ${LIVES_MINUTES} * interval '1 minute')
    RETURNING expires_at`.execute(db);
  return { token, expiresAt: rows[0]?.expires_at ?? '' };
}

/** Uses a token up; returns who asked for it, null when it is none, used, too old or of another gate. */
export async function useGateToken(
  transaction: QueryExecutorProvider,
  projectId: number,
  gate: string,
  token: string,
): Promise<string | null> {
  await sql`DELETE FROM gate_tokens WHERE expires_at <= clock_timestamp()`.execute(transaction);
  const { rows } = await sql<{ made_by: string }>`
    DELETE FROM gate_tokens WHERE project_id = ${projectId} AND gate = ${gate} AND token_hash = ${hashOf(token)}
    RETURNING made_by`.execute(transaction);
  return rows[0]?.made_by ?? null;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
