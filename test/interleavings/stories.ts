import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALL_GUARDS } from '../../src/domain/guards.ts';
import { type LedgerConnection, openLedger } from '../../src/ledger/database.ts';
import { migrateLedger } from '../../src/ledger/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { postgresUnderTest } from './postgres-under-test.ts';
import { interleave } from './scenario.ts';

/** Of the stories on real PostgreSQL; there are two files of them, so that both cores have something to do. */
export const STORIES_PER_FILE = 500;

/** Tells stories on real PostgreSQL one after the other. `STORY_SEED` in the environment is the first instead of `first`. */
export function tellStories(first: number): void {
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

  it(`end with both stores equal in ${STORIES_PER_FILE} seeded stories`, { timeout: 600_000 }, async () => {
    const start = Number(process.env['STORY_SEED'] ?? first);
    for (let seed = start; seed < start + STORIES_PER_FILE; seed++) {
      const wrong = await interleave(seed, await postgresUnderTest(ledger.db, seed, ALL_GUARDS), ALL_GUARDS);
      expect(wrong, `seed ${seed} (again: STORY_SEED=${seed})`).toBeNull();
    }
  });
}
