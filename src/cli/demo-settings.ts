import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { postgresHome } from '../stack/postgres-cluster.ts';
import type { DemoFlags } from './service-commands.ts';

/** Records of the demo's shop, all twelve entities together, unless a flag says otherwise. */
const DEMO_RECORDS = 2_000;
const LARGEST_SEED = 999_999_999;

export interface DemoStage {
  readonly settings: Settings;
  readonly seed: number;
  /** Removes what was made for this demo alone. */
  readonly clear: () => void;
}

/**
 * What the demo's own stack is started with: a shop of the size and seed asked for, and no quota at the target. One that ends by
 * itself gets a data folder of its own, so that each shows a whole migration into an empty store; else it is the usual one.
 */
export function demoStage(settings: Settings, flags: DemoFlags): DemoStage {
  const seed = flags.seed ?? randomInt(LARGEST_SEED + 1);
  const staged = withShop(settings, flags, seed);
  // Servers of somebody else's remember earlier demos, and so must we.
  if (flags.exit !== true || settings.databaseUrl !== undefined || settings.temporal.external) {
    return { settings: staged, seed, clear: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-demo-'));
  const clear = () => {
    for (const made of [postgresHome(folder), folder]) rmSync(made, { recursive: true, force: true });
  };
  return { settings: inFolder(staged, folder), seed, clear };
}

function withShop(settings: Settings, { products, size }: DemoFlags, seed: number): Settings {
  const { woocommerce, bigcommerce } = settings.sandbox;
  const extent = {
    products: products ?? woocommerce.products,
    size,
    records: size === undefined && products === undefined ? DEMO_RECORDS : undefined,
  };
  return {
    ...settings,
    sandbox: { woocommerce: { ...woocommerce, ...extent, seed }, bigcommerce: { ...bigcommerce, quota: 0 } },
  };
}

function inFolder(settings: Settings, folder: string): Settings {
  return {
    ...settings,
    dataFolder: folder,
    postgres: { ...settings.postgres, dataFolder: undefined },
    temporal: { ...settings.temporal, databaseFile: join(folder, 'temporal.db') },
    keys: {
      sealing: settings.keys.sealing,
      approver: settings.keys.approver,
      sealingFile: join(folder, 'sealing.key'),
      approverFile: join(folder, 'approver.key'),
    },
  };
}
