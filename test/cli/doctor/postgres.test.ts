import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkDatabase } from '../../../src/cli/doctor/postgres.ts';
import { openLedger } from '../../../src/ledger/database.ts';
import type { LedgerConnection } from '../../../src/ledger/database.ts';
import { migrateLedger } from '../../../src/ledger/migrate.ts';
import { freePorts } from '../../support/free-port.ts';
import { createTestDatabase } from '../../support/postgres.ts';
import type { TestDatabase } from '../../support/postgres.ts';

let database: TestDatabase;
let ledger: LedgerConnection;
beforeEach(async () => {
  database = await createTestDatabase();
  ledger = openLedger({ url: database.url });
});
afterEach(async () => {
  await ledger.close();
  await database.drop();
});

async function look(url = database.url) {
  const { checks, sealingKeyIds } = await checkDatabase(url, 'there');
  return { sealingKeyIds, checks: Object.fromEntries(checks.map(({ name, ...rest }) => [name, rest])) };
}

it('finds a database whose ledger is up to date', async () => {
  const applied = await migrateLedger(ledger.db);
  const { checks } = await look();
  expect(checks['postgres']).toEqual({
    state: 'ok',
    found: expect.stringMatching(/^\d+\.\d+ at there$/),
    remedy: null,
  });
  expect(checks['ledger-schema']).toEqual({ state: 'ok', found: `at ${applied.at(-1)}`, remedy: null });
  expect(checks['clock-postgres']).toMatchObject({ state: 'ok' });
});

it('warns of an empty database, and leaves it empty', async () => {
  const { checks, sealingKeyIds } = await look();
  expect(checks['ledger-schema']).toMatchObject({ state: 'warning', found: expect.stringContaining('empty') });
  expect(sealingKeyIds).toEqual([]);
  const { rows } = await sql`SELECT 1 FROM pg_tables WHERE schemaname = 'public'`.execute(ledger.db);
  expect(rows).toEqual([]);
});

it('names the migrations that are to come', async () => {
  const last = (await migrateLedger(ledger.db)).at(-1) ?? '';
  await sql`DELETE FROM schema_migrations WHERE name = ${last}`.execute(ledger.db);
  const { checks } = await look();
  expect(checks['ledger-schema']).toMatchObject({
    state: 'warning',
    found: expect.stringContaining(`to come: ${last}`),
  });
});

it('fails a ledger of a newer version', async () => {
  await migrateLedger(ledger.db);
  await sql`INSERT INTO schema_migrations (name, checksum) VALUES ('9999_later.sql', 'x')`.execute(ledger.db);
  const { checks } = await look();
  expect(checks['ledger-schema']).toMatchObject({ state: 'failed', found: expect.stringContaining('newer version') });
  expect(checks['postgres']).toMatchObject({ state: 'ok' });
});

it('tells which keys seal the stored credentials', async () => {
  await migrateLedger(ledger.db);
  await sql`INSERT INTO projects (slug, mapping, source_key, target_store) VALUES ('tea', '{}', 'a', 'b')`.execute(
    ledger.db,
  );
  await sql`INSERT INTO connections (project_id, side, platform, base_url, sealed, sealing_key_id)
    SELECT id, side, 'x', 'x', '\\x00', 'abc' FROM projects, unnest(ARRAY['source', 'target']) side`.execute(ledger.db);
  expect((await look()).sealingKeyIds).toEqual(['abc']);
});

it('fails a database that does not answer, without its password', async () => {
  const wrong = new URL(database.url);
  wrong.password = 'a-wrong-password';
  const refused = await look(wrong.href);
  expect(refused.checks['postgres']).toMatchObject({ state: 'failed', found: expect.stringContaining('password') });
  expect(JSON.stringify(refused)).not.toContain('a-wrong-password');
  const [port] = (await freePorts(1)) as [number];
  wrong.port = String(port);
  const { checks, sealingKeyIds } = await look(wrong.href);
  expect(checks['postgres']).toMatchObject({ state: 'failed', found: expect.stringContaining('ECONNREFUSED') });
  expect(checks['ledger-schema']).toMatchObject({ state: 'warning', remedy: 'see postgres first' });
  expect(checks['clock-postgres']).toMatchObject({ state: 'warning', found: 'not looked at' });
  expect(sealingKeyIds).toBeNull();
});
