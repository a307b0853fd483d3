import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Report } from '../sandbox/checker/report.ts';
import { packageFolder } from '../stack/own-command.ts';
import type { KnownFailure } from './demo-check.ts';
import type { DemoStore } from './demo-migration.ts';

/** A real store in a process of its own, filled, that a demo migrates from. */
export interface RealStore {
  readonly source: DemoStore;
  /** Choices of the mapping that the store's own words ask for. */
  readonly mapping: Readonly<Record<string, unknown>>;
  /** What the store's own API and the target's raw state say of the migration. */
  check(target: unknown, failures: readonly KnownFailure[]): Promise<Report>;
  /** At once: nothing of it is kept. */
  stop(): void;
}

export interface RealStoreOptions {
  /** Where its data go; the store removes nothing. */
  readonly folder: string;
  readonly seed: number;
  readonly records: number;
  readonly say: (line: string) => void;
}

/** What `test/real-store/demo.ts` is. */
export interface RealStoreModule {
  readonly startFilledStore: (options: RealStoreOptions) => Promise<RealStore>;
}

const MODULE = join('test', 'real-store', 'demo.ts');

/**
 * Starts the real store of the tests. It lies with them, outside of the package and of its dependencies: whoever only uses Storeferry
 * has none. Throws when this is no clone of the repository.
 */
export async function startRealStore(options: RealStoreOptions, folder = packageFolder()): Promise<RealStore> {
  const file = join(folder, MODULE);
  if (!existsSync(file)) {
    throw new Error(`a demo from a real store runs from a clone of the repository: there is no ${MODULE} in ${folder}`);
  }
  // Tests are never built: also a built program reads them as they are.
  const { register } = await import('tsx/esm/api');
  register();
  const { startFilledStore } = (await import(pathToFileURL(file).href)) as RealStoreModule;
  return startFilledStore(options);
}
