import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { betweenSandboxes, openDemoStores } from '../../src/cli/demo-stores.ts';
import { type RealStoreOptions, startRealStore } from '../../src/cli/real-store.ts';
import { loadSettings } from '../../src/config/settings.ts';

const settings = loadSettings({
  variables: {},
  workingFolder: '/nowhere',
  packageFolder: '/nowhere',
  searchFile: false,
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-demo-stores-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A clone whose real store answers with what it was asked for. */
function cloneWith(module: string): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'test', 'real-store'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'test', 'real-store', 'demo.ts'), module);
  return folder;
}

const asked = (): RealStoreOptions => ({ folder: newFolder(), seed: 3, records: 200, say: () => {} });

describe('the real store of a demo', () => {
  test('is that of the clone, also written as no built program could read it', async () => {
    const clone = cloneWith(`
      interface Asked { readonly seed: number; readonly records: number }
      export const startFilledStore = async ({ seed, records }: Asked) =>
        ({ source: { platform: 'vendure', url: \`seed \${seed}\`, credentials: {} }, mapping: { records } });
    `);
    const store = await startRealStore(asked(), clone);
    expect(store.source).toEqual({ platform: 'vendure', url: 'seed 3', credentials: {} });
    expect(store.mapping).toEqual({ records: 200 });
  });

  test('is missing where only the package was installed, which is said in one sentence', async () => {
    const folder = newFolder();
    await expect(startRealStore(asked(), folder)).rejects.toThrow(
      `runs from a clone of the repository: there is no ${join('test', 'real-store', 'demo.ts')} in ${folder}`,
    );
  });

  test('fails as its module fails', async () => {
    const clone = cloneWith(`export const startFilledStore = () => Promise.reject(new Error('no room'));`);
    await expect(startRealStore(asked(), clone)).rejects.toThrow('no room');
  });
});

describe('the stores of a demo', () => {
  test('are both sandboxes unless something else is asked for', async () => {
    const { project, close } = await openDemoStores(settings, {}, 7);
    expect([project.source.platform, project.target.platform]).toEqual(['woocommerce', 'bigcommerce']);
    expect(project).toEqual({ ...betweenSandboxes(settings).project, project: project.project });
    expect(() => close()).not.toThrow();
  });

  test('need a target, and say so before a store is filled', async () => {
    const { sandbox } = settings;
    const without = { ...settings, sandbox: { ...sandbox, bigcommerce: { ...sandbox.bigcommerce, enabled: false } } };
    await expect(openDemoStores(without, { source: 'vendure' }, 7)).rejects.toThrow('the demo needs a target');
  });

  test('refuse a number of products for a real store before one is started', async () => {
    await expect(openDemoStores(settings, { source: 'vendure', products: 5 }, 7)).rejects.toThrow('--products');
  });
});
