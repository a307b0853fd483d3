import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type NewConnection, openConnection, putConnection } from '../../src/ledger/connections.ts';
import { LostSealingKey } from '../../src/ledger/sealing.ts';
import { type LedgerUnderTest, makeProject, openTestLedger } from './ledger-under-test.ts';

const KEY = Buffer.alloc(32, 1);
const TOKEN = 'a-very-secret-token';

let ledger: LedgerUnderTest;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

async function withTarget(slug: string): Promise<NewConnection> {
  const { id } = await makeProject(ledger, slug);
  const connection: NewConnection = {
    projectId: id,
    slug,
    side: 'target',
    platform: 'bigcommerce',
    baseUrl: 'https://api.example.test',
    shown: { storeHash: 'abc' },
    secrets: { accessToken: TOKEN },
  };
  await putConnection(ledger.db, KEY, connection);
  return connection;
}

it('gives back what was stored, and keeps no secret in the clear', async () => {
  const { projectId, slug } = await withTarget('stored');
  expect(await openConnection(ledger.db, KEY, projectId, slug, 'target')).toMatchObject({
    platform: 'bigcommerce',
    baseUrl: 'https://api.example.test',
    shown: { storeHash: 'abc' },
    version: 1,
    rejectedAt: null,
    secrets: { accessToken: TOKEN },
  });
  const { rows } = await sql<{ row: string }>`
    SELECT encode(sealed, 'escape') || shown::text AS row FROM connections WHERE project_id = ${projectId}`.execute(
    ledger.db,
  );
  expect(rows[0]?.row).toContain('abc');
  expect(rows[0]?.row).not.toContain(TOKEN);
});

it('replaces credentials, counts their version and forgets that the old ones were rejected', async () => {
  const connection = await withTarget('replaced');
  const { projectId, slug } = connection;
  await sql`UPDATE connections SET rejected_at = clock_timestamp() WHERE project_id = ${projectId}`.execute(ledger.db);
  expect((await openConnection(ledger.db, KEY, projectId, slug, 'target')).rejectedAt).not.toBeNull();
  await putConnection(ledger.db, KEY, { ...connection, secrets: { accessToken: 'another' } });
  expect(await openConnection(ledger.db, KEY, projectId, slug, 'target')).toMatchObject({
    version: 2,
    rejectedAt: null,
    secrets: { accessToken: 'another' },
  });
});

it('says where to enter the credentials again when the sealing key was lost, and takes them under the new one', async () => {
  const connection = await withTarget('lost-key');
  const { projectId, slug } = connection;
  const newKey = Buffer.alloc(32, 2);
  const opened = openConnection(ledger.db, newKey, projectId, slug, 'target');
  await expect(opened).rejects.toThrow(LostSealingKey);
  await expect(opened).rejects.toThrow('enter them again: PUT /v1/projects/lost-key/connections/target');
  await putConnection(ledger.db, newKey, connection);
  expect((await openConnection(ledger.db, newKey, projectId, slug, 'target')).secrets).toEqual({ accessToken: TOKEN });
});

it('opens nothing that was copied from another project or side', async () => {
  const from = await withTarget('copied-from');
  const to = await makeProject(ledger, 'copied-to');
  await sql`
    INSERT INTO connections (project_id, side, platform, base_url, sealed, sealing_key_id)
    SELECT ${to.id}, s.side, platform, base_url, sealed, sealing_key_id
    FROM connections, (VALUES ('source'), ('target')) AS s (side) WHERE project_id = ${from.projectId}`.execute(
    ledger.db,
  );
  for (const side of ['source', 'target'] as const) {
    await expect(openConnection(ledger.db, KEY, to.id, 'copied-to', side)).rejects.toThrow(LostSealingKey);
  }
});

it('says which connection is not there', async () => {
  const { id } = await makeProject(ledger, 'no-source');
  await expect(openConnection(ledger.db, KEY, id, 'no-source', 'source')).rejects.toThrow(
    'project no-source has no source connection',
  );
});
