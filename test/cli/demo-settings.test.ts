import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { demoStage, realStoreRecords } from '../../src/cli/demo-settings.ts';
import { loadSettings } from '../../src/config/settings.ts';
import { DEFAULT_MAPPING } from '../../src/domain/mapping.ts';
import { sandboxProject } from '../../src/cli/sandbox-project.ts';
import { sandboxParts } from '../../src/stack/sandbox-stores.ts';

const settings = (variables: NodeJS.ProcessEnv = {}) =>
  loadSettings({ variables, workingFolder: '/nowhere', packageFolder: '/nowhere', searchFile: false });

function stage(...[flags, variables]: [Parameters<typeof demoStage>[1], NodeJS.ProcessEnv?]) {
  const made = demoStage(settings(variables), flags);
  onTestFinished(made.clear);
  return made;
}

const argumentsOf = (flags: Parameters<typeof demoStage>[1]) =>
  sandboxParts(stage(flags).settings).map(({ args }) => args.join(' '));

test('a demo without flags has about 2,000 records and no quota', () => {
  const [shop, store] = argumentsOf({ seed: 7 });
  expect(shop).toContain('--records 2000 --seed 7');
  expect(store).toContain('--quota 0');
});

test.each([
  [{ size: 'S' as const }, '--size S'],
  [{ products: 12 }, '--products 12'],
])('%j says how large the shop is instead', (flags, extent) => {
  expect(argumentsOf(flags)[0]).toContain(extent);
  expect(argumentsOf(flags)[0]).not.toContain('--records');
});

test('a seed that nobody gave is another one each time', () => {
  const seeds = Array.from({ length: 20 }, () => stage({}).seed);
  expect(new Set(seeds).size).toBeGreaterThan(15);
});

test('a demo that ends by itself leaves nothing behind, and nothing of another one is in its way', () => {
  const { settings: own, clear } = stage({ exit: true });
  writeFileSync(join(own.dataFolder, 'approver.key'), 'x');
  const files = [own.keys.sealingFile, own.keys.approverFile, own.temporal.databaseFile];
  for (const file of files) expect(file.startsWith(own.dataFolder)).toBe(true);
  expect(stage({ exit: true }).settings.dataFolder).not.toBe(own.dataFolder);
  clear();
  expect(existsSync(own.dataFolder)).toBe(false);
});

test('a demo that stays, or whose database is not its own, has the usual data folder', () => {
  const url = 'postgres://someone@127.0.0.1:1/ledger';
  for (const made of [stage({}), stage({ exit: true }, { DATABASE_URL: url })]) {
    expect(made.settings.dataFolder).toBe(settings().dataFolder);
  }
});

test('what the shop calls by words of its plugins is decided on', () => {
  const { mapping } = sandboxProject(settings());
  expect(mapping).toMatchObject({ orderStatuses: { 'awaiting-pickup': '8' } });
  for (const choice of Object.keys(mapping ?? {})) expect(DEFAULT_MAPPING).toHaveProperty(choice);
});

test('a demo from a real store has no sandbox shop, and a folder of its own whether it ends or stays', () => {
  for (const flags of [{ source: 'vendure' as const }, { source: 'vendure' as const, exit: true as const }]) {
    const { settings: own } = stage(flags);
    expect(sandboxParts(own).map(({ name }) => name)).toEqual(['sandbox-bigcommerce']);
    expect(own.dataFolder).not.toBe(settings().dataFolder);
  }
  expect(sandboxParts(stage({ source: 'woocommerce' }).settings).map(({ name }) => name)).toEqual([
    'sandbox-woocommerce',
    'sandbox-bigcommerce',
  ]);
});

test('a real store is made as large as the sandbox shop would be, and knows no number of products', () => {
  expect(realStoreRecords({})).toBe(2_000);
  expect([realStoreRecords({ size: 'S' }), realStoreRecords({ size: 'M' })]).toEqual([200, 10_000]);
  expect(() => realStoreRecords({ products: 12 })).toThrow('--products is of the sandbox shop');
});
