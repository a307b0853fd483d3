import type { Kysely } from 'kysely';
import { createBigCommerceTarget } from '../connectors/bigcommerce/bigcommerce-target.ts';
import type { Network } from '../connectors/http/network-guard.ts';
import type { QuotaGovernor } from '../connectors/http/quota.ts';
import type { Source } from '../connectors/source.ts';
import type { Target } from '../connectors/target.ts';
import { createWooCommerceSource } from '../connectors/woocommerce/woocommerce-source.ts';
import { type OpenConnection, openConnection, type Side } from '../ledger/connections.ts';
import type { LedgerTables } from '../ledger/tables.ts';

export interface StoreSettings {
  readonly network: Network;
  readonly governor: QuotaGovernor;
  readonly timeoutMs: number;
  /** Requests in flight at once per store. */
  readonly concurrency: number;
}

type Secrets = Readonly<Record<string, string>>;

/** A third platform is one line here and one folder under `connectors`. */
const SOURCES: Readonly<Record<string, (baseUrl: string, secrets: Secrets, settings: StoreSettings) => Source>> = {
  woocommerce: (baseUrl, secrets, settings) =>
    createWooCommerceSource({
      baseUrl,
      consumerKey: secrets['consumerKey'] ?? '',
      consumerSecret: secrets['consumerSecret'] ?? '',
      ...(secrets['applicationUser'] === undefined ? {} : { applicationUser: secrets['applicationUser'] }),
      ...(secrets['applicationPassword'] === undefined ? {} : { applicationPassword: secrets['applicationPassword'] }),
      ...settings,
    }),
};
const TARGETS: Readonly<
  Record<string, (baseUrl: string, secrets: Secrets, shown: Secrets, settings: StoreSettings) => Target>
> = {
  bigcommerce: (baseUrl, secrets, shown, settings) =>
    createBigCommerceTarget({
      baseUrl,
      storeHash: shown['storeHash'] ?? '',
      accessToken: secrets['accessToken'] ?? '',
      ...settings,
    }),
};

export function openSource(
  connection: Pick<OpenConnection, 'platform' | 'baseUrl' | 'secrets'>,
  settings: StoreSettings,
): Source {
  const make = SOURCES[connection.platform];
  if (make === undefined)
    throw new Error(`${connection.platform} is no source platform; known: ${Object.keys(SOURCES).join(', ')}`);
  return make(connection.baseUrl, connection.secrets, settings);
}

export function openTarget(
  connection: Pick<OpenConnection, 'platform' | 'baseUrl' | 'secrets' | 'shown'>,
  settings: StoreSettings,
): Target {
  const make = TARGETS[connection.platform];
  if (make === undefined)
    throw new Error(`${connection.platform} is no target platform; known: ${Object.keys(TARGETS).join(', ')}`);
  return make(connection.baseUrl, connection.secrets, connection.shown, settings);
}

export interface Stores {
  readonly source: Source;
  readonly target: Target;
}

/** Opens a project's two stores, kept as long as their credentials are the same, so that connections stay alive. */
export function createStoreOpener(db: Kysely<LedgerTables>, sealingKey: Buffer, settings: StoreSettings) {
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
    source: await kept(projectId, slug, 'source', (connection) => openSource(connection, settings)),
    target: await kept(projectId, slug, 'target', (connection) => openTarget(connection, settings)),
  });
}
