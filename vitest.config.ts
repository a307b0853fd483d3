import { defineConfig } from 'vitest/config';

const project = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, ...extra },
});

export default defineConfig({
  test: {
    pool: 'forks',
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      project('unit', [
        'test/{domain,canonical,connectors,config,ledger,activities,api,cli,stack,sandbox,temporal,worker,workflows,architecture}/**/*.test.ts',
      ]),
      project('contract', ['test/contract/**/*.test.ts']),
      project('workflow', ['test/workflow/**/*.test.ts']),
      project('replay', ['test/replay/**/*.test.ts']),
      project('e2e', ['test/e2e/**/*.test.ts'], { testTimeout: 600_000 }),
    ],
  },
});
