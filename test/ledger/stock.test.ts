import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stockOf } from '../../src/ledger/records/stock.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

let ledger: LedgerUnderTest;
let projectId: number;
beforeAll(async () => {
  ledger = await openTestLedger();
});
beforeEach(async () => {
  projectId = (await makeProject(ledger, `stock-${Math.random().toString(36).slice(2, 8)}`)).id;
});
afterAll(() => ledger.close());

/** Levels `from` to `to`, in this state at the target, each of the product of its number. */
async function levels(from: number, to: number, state = 'live') {
  await sql`
    INSERT INTO records (project_id, target_store, entity, source_id, target_id, state, read_start, read_end)
    SELECT ${projectId}, ${`store-${projectId}`}, 'stock', n::text, n::text, ${state}, 1, 1
    FROM generate_series(${from}::integer, ${to}::integer) AS n`.execute(ledger.db);
  await referrers('stock', from, to, sql`n::text`);
}

async function referrers(entity: string, from: number, to: number, product: ReturnType<typeof sql>) {
  await sql`
    INSERT INTO record_references (project_id, entity, source_id, field, kind, to_entity, to_source_id)
    SELECT ${projectId}, ${entity}, n::text, 'product', 'hard', 'product', ${product}
    FROM generate_series(${from}::integer, ${to}::integer) AS n`.execute(ledger.db);
}

const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => String(from + at));

/** Pages of the tables and indexes that a level is looked up in, which were looked at so far. */
async function pagesSoFar(): Promise<number> {
  await sql`SELECT pg_stat_force_next_flush()`.execute(ledger.db);
  const { rows } = await sql<{ pages: number }>`
    SELECT sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)::integer AS pages
    FROM pg_statio_user_tables WHERE relname IN ('records', 'record_references')`.execute(ledger.db);
  return rows[0]?.pages ?? 0;
}

describe('levels of products', () => {
  it('are those that were set at the target, of these products and this project', async () => {
    await levels(1, 3);
    await levels(4, 4, 'skipped');
    await referrers('review', 2, 2, sql`'2'`);
    const other = projectId;
    projectId = (await makeProject(ledger, `stock-other-${other}`)).id;
    await levels(3, 3);
    expect(await stockOf(ledger.db, other, ['2', '3', '4', '5'])).toEqual([
      { ref: { entity: 'stock', sourceId: '2' }, product: '2' },
      { ref: { entity: 'stock', sourceId: '3' }, product: '3' },
    ]);
    expect(await stockOf(ledger.db, other, [])).toEqual([]);
  });

  it.each(['as the tables grow', 'once the tables were counted'])('cost what is asked for, %s', async (when) => {
    await levels(1, 3_000);
    // A bestseller: what refers to a product is not gone through to find its levels.
    await referrers('order', 1, 20_000, sql`'7'`);
    if (when !== 'as the tables grow') await sql`ANALYZE records, record_references`.execute(ledger.db);
    const before = await pagesSoFar();
    expect(await stockOf(ledger.db, projectId, ids(1, 300))).toHaveLength(300);
    expect((await pagesSoFar()) - before).toBeLessThan(300 * 5);
  });
});
