import type { Kysely } from 'kysely';
import type { createChangeListener } from '../ledger/change-listener.ts';
import { unpark } from '../ledger/following.ts';
import type { LedgerTables } from '../ledger/tables.ts';

/** News of one project is looked at no more often than this, milliseconds. */
const LOOK_EVERY_MS = 200;

interface Deps {
  readonly db: Kysely<LedgerTables>;
  readonly listener: Pick<ReturnType<typeof createChangeListener>, 'watch'>;
  /** Signals the run's workflow. */
  readonly wake: (run: { readonly project: string; readonly run: string }) => Promise<void>;
  readonly warn: (said: string, error: unknown) => void;
}

/**
 * Wakes parked runs of projects that have news: the row that says so is cleared by one process alone, and that one signals. A
 * signal that is lost costs the time to the run's next poll.
 */
export function wakeParked({ db, listener, wake, warn }: Deps): void {
  const resting = new Map<number, 'quiet' | 'news'>();
  const look = async (projectId: number): Promise<void> => {
    try {
      const run = await unpark(db, projectId);
      if (run !== null) await wake(run);
    } catch (error) {
      warn('a parked run was not woken', error);
    }
  };
  const onNews = (projectId: number): void => {
    if (resting.has(projectId)) {
      resting.set(projectId, 'news');
      return;
    }
    resting.set(projectId, 'quiet');
    void look(projectId);
    setTimeout(() => {
      const meanwhile = resting.get(projectId);
      resting.delete(projectId);
      if (meanwhile === 'news') onNews(projectId);
    }, LOOK_EVERY_MS).unref();
  };
  listener.watch(onNews);
}
