import type { Settings } from '../config/settings.ts';
import { ProcessLedger } from '../stack/process-ledger.ts';
import { prepareStack, processLedgerFile } from '../stack/stack.ts';
import { Supervisor } from '../stack/supervisor.ts';
import { onStopSignals } from './stop-signals.ts';
import { say } from './terminal.ts';

export interface RunningStack {
  /** Resolves once everything is stopped, by a signal or by `stop`. */
  readonly stopped: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Brings up the whole stack in this process. A first Ctrl-C (or SIGTERM, SIGHUP) stops it in order, also in the
 * midst of its start, and ends the process; a second one kills what is left.
 */
export async function bringUpStack(
  settings: Settings,
  onLine: (part: string, line: string) => void,
): Promise<RunningStack> {
  const supervisor = new Supervisor({ ledger: new ProcessLedger(processLedgerFile(settings)), say, onLine });
  await supervisor.claim();
  const stopped = new StopLatch();
  const stop = async () => {
    await supervisor.stop();
    stopped.release();
  };
  onStopSignals({
    first: async () => {
      stopped.begun = true;
      say('stopping; press Ctrl-C again to kill what is left');
      await stop();
    },
    again: () => supervisor.kill(),
  });
  try {
    const parts = await prepareStack(settings, say);
    if (!stopped.begun) await supervisor.start(parts);
  } catch (error) {
    // A start that a signal broke off fails as a matter of course; the signal's own path ends the process.
    if (!stopped.begun) {
      await stop();
      throw error;
    }
  }
  if (stopped.begun) await stopped.done;
  return { stopped: stopped.done, stop };
}

class StopLatch {
  begun = false;
  readonly done: Promise<void>;
  release: () => void = () => {};

  constructor() {
    this.done = new Promise((resolve) => {
      this.release = resolve;
    });
  }
}
