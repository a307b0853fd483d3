import { defineConfig } from 'vitest/config';

const UNIT_ROOMS =
  'activities,api,architecture,bench,canonical,cli,config,connectors,docs,domain,ledger,sandbox,stack,temporal,worker,workflows';

// Projects with their own number of workers run one after the other, in this order.
const ORDER = ['unit', 'contract', 'interleavings', 'replay', 'workflow', 'e2e', 'proof'];

const project = (name: string, include: string, options: object = {}) => ({
  extends: true as const,
  test: { name, include: [include], sequence: { groupOrder: ORDER.indexOf(name) }, ...options },
});

/** Files that start processes, or watch time pass in a real server, would disturb each other. */
const SERIAL = { fileParallelism: false, maxWorkers: 1 };

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One PostgreSQL, one Temporal server and one workflow bundle per run, whichever projects are asked for.
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', 'json'],
    outputFile: { json: '.storeferry/vitest-report.json' },
    projects: [
      project('unit', `test/{${UNIT_ROOMS}}/**/*.test.ts`),
      project('contract', 'test/contract/**/*.test.ts'),
      project('interleavings', 'test/interleavings/**/*.test.ts', { testTimeout: 600_000 }),
      project('replay', 'test/replay/**/*.test.ts'),
      project('workflow', 'test/workflow/**/*.test.ts', SERIAL),
      project('e2e', 'test/e2e/**/*.test.ts', { ...SERIAL, testTimeout: 600_000 }),
      // Long lives of the whole service: asked for by name (`npm run proof`), not part of `npm test`.
      project('proof', 'test/proof/**/*.test.ts', { ...SERIAL, testTimeout: 600_000 }),
    ],
  },
});
