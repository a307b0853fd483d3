import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { postgresHome } from '../stack/postgres-cluster.ts';
import type { DemoFlags } from './service-commands.ts';

/** Records of the demo's shop, all twelve entities together, unless a flag says otherwise. */
const DEMO_RECORDS = 2_000;
/** Of a real store, by size. */
const SIZES = { S: 200, M: 10_000, L: 150_000 };
const LARGEST_SEED = 999_999_999;

export interface DemoStage {
  readonly settings: Settings;
  readonly seed: number;
  /** Removes what was made for this demo alone. */
  readonly clear: () => void;
}

/**
 * What the demo's own stack is started with: a shop of the size and seed asked for, and no quota at the target. One that ends by
 * itself gets a data folder of its own, so that each shows a whole migration into an empty store; so does one from a real store,
 * which is another one each time; else it is the usual one.
 */
export function demoStage(settings: Settings, flags: DemoFlags): DemoStage {
  const seed = flags.seed ?? randomInt(LARGEST_SEED + 1);
  const staged = withShop(settings, flags, seed);
  // Servers of somebody else's remember earlier demos, and so must we.
  const isNew = flags.exit === true || isFromRealStore(flags);
  if (!isNew || settings.databaseUrl !== undefined || settings.temporal.external) {
    return { settings: staged, seed, clear: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), 'storeferry-demo-'));
  const clear = () => {
    // A real store that a Ctrl-C met at its start may still write for a moment.
    for (const made of [postgresHome(folder), folder]) rmSync(made, { recursive: true, force: true, maxRetries: 5 });
  };
  return { settings: inFolder(staged, folder), seed, clear };
}

export function isFromRealStore({ source }: DemoFlags): boolean {
  return source === 'vendure';
}

/** How large a real store is made. Throws for what only the sandbox shop can be told. */
export function realStoreRecords({ products, size }: DemoFlags): number {
  if (products !== undefined) throw new Error('--products is of the sandbox shop; a real store takes --size');
  return size === undefined ? DEMO_RECORDS : SIZES[size];
}

function withShop(settings: Settings, { source, products, size }: DemoFlags, seed: number): Settings {
  const { woocommerce, bigcommerce } = settings.sandbox;
  const extent = {
    enabled: woocommerce.enabled && !isFromRealStore({ source }),
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
