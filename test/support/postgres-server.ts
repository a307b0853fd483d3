import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareCluster } from '../../src/stack/postgres-cluster.ts';
import { postgresPart, postgresUrl } from '../../src/stack/postgres-server.ts';
import { freePorts } from './free-port.ts';
import { startTestPart } from './test-process.ts';

export interface TestServer {
  readonly address: string;
  stop(): Promise<void>;
}

/** The embedded PostgreSQL in a temporary folder; `address` is the URL of its database, password included. */
export async function startTestPostgres(): Promise<TestServer> {
  const home = mkdtempSync(join(tmpdir(), 'storeferry-test-postgres-'));
  chmodSync(home, 0o755); // When root runs the tests, the user `postgres` must be able to enter.
  const [port] = (await freePorts(1)) as [number];
  const cluster = await prepareCluster(home);
  const child = await startTestPart(postgresPart(cluster, { port, maxConnections: 300, fsync: false }));
  return {
    address: postgresUrl(cluster, port),
    stop: async () => {
      await child.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
