import type { Settings } from '../config/settings.ts';
import { ProcessLedger } from '../stack/process-ledger.ts';
import { prepareStack, processLedgerFile } from '../stack/stack.ts';
import { Supervisor } from '../stack/supervisor.ts';
import { onStopSignals } from './stop-signals.ts';
import { say } from './terminal.ts';

export interface RunningStack {
  /** Resolves once a signal has stopped everything. */
  readonly stopped: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Brings up the whole stack in this process. A first Ctrl-C (or SIGTERM, SIGHUP) stops it in order, also in the
 * midst of its start; a second one kills what is left.
 */
export async function bringUpStack(
  settings: Settings,
  onLine: (part: string, line: string) => void,
): Promise<RunningStack> {
  const supervisor = new Supervisor({ ledger: new ProcessLedger(processLedgerFile(settings)), say, onLine });
  await supervisor.claim();
  let signalled = false;
  const stopped = new Promise<void>((resolve) => {
    onStopSignals({
      first: async () => {
        signalled = true;
        say('stopping; press Ctrl-C again to kill what is left');
        await supervisor.stop();
        resolve();
      },
      again: () => supervisor.kill(),
    });
  });
  try {
    const parts = await prepareStack(settings, say);
    if (!signalled) await supervisor.start(parts);
  } catch (error) {
    if (!signalled) {
      await supervisor.stop();
      throw error;
    }
  }
  return { stopped, stop: () => supervisor.stop() };
}
