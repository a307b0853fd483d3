import type { TestProject } from 'vitest/node';
import { startTestPostgres } from './postgres-server.ts';
import { startTestTemporal, TEST_NAMESPACE } from './temporal-server.ts';
import { buildWorkflowBundle } from './workflow-bundle.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the run's shared server; tests take a database of their own with createTestDatabase(). Holds a password. */
    postgresUrl: string;
    temporalAddress: string;
    temporalNamespace: string;
    /** Empty in the projects that run no workflow. */
    workflowBundlePath: string;
  }
}

const WITH_BUNDLE = new Set(['workflow', 'replay', 'e2e']);

interface Shared {
  users: number;
  readonly postgres: ReturnType<typeof startTestPostgres>;
  readonly temporal: ReturnType<typeof startTestTemporal>;
  bundle: ReturnType<typeof buildWorkflowBundle> | undefined;
}

// vitest runs this file once for each project and evaluates it anew each time: what they share lives on the
// global object, so that a run has one PostgreSQL, one Temporal server and one bundle.
const place = globalThis as { storeferryTestServers?: Shared };

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = (place.storeferryTestServers ??= {
    users: 0,
    postgres: startTestPostgres(),
    temporal: startTestTemporal(),
    bundle: undefined,
  });
  shared.users++;
  if (WITH_BUNDLE.has(project.name)) shared.bundle ??= buildWorkflowBundle();
  const [postgres, temporal, bundle] = await Promise.all([shared.postgres, shared.temporal, shared.bundle]);
  project.provide('postgresUrl', postgres.address);
  project.provide('temporalAddress', temporal.address);
  project.provide('temporalNamespace', TEST_NAMESPACE);
  project.provide('workflowBundlePath', bundle?.path ?? '');
  return async () => {
    if (--shared.users > 0) return;
    delete place.storeferryTestServers;
    (await shared.bundle)?.remove();
    await Promise.all([postgres.stop(), temporal.stop()]);
  };
}
