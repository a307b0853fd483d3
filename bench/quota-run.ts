import { setTimeout as pause } from 'node:timers/promises';
import type { BenchStack } from './bench-stack.ts';
import { prepareProject, RUN } from './product-run.ts';
import { forgetRequests, readJournal, setQuota } from './sandbox-admin.ts';
import { usedShare } from './quota-share.ts';

/** Requests in a window: more than anybody sends. */
const UNLIMITED = 1_000_000;
/** For how many windows' time requests are looked at, and those before them, in which the run gets going. */
const WINDOWS = 6;
const FIRST_WINDOWS = 1;

export interface QuotaFigure {
  /** Of what the reserve leaves of the windows looked at; there is always more to write than they allow. */
  readonly usedShare: number;
  readonly answered429: number;
}

/** Writes under a quota for some windows, then breaks off: the queue is never empty meanwhile. */
export async function measureQuota(
  stack: BenchStack,
  limits: { readonly quota: number; readonly windowMs: number },
  reservePercent: number,
): Promise<QuotaFigure> {
  const { api, storeUrl } = stack;
  const project = await prepareProject(stack, 0);
  await setQuota(storeUrl, limits);
  await api.startRun(project, RUN);
  await untilWriting(storeUrl);
  await pause(limits.windowMs * FIRST_WINDOWS);
  await forgetRequests(storeUrl);
  await pause(limits.windowMs * WINDOWS);
  const { requests, byStatus } = await readJournal(storeUrl);
  const { run } = await api.status(project);
  if (run?.state !== 'running') throw new Error('expected more work than the quota allows, but the run has ended');
  await api.command(project, 'cancel', 'the figure is measured');
  // What is under way ends at once, and the service with it.
  await setQuota(storeUrl, { ...limits, quota: UNLIMITED });
  return {
    usedShare: usedShare({ ...limits, atMs: requests.map(({ at }) => Date.parse(at)), reservePercent }),
    answered429: Object.entries(byStatus).reduce((sum, [key, count]) => sum + (key.endsWith(' 429') ? count : 0), 0),
  };
}

async function untilWriting(storeUrl: string): Promise<void> {
  for (;;) {
    const { byRoute } = await readJournal(storeUrl);
    if (Object.keys(byRoute).some((route) => !route.startsWith('GET'))) return;
    await pause(100);
  }
}
