import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import { putConnection } from '../../src/ledger/connections.ts';
import { type LedgerConnection, openLedger } from '../../src/ledger/database.ts';
import { migrateLedger } from '../../src/ledger/migrate.ts';
import { createProject, type Project } from '../../src/ledger/projects.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

export interface LedgerUnderTest extends LedgerConnection {
  readonly database: TestDatabase;
  /** Another pool on the same ledger, as another worker has it; closed with this one. */
  another(): LedgerConnection;
}

/** A migrated ledger in an empty database of its own. */
export async function openTestLedger(): Promise<LedgerUnderTest> {
  const database = await createTestDatabase();
  const first = openLedger({ url: database.url });
  await migrateLedger(first.db);
  const opened = [first];
  return {
    ...first,
    database,
    another: () => {
      const pool = openLedger({ url: database.url });
      opened.push(pool);
      return pool;
    },
    close: async () => {
      await Promise.all(opened.map((pool) => pool.close()));
      await database.drop();
    },
  };
}

/** A project with a target store of its own, and a backup of it that somebody made a moment ago. */
export async function makeProject(
  { db }: LedgerConnection,
  slug: string,
  options: object = { backup: { by: 'ops', at: new Date().toISOString() } },
): Promise<Project> {
  const creation = await createProject(db, {
    slug,
    mapping: DEFAULT_MAPPING,
    options,
    sourceKey: `key-${slug}`,
    targetStore: `bigcommerce:${slug}`,
  });
  if (!creation.created) throw new Error(creation.message);
  return creation.project;
}

/** The project's old store, with credentials that nobody will try. */
export async function connectSource(
  { db }: LedgerConnection,
  { id: projectId, slug }: Pick<Project, 'id' | 'slug'>,
): Promise<void> {
  await putConnection(db, Buffer.alloc(32, 1), {
    projectId,
    slug,
    side: 'source',
    platform: 'woocommerce',
    baseUrl: 'https://shop.example.test',
    shown: {},
    secrets: { token: 'x' },
  });
}
