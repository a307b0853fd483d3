import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { claimUntold, openAlerts } from '../../src/ledger/alerts/standings.ts';
import { type LedgerConnection, openLedger } from '../../src/ledger/database.ts';
import { LedgerSchemaError, migrateLedger } from '../../src/ledger/migrate.ts';
import { makeProject } from './ledger-under-test.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;
let ledger: LedgerConnection;
beforeEach(async () => {
  database = await createTestDatabase();
  ledger = openLedger({ url: database.url, schema: database.schema, maxConnections: 4 });
});
afterEach(async () => {
  await ledger.close();
  await database.drop();
});

it('applies every migration once, also when two processes start at once', async () => {
  const [one, two] = await Promise.all([migrateLedger(ledger.db), migrateLedger(ledger.db)]);
  const done = [...one, ...two];
  expect(done).toContain('0001_ledger.sql');
  expect(done).toEqual([...new Set(done)].toSorted());
  expect(await migrateLedger(ledger.db)).toEqual([]);
});

it('makes the schema it is told, and leaves others alone', async () => {
  const aside = openLedger({ url: database.url, schema: 'aside' });
  await migrateLedger(aside.db, 'aside');
  const { rows } = await sql<{ schema: string }>`
    SELECT table_schema AS schema FROM information_schema.tables WHERE table_name = 'changes'`.execute(ledger.db);
  await aside.close();
  expect(rows).toEqual([{ schema: 'aside' }]);
  expect(() => openLedger({ url: database.url, schema: 'a;b' })).toThrow('"a;b" is no schema name');
});

it('refuses a database that a newer version has used, and changes nothing', async () => {
  await migrateLedger(ledger.db);
  await sql`INSERT INTO schema_migrations (name, checksum) VALUES ('9999_later.sql', 'x')`.execute(ledger.db);
  await sql`DELETE FROM schema_migrations WHERE name = '0002_quota.sql'`.execute(ledger.db);
  const refused = migrateLedger(ledger.db);
  await expect(refused).rejects.toThrow(LedgerSchemaError);
  await expect(refused).rejects.toThrow('migration 9999_later.sql, which this version of Storeferry does not know');
  const { rows } = await sql`SELECT FROM schema_migrations WHERE name = '0002_quota.sql'`.execute(ledger.db);
  expect(rows).toEqual([]);
});

it('refuses a database whose migrations were other ones', async () => {
  await migrateLedger(ledger.db);
  await sql`UPDATE schema_migrations SET checksum = 'feedfeedfeedfeed' WHERE name = '0001_ledger.sql'`.execute(
    ledger.db,
  );
  const refused = migrateLedger(ledger.db);
  await expect(refused).rejects.toThrow(LedgerSchemaError);
  await expect(refused).rejects.toThrow(/0001_ledger\.sql .* expected checksum [0-9a-f]{12}, found feedfeedfeed\./);
});

it('has the workflows told of alerts that were open when this became known', async () => {
  await migrateLedger(ledger.db);
  for (const [slug, cleared] of [
    ['open', null],
    ['over', new Date()],
  ] as const) {
    const { id } = await makeProject(ledger, slug);
    await sql`INSERT INTO alerts (project_id, kind, message, evidence, cleared_at)
      VALUES (${id}, 'no-progress', 'nothing moves', '{}', ${cleared}::timestamptz)`.execute(ledger.db);
  }
  await sql`DROP TABLE alert_standings`.execute(ledger.db);
  await sql`DELETE FROM schema_migrations WHERE name = '0029_alert_standings.sql'`.execute(ledger.db);
  expect(await migrateLedger(ledger.db)).toEqual(['0029_alert_standings.sql']);
  const untold = await claimUntold(ledger.db, 60_000);
  expect(untold?.slug).toBe('open');
  expect((await openAlerts(ledger.db, untold?.projectId ?? 0))?.names).toEqual(['no-progress']);
  expect(await claimUntold(ledger.db, 60_000)).toBeNull();
});
