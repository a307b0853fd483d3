import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_GUARDS } from '../../src/domain/guards.ts';
import { openLedger, type LedgerConnection } from '../../src/ledger/database.ts';
import { migrateLedger } from '../../src/ledger/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { postgresUnderTest } from './postgres-under-test.ts';
import { interleave } from './scenario.ts';

const STORIES = 1_000;

describe('interleavings on real PostgreSQL', () => {
  let database: TestDatabase;
  let ledger: LedgerConnection;
  beforeAll(async () => {
    database = await createTestDatabase();
    ledger = openLedger({ url: database.url, schema: database.schema, maxConnections: 4 });
    await migrateLedger(ledger.db, database.schema);
  });
  afterAll(async () => {
    await ledger.close();
    await database.drop();
  });

  it(`end with both stores equal in ${STORIES} seeded stories`, { timeout: 600_000 }, async () => {
    const first = Number(process.env['STORY_SEED'] ?? 1);
    for (let seed = first; seed < first + STORIES; seed++) {
      const wrong = await interleave(seed, await postgresUnderTest(ledger.db, seed, ALL_GUARDS), ALL_GUARDS);
      expect(wrong, `seed ${seed} (again: STORY_SEED=${seed})`).toBeNull();
    }
  });
});
