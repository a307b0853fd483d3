import { setTimeout as pause } from 'node:timers/promises';
import { checkStores } from '../src/sandbox/checker/check-stores.ts';
import { fetchState } from '../src/sandbox/shared/state-lines.ts';
import type { BenchStack } from './bench-stack.ts';
import { completed } from './product-run.ts';
import { ask } from './sandbox-admin.ts';

const LOOK_MS = 100;
/** The shop's cron sends what waits this often; a real one each minute, or when somebody visits. */
const CRON_EVERY_MS = 100;

/** Webhooks tell of what happens, as soon as the shop's cron runs. */
export async function hookUp({ api, apiUrl, shopUrl }: BenchStack, project: string): Promise<void> {
  await api.registerHooks(project, apiUrl);
  await ask(shopUrl, 'webhooks', 'POST', { cronEveryMs: CRON_EVERY_MS, lateMs: { from: 0, to: 0 }, lostRate: 0 });
}

/** Starts a continuous sync, and returns its name when it has begun to follow the shop. */
export async function startFollowing({ api }: BenchStack, project: string): Promise<string> {
  const { run } = await api.startRun(project, { kind: 'continuous' });
  while (!['follow', 'parked'].includes((await api.status(project)).run?.step ?? '')) await pause(LOOK_MS);
  return run;
}

export interface Wrong {
  readonly duplicates: number;
  readonly lost: number;
}

/** Ends the sync of a shop that is still. @throws Error when it does not complete */
export async function finishFollowing(stack: BenchStack, project: string, run: string): Promise<void> {
  await stack.api.command(project, 'finish');
  await completed(stack, run);
}

/** What the independent checker finds. */
export async function wrongAtTarget({ shopUrl, storeUrl }: BenchStack): Promise<Wrong> {
  const [source, target] = await Promise.all([fetchState(shopUrl), fetchState(storeUrl)]);
  const { doubled, lost } = checkStores({ source, target });
  return { duplicates: doubled.length, lost: lost.length };
}
