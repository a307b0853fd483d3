import { expect, test } from 'vitest';
import { migrateStores } from '../../src/cli/demo-migration.ts';
import type { DemoApi, DemoEntity, DemoProject, DemoStatus } from '../../src/cli/demo-migration.ts';
import type { EntityCount } from '../../src/cli/entity-bars.ts';
import { sandboxProject } from '../../src/cli/sandbox-project.ts';
import { loadSettings } from '../../src/config/settings.ts';
import type { Settings } from '../../src/config/settings.ts';

const stores: DemoProject = {
  project: 'demo-1',
  source: { platform: 'woocommerce', url: 'http://127.0.0.1:1', credentials: {} },
  target: { platform: 'bigcommerce', url: 'http://127.0.0.1:2', credentials: {} },
};

const counts = (planned: number, created: number, failed = 0): DemoEntity => ({
  entity: 'product',
  planned,
  created,
  failed,
  updated: 0,
  unchanged: 0,
  ignored: 0,
  deleted: 0,
});

/** An API whose status goes through these states, one for each question. */
function apiWith(states: DemoStatus['run'][], known: string[]): DemoApi & { calls: unknown[] } {
  const calls: unknown[] = [];
  const left = [...states];
  return {
    calls,
    listProjects: async () => ({ projects: known.map((project) => ({ project })) }),
    failures: async () => ({ failures: [] }),
    createProject: async (body) => calls.push(body),
    confirmBackup: async (project, { by }) => calls.push({ project, backup: by }),
    startRun: async (project, body) => {
      calls.push({ project, ...body });
      return { run: 'full-1' };
    },
    status: async () => ({ phase: 'copying', run: left.shift() ?? null }),
  };
}

async function follow(states: DemoStatus['run'][], known: string[] = []) {
  const shown: EntityCount[][] = [];
  const api = apiWith(states, known);
  const result = await migrateStores(api, stores, (progress) => shown.push([...progress]), 1);
  return { api, shown, result };
}

test('a project is created, its full run started and followed until it has ended', async () => {
  const { api, shown, result } = await follow([
    null,
    { run: 'full-1', state: 'running', entities: [] },
    { run: 'full-1', state: 'running', entities: [counts(10, 4)] },
    { run: 'full-1', state: 'completed', entities: [counts(10, 9, 1)] },
  ]);
  expect(api.calls).toEqual([
    stores,
    { project: 'demo-1', backup: 'demo' },
    { project: 'demo-1', kind: 'full', autoApprove: true },
  ]);
  expect(shown).toEqual([
    [],
    [{ entity: 'product', done: 4, total: 10 }],
    [{ entity: 'product', done: 10, total: 10 }],
  ]);
  expect(result).toMatchObject({ project: 'demo-1', run: 'full-1', outcome: 'completed' });
  expect(result.seconds).toBeLessThan(5);
});

test('the demo project that is there is gone on with, and its run before is not taken for the new one', async () => {
  const ended = { run: 'full-0', state: 'completed', entities: [counts(1, 1)] };
  const { api, result } = await follow(
    [ended, { run: 'full-1', state: 'completed', entities: [counts(10, 0)] }],
    ['other', 'demo-0'],
  );
  expect(api.calls).toEqual([
    { project: 'demo-0', backup: 'demo' },
    { project: 'demo-0', kind: 'full', autoApprove: true },
  ]);
  expect(result).toMatchObject({ project: 'demo-0', run: 'full-1' });
});

test('a run that fails is reported as what it is', async () => {
  const { result } = await follow([{ run: 'full-1', state: 'failed', entities: [counts(10, 3)] }]);
  expect(result.outcome).toBe('failed');
});

test('a bar never runs over its end when more was done than planned', async () => {
  const { shown } = await follow([{ run: 'full-1', state: 'completed', entities: [counts(2, 5)] }]);
  expect(shown).toEqual([[{ entity: 'product', done: 5, total: 5 }]]);
});

function settings(changes: Partial<Settings['sandbox']['bigcommerce']> = {}): Settings {
  const loaded = loadSettings({ variables: {}, workingFolder: '/', packageFolder: '/', searchFile: false });
  const bigcommerce = { ...loaded.sandbox.bigcommerce, ...changes };
  return { ...loaded, sandbox: { ...loaded.sandbox, bigcommerce } };
}

test("the demo's project leads from one sandbox to the other under a name of its own", () => {
  const first = sandboxProject(settings(), 1_000);
  expect(first).toMatchObject({ source: { url: 'http://127.0.0.1:8091' }, target: { url: 'http://127.0.0.1:8092' } });
  expect(first.project).toMatch(/^demo-[a-z0-9]+$/);
  expect(sandboxProject(settings(), 1_001).project).not.toBe(first.project);
});

test('without one of the sandbox stores the demo names the option that brings it', () => {
  expect(() => sandboxProject(settings({ enabled: false }))).toThrow('set sandbox.bigcommerce.enabled to true');
});
