import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { fetchState } from '../sandbox/shared/state-lines.ts';
import { sandboxUrls } from '../stack/sandbox-stores.ts';
import { checkDemo, type DemoCheck, demoCheckOf, type KnownFailure } from './demo-check.ts';
import type { DemoProject } from './demo-migration.ts';
import { isFromRealStore, realStoreRecords } from './demo-settings.ts';
import { startRealStore } from './real-store.ts';
import { demoName, sandboxProject, sandboxTarget } from './sandbox-project.ts';
import type { DemoFlags } from './service-commands.ts';
import { say } from './terminal.ts';

/** The two stores of a demo, and who says at its end whether they agree. */
export interface DemoStores {
  readonly project: DemoProject;
  check(failures: readonly KnownFailure[]): Promise<DemoCheck>;
  /** Ends what was started for this demo alone, at once. */
  readonly close: () => void;
}

export async function openDemoStores(settings: Settings, flags: DemoFlags, seed: number): Promise<DemoStores> {
  return isFromRealStore(flags) ? fromRealStore(settings, flags, seed) : betweenSandboxes(settings);
}

/** Both are parts of the stack. */
export function betweenSandboxes(settings: Settings): DemoStores {
  const project = sandboxProject(settings);
  return { project, check: (failures) => checkDemo(project, failures), close: () => {} };
}

async function fromRealStore(settings: Settings, flags: DemoFlags, seed: number): Promise<DemoStores> {
  const { bigcommerce } = sandboxUrls(settings.sandbox);
  if (bigcommerce === undefined) {
    throw new Error('the demo needs a target: set sandbox.bigcommerce.enabled to true in temporal-dev.yml');
  }
  const folder = join(settings.dataFolder, 'real-store');
  const store = await startRealStore({ folder, seed, records: realStoreRecords(flags), say });
  const { source, mapping } = store;
  return {
    project: { project: demoName(), source, target: sandboxTarget(bigcommerce), mapping },
    check: async (failures) => demoCheckOf(await store.check(await fetchState(bigcommerce), failures)),
    close: () => store.stop(),
  };
}
