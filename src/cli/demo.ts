import type { Settings } from '../config/settings.ts';
import { ProcessLedger } from '../stack/process-ledger.ts';
import { processLedgerFile } from '../stack/stack.ts';
import { connectApi } from './api-connection.ts';
import { migrateStores } from './demo-migration.ts';
import type { DemoResult } from './demo-migration.ts';
import { checkDemo, type DemoCheck } from './demo-check.ts';
import { entityBars } from './entity-bars.ts';
import { developmentSettings } from './own-settings.ts';
import { openPartLogs } from './part-logs.ts';
import { bringUpStack } from './running-stack.ts';
import { sandboxProject } from './sandbox-project.ts';
import type { DemoFlags } from './service-commands.ts';
import { addresses } from './start.ts';
import { say } from './terminal.ts';

/**
 * `storeferry demo`: the stack (or the one that is running), a project, a full run with a bar per entity, and the word of the
 * independent checker on what both stores hold then.
 */
export async function demo(flags: DemoFlags): Promise<void> {
  const settings = withSandbox(developmentSettings(), flags);
  const running = new ProcessLedger(processLedgerFile(settings)).runningSupervisor();
  if (running !== undefined) {
    say(`using the service that is running (pid ${running.pid})`);
    report(await migrate(settings), flags);
    return;
  }
  const stack = await bringUpStack(settings, openPartLogs(settings.dataFolder));
  try {
    // After a Ctrl-C the stack goes away under the migration: then its complaint is not the news.
    const result = await Promise.race([migrate(settings), stack.stopped]);
    if (result === undefined) return;
    report(result, flags);
    for (const line of flags.exit === true ? [] : addresses(settings)) say(line);
  } catch (error) {
    await stack.stop();
    throw error;
  }
  if (flags.exit === true) await stack.stop();
  await stack.stopped;
}

type CheckedResult = DemoResult & { readonly check: DemoCheck };

async function migrate(settings: Settings): Promise<CheckedResult> {
  const api = connectApi(settings);
  const stores = sandboxProject(settings);
  const bars = entityBars(process.stderr);
  try {
    const result = await migrateStores(api, stores, (counts) => bars.show(counts));
    const { failures } = await api.failures(result.project);
    return { ...result, check: await checkDemo(stores, failures) };
  } finally {
    bars.stop();
  }
}

function report(result: CheckedResult, { json }: DemoFlags): void {
  const { check } = result;
  if (json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    say(`project ${result.project}: ${result.outcome}`);
    say(
      `independent check of both stores: ${check.compared} records compared, ${check.lost} lost, ${check.doubled} doubled, ` +
        `${check.different} different, ${check.foreign} not ours, ${check.failed} failed with a reason, ` +
        `${check.adjusted} adjusted by a named rule`,
    );
  }
  if (result.outcome !== 'completed' || !check.ok) process.exitCode = 1;
}

function withSandbox(settings: Settings, { seed, products, size }: DemoFlags): Settings {
  const { woocommerce } = settings.sandbox;
  const shop = {
    ...woocommerce,
    seed: seed ?? woocommerce.seed,
    products: products ?? woocommerce.products,
    size: size ?? (products === undefined ? woocommerce.size : undefined),
  };
  return { ...settings, sandbox: { ...settings.sandbox, woocommerce: shop } };
}
