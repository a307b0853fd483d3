import type { Settings } from '../config/settings.ts';
import { ProcessLedger } from '../stack/process-ledger.ts';
import { processLedgerFile } from '../stack/stack.ts';
import { connectApi } from './api-connection.ts';
import { migrateStores } from './demo-migration.ts';
import { type CheckedDemo, demoDocument, demoExitCode, demoWords } from './demo-report.ts';
import { demoStage, isFromRealStore } from './demo-settings.ts';
import { betweenSandboxes, type DemoStores, openDemoStores } from './demo-stores.ts';
import { entityBars } from './entity-bars.ts';
import { developmentSettings } from './own-settings.ts';
import { openPartLogs } from './part-logs.ts';
import { bringUpStack } from './running-stack.ts';
import type { DemoFlags } from './service-commands.ts';
import { addresses } from './start.ts';
import { say } from './terminal.ts';

/**
 * `storeferry demo`: the stack (or the one that is running), a project, a full run with a bar per entity, and the word of the
 * independent checker on what both stores hold then.
 */
export async function demo(flags: DemoFlags): Promise<void> {
  const own = developmentSettings();
  const running = new ProcessLedger(processLedgerFile(own)).runningSupervisor();
  if (running === undefined) {
    await demoOfItsOwn(own, flags);
    return;
  }
  if (isFromRealStore(flags)) {
    throw new Error(
      `a demo from a real store brings its own service up: stop the one that is running (pid ${running.pid}) first`,
    );
  }
  say(
    `using the service that is running (pid ${running.pid}), with its own shop, seed ${own.sandbox.woocommerce.seed}`,
  );
  report(await migrate(own, betweenSandboxes(own)), flags);
}

async function demoOfItsOwn(own: Settings, flags: DemoFlags): Promise<void> {
  const { settings, seed, clear } = demoStage(own, flags);
  const kept = flags.exit === true || isFromRealStore(flags) ? '' : ', if the shop is still empty';
  say(`seed ${seed} (the same shop again: --seed ${seed}${kept}); sandbox quota: off`);
  const stack = await bringUpStack(settings, openPartLogs(settings.dataFolder));
  let good = true;
  let stores: DemoStores | undefined;
  // Also a Ctrl-C ends here, once nothing of the stack holds a file any more.
  const end = () => {
    stores?.close();
    if (good) clear();
    else say(`logs and data of this demo: ${settings.dataFolder}`);
  };
  void stack.stopped.then(end);
  try {
    // After a Ctrl-C the stack goes away under the migration: then its complaint is not the news.
    stores = await Promise.race([openDemoStores(settings, flags, seed), stack.stopped.then(() => undefined)]);
    if (stores === undefined) return;
    const result = await Promise.race([migrate(settings, stores), stack.stopped]);
    if (result === undefined) return;
    good = demoExitCode(result) === 0;
    if (flags.exit === true) await stack.stop();
    report(result, flags);
    for (const line of flags.exit === true ? [] : addresses(settings)) say(line);
  } catch (error) {
    good = false;
    await stack.stop();
    throw error;
  }
  await stack.stopped;
}

async function migrate(settings: Settings, stores: DemoStores): Promise<CheckedDemo> {
  const api = connectApi(settings);
  const bars = entityBars(process.stderr);
  try {
    const result = await migrateStores(api, stores.project, (counts) => bars.show(counts));
    const { failures } = await api.failures(result.project);
    return { ...result, check: await stores.check(failures) };
  } finally {
    bars.stop();
  }
}

function report(result: CheckedDemo, { json }: DemoFlags): void {
  for (const line of demoWords(result)) say(line);
  if (json === true) process.stdout.write(`${demoDocument(result)}\n`);
  process.exitCode = demoExitCode(result);
}
