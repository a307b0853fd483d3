import type { Kysely } from 'kysely';
import { openSource, openTarget, type StoreSettings } from '../connectors/platforms.ts';
import type { Source } from '../connectors/source.ts';
import type { Target } from '../connectors/target.ts';
import { type OpenConnection, openConnection, type Side } from '../ledger/connections.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import type { RequestMeter } from './request-meter.ts';

export interface Stores {
  readonly source: Source;
  readonly target: Target;
}

/** Opens a project's two stores, kept as long as their credentials are the same, so that connections stay alive. */
export function createStoreOpener(
  db: Kysely<LedgerTables>,
  sealingKey: Buffer,
  settings: StoreSettings,
  meter: RequestMeter,
) {
  const open = new Map<string, unknown>();
  async function kept<T>(
    projectId: number,
    slug: string,
    side: Side,
    make: (connection: OpenConnection) => T,
  ): Promise<T> {
    const connection = await openConnection(db, sealingKey, projectId, slug, side);
    const key = `${projectId}/${side}/${connection.version}`;
    const store = (open.get(key) as T | undefined) ?? make(connection);
    open.set(key, store);
    return store;
  }
  return async (projectId: number, slug: string): Promise<Stores> => ({
    source: await kept(projectId, slug, 'source', (connection) =>
      openSource(connection, { ...settings, onRequest: meter.of(projectId, 'source') }),
    ),
    target: await kept(projectId, slug, 'target', (connection) =>
      openTarget(connection, { ...settings, onRequest: meter.of(projectId, 'target') }),
    ),
  });
}
