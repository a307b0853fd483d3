import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_GUARDS, type Guards } from '../../src/domain/guards.ts';
import { openLedger, type LedgerConnection } from '../../src/ledger/database.ts';
import { migrateLedger } from '../../src/ledger/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { counterExamples } from './counter-examples.ts';
import { postgresUnderTest } from './postgres-under-test.ts';
import { interleave, TIMES } from './scenario.ts';

/** Stories that break the pure core without a guard, of which one must break the real ledger too. */
const TRIED = 25;

describe('interleavings on real PostgreSQL', () => {
  let database: TestDatabase;
  let ledger: LedgerConnection;
  let stories = 1_000_000;
  beforeAll(async () => {
    database = await createTestDatabase();
    ledger = openLedger({ url: database.url, schema: database.schema, maxConnections: 4 });
    await migrateLedger(ledger.db, database.schema);
  });
  afterAll(async () => {
    await ledger.close();
    await database.drop();
  });

  it.each(Object.keys(ALL_GUARDS) as (keyof Guards)[])('break without the guard %s', async (guard) => {
    expect(await breaksLedger({ ...ALL_GUARDS, [guard]: false }, TIMES.settleMs)).toBe(true);
  });

  it('break with a settle time shorter than the latest late commit', async () => {
    expect(await breaksLedger(ALL_GUARDS, TIMES.lateLimitMs / 4)).toBe(true);
  });

  /** The stories that the pure core fails are the ones worth telling here: SQL is slower. */
  async function breaksLedger(guards: Guards, settleMs: number): Promise<boolean> {
    let tried = 0;
    for await (const seed of counterExamples(guards, settleMs)) {
      const underTest = await postgresUnderTest(ledger.db, ++stories, guards);
      if ((await interleave(seed, underTest, guards, settleMs)) !== null) return true;
      if (++tried === TRIED) return false;
    }
    return false;
  }
});
