import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { AlertPoster } from '../connectors/http/alert-post.ts';
import { openReceiver } from '../ledger/alerts/alert-target.ts';
import { judgeProject, watchedProjects } from '../ledger/alerts/judge-projects.ts';
import { claimDelivery, type Delivery, settleDelivery } from '../ledger/alerts/outbox.ts';
import { claimUntold, noteTold, openAlerts, tellLater, type Untold } from '../ledger/alerts/standings.ts';
import type { OpenAlerts } from '../domain/open-alerts.ts';
import type { LedgerTables } from '../ledger/tables.ts';

export interface AlertWatchDeps {
  readonly db: Kysely<LedgerTables>;
  readonly sealingKey: Buffer;
  readonly poster: AlertPoster;
  /** Tells the project's workflow; false: it has none. */
  readonly tell: (project: string, open: OpenAlerts) => Promise<boolean>;
  readonly log: Logger;
}

const JUDGE_EVERY_MS = 10_000;
const SEND_EVERY_MS = 1_000;
/** Sent at once by one process: a receiver that is slow holds up one of them. */
const LANES = 4;
/** Longer than a receiver is waited for. */
const LEASE_MS = 60_000;

/**
 * Judges projects, sends what is in the outbox, and tells projects' workflows, in every worker process and beside its
 * activities: none of them ever waits for it. Rows decide who does what, so any number of processes may.
 */
export function startAlertWatch(deps: AlertWatchDeps): { close(): Promise<void> } {
  const stop = new AbortController();
  const lanes = [
    repeat(deps, JUDGE_EVERY_MS, stop.signal, () => judgeProjects(deps)),
    repeat(deps, SEND_EVERY_MS, stop.signal, () => tellDue(deps, stop.signal)),
    ...Array.from({ length: LANES }, () => repeat(deps, SEND_EVERY_MS, stop.signal, () => sendDue(deps, stop.signal))),
  ];
  return {
    close: async () => {
      stop.abort();
      await Promise.all(lanes);
      deps.poster.close();
    },
  };
}

async function repeat(
  { log }: AlertWatchDeps,
  everyMs: number,
  signal: AbortSignal,
  act: () => Promise<unknown>,
): Promise<void> {
  while (!signal.aborted) {
    // A ledger that is away comes back; what is due then is still there.
    await act().catch((err: unknown) => signal.aborted || log.warn({ err }, 'alerts could not be looked after'));
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

/** @param quietMs after so long unseen an alert is cleared */
export async function judgeProjects({ db, log }: AlertWatchDeps, quietMs?: number): Promise<void> {
  for (const project of await watchedProjects(db)) {
    for (const { event, alert } of await judgeProject(db, project, quietMs)) {
      const { kind, subject, message, evidence } = alert;
      const told = { project: project.slug, alert: alert.id, kind, subject, evidence };
      if (event === 'opened') log.warn(told, `alert: ${message}`);
      else log.info(told, `alert is over: ${message}`);
    }
  }
}

/** Tells workflows until none is due: each at least once of every change, as a worker may die between the two. */
export async function tellDue({ db, tell, log }: AlertWatchDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const untold = await claimUntold(db, LEASE_MS);
    if (untold === null) return;
    try {
      await tellOf(db, tell, untold);
    } catch (err) {
      log.warn({ err, project: untold.slug }, 'the workflow of a project was not told of its alerts: told again later');
      await tellLater(db, untold, 'failed');
    }
  }
}

async function tellOf(db: AlertWatchDeps['db'], tell: AlertWatchDeps['tell'], untold: Untold): Promise<void> {
  const open = await openAlerts(db, untold.projectId);
  if (open === null) return;
  if (await tell(untold.slug, open)) await noteTold(db, untold.projectId, open.version);
  else await tellLater(db, untold, 'no-workflow');
}

/** Sends until nothing is due. */
export async function sendDue(deps: AlertWatchDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const delivery = await claimDelivery(deps.db, LEASE_MS);
    if (delivery === null) return;
    const error = await attempt(deps, delivery, signal);
    const outcome = await settleDelivery(deps.db, delivery, error);
    if (outcome !== 'given up') continue;
    const { slug, id, attempts } = delivery;
    deps.log.warn(
      { project: slug, delivery: id, attempts, why: error },
      'an alert was not delivered in a day: given up',
    );
  }
}

async function attempt(
  { sealingKey, poster }: AlertWatchDeps,
  { id, slug, event, body, sealed }: Delivery,
  signal: AbortSignal,
): Promise<string | null> {
  let receiver;
  try {
    receiver = openReceiver(sealingKey, slug, sealed);
  } catch (error) {
    return (error as Error).message;
  }
  return poster.post({ ...receiver, id, event, body }, signal);
}
