import { type Kysely, sql } from 'kysely';
import type { Guards } from '../../src/domain/guards.ts';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import type { LedgerTables } from '../../src/ledger/tables.ts';
import { type LedgerUnderTest, TIMES } from './scenario.ts';

/**
 * The real ledger on real PostgreSQL, a project and target store of its own per story. Time is moved by moving the rows:
 * every stamp of the project goes back, so that PostgreSQL's own clock judges leases and settle times as it always does.
 */
export async function postgresUnderTest(
  db: Kysely<LedgerTables>,
  seed: number,
  guards: Guards,
): Promise<LedgerUnderTest> {
  const targetStore = `model:${seed}`;
  const { rows } = await sql<{ id: number }>`
    INSERT INTO projects (slug, mapping, source_key, target_store) VALUES (${`story-${seed}`}, '{}', 'src', ${targetStore}) RETURNING id`.execute(
    db,
  );
  const projectId = rows[0]?.id ?? 0;
  let shiftMs = 0;
  const onStoryClock = (instant: string) => new Date(Date.parse(instant) + shiftMs).toISOString();
  const ledger = createProjectLedger(db, { projectId, targetStore, runId: null, leaseMs: TIMES.leaseMs }, guards);
  return {
    ledger: {
      ...ledger,
      // Stamps that a worker holds in its hand do not move with the rows: it is given them on the story's own clock.
      clock: async () => new Date(Date.now() + shiftMs).toISOString(),
      load: async (claims) => {
        const context = await ledger.load(claims);
        const records = new Map(
          [...context.records].map(([key, record]) => [key, { ...record, appliedAt: onStoryClock(record.appliedAt) }]),
        );
        const intents = new Map(
          [...context.intents].map(([key, open]) => [
            key,
            open.map((intent) => ({ ...intent, madeAt: onStoryClock(intent.madeAt) })),
          ]),
        );
        return { ...context, records, intents };
      },
      foreignEdits: {
        ...ledger.foreignEdits,
        chain: async (entity) => {
          const chain = await ledger.foreignEdits.chain(entity);
          return chain === null
            ? null
            : { ...chain, from: onStoryClock(chain.from), polledAt: onStoryClock(chain.polledAt) };
        },
        note: (entity, seenAt, states, extendsChain) =>
          ledger.foreignEdits.note(entity, new Date(Date.parse(seenAt) - shiftMs).toISOString(), states, extendsChain),
      },
    },
    leaseMs: TIMES.leaseMs,
    clock: () => Date.now() + shiftMs,
    advance: async (ms) => {
      shiftMs += ms;
      const by = sql`${ms} * interval '1 millisecond'`;
      await sql`UPDATE changes SET lease_until = lease_until - ${by}, not_before = not_before - ${by} WHERE project_id = ${projectId}`.execute(
        db,
      );
      await sql`UPDATE intents SET made_at = made_at - ${by}, sent_until = sent_until - ${by} WHERE project_id = ${projectId} AND resolved_at IS NULL`.execute(
        db,
      );
      await sql`UPDATE records SET applied_at = applied_at - ${by} WHERE project_id = ${projectId}`.execute(db);
      await sql`UPDATE target_polls SET chain_from = chain_from - ${by}, polled_at = polled_at - ${by} WHERE target_store = ${targetStore}`.execute(
        db,
      );
    },
    view: async () => {
      const records = await sql<{ source_id: string; target_id: string }>`
        SELECT source_id, target_id FROM records WHERE project_id = ${projectId} AND state = 'live' AND target_id IS NOT NULL`.execute(
        db,
      );
      const queue = await sql<{ source_id: string; state: string; state_reason: string | null }>`
        SELECT source_id, state, state_reason FROM changes WHERE project_id = ${projectId}`.execute(db);
      return {
        pairs: new Map(records.rows.map((row) => [row.source_id, row.target_id])),
        queue: queue.rows.map((row) => ({ sourceId: row.source_id, state: row.state, reason: row.state_reason })),
      };
    },
  };
}
