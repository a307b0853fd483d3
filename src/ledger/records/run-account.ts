import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { Entity } from '../../domain/entity.ts';
import type { Settlement } from '../apply-ledger.ts';
import { refArrays } from '../queue/rows.ts';

/** One line of an account: so many distinct records of an entity ended with this word, or wait for this reason. */
export interface AccountLine {
  readonly entity: Entity;
  /** Of a settlement: created, restored, updated, deleted, archived, released, unchanged, stale, ignored, conflict ... ; `waiting`; `unexplained`. */
  readonly word: string;
  /** Why it waits; null for the others. */
  readonly reason: string | null;
  readonly count: number;
}

/** `seen` = the sum of the lines. Closed: none of them is `unexplained`. */
export interface RunAccount {
  readonly seen: number;
  readonly lines: readonly AccountLine[];
  readonly closed: boolean;
}

/** What was in the queue before a recent run began is carried over into its account. */
export async function carryOver(db: QueryExecutorProvider, projectId: number, runId: number): Promise<void> {
  await sql`
    INSERT INTO run_records (run_id, entity, source_id)
    SELECT ${runId}, entity, source_id FROM changes WHERE project_id = ${projectId} ON CONFLICT DO NOTHING`.execute(db);
}

/** A record that comes again does not lose what it was before: one that was created and changed is a created one. */
const KEEPS = sql`(r.word IS NOT NULL AND w.word IN ('unchanged', 'stale') OR coalesce(r.word, '') IN ('created', 'restored') AND w.word = 'updated')`;

/** The statement that gives records which a recent run settled their word; of other kinds there are none. */
export function wordsOfRecords(runId: number, settlements: readonly Settlement[]): RawBuilder<unknown> {
  const worded = settlements.flatMap(({ claim, account }) => (account === null ? [] : [{ ref: claim.ref, account }]));
  const { entities, sourceIds } = refArrays(worded.map(({ ref }) => ref));
  return sql`
    UPDATE run_records r SET word = w.word
    FROM unnest(${entities}::text[], ${sourceIds}::text[], ${worded.map(({ account }) => account)}::text[]) AS w (entity, source_id, word)
    WHERE r.run_id = ${runId} AND r.entity = w.entity AND r.source_id = w.source_id AND NOT ${KEEPS}`;
}

/** The account over distinct records of a recent run: what has no word must wait in the queue, for a reason that is told. */
export async function accountOf(db: QueryExecutorProvider, projectId: number, runId: number): Promise<RunAccount> {
  const { rows } = await sql<AccountLine>`
    SELECT s.entity, coalesce(s.word, CASE WHEN c.id IS NULL THEN 'unexplained' ELSE 'waiting' END) AS word,
      CASE WHEN s.word IS NULL AND c.id IS NOT NULL THEN coalesce(c.state_reason, c.state) END AS reason, count(*)::integer AS count
    FROM run_records s
    LEFT JOIN changes c ON c.project_id = ${projectId} AND c.entity = s.entity AND c.source_id = s.source_id
    WHERE s.run_id = ${runId} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`.execute(db);
  return {
    seen: rows.reduce((sum, { count }) => sum + count, 0),
    lines: rows,
    closed: rows.every(({ word }) => word !== 'unexplained'),
  };
}

/** Records of an entity that a recent run has seen, for its price. */
export async function seenByEntity(db: QueryExecutorProvider, runId: number): Promise<Partial<Record<Entity, number>>> {
  const { rows } = await sql<{ entity: Entity; count: number }>`
    SELECT entity, count(*)::integer AS count FROM run_records WHERE run_id = ${runId} GROUP BY entity`.execute(db);
  return Object.fromEntries(rows.map(({ entity, count }) => [entity, count]));
}
