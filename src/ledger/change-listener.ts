import type pg from 'pg';
import { CHANGES_CHANNEL } from './queue/notify.ts';

/**
 * Wakes who waits for changes of a project: one connection LISTENs for the whole process; when it is lost, waiting falls back
 * to its time limit and the connection is made again.
 */
export function createChangeListener(pool: pg.Pool) {
  const waiting = new Map<number, Set<() => void>>();
  const watchers = new Set<(projectId: number) => void>();
  let client: pg.PoolClient | null = null;
  let connecting: Promise<void> | null = null;

  async function connect(): Promise<void> {
    client = await pool.connect();
    client.on('notification', ({ payload }) => wake(Number(payload)));
    client.on('error', () => {
      client?.release(true);
      client = null;
    });
    await client.query(`LISTEN ${CHANGES_CHANNEL}`);
  }
  function wake(projectId: number): void {
    for (const done of waiting.get(projectId) ?? []) done();
    for (const tell of watchers) tell(projectId);
  }
  function listen(): void {
    if (client !== null || connecting !== null) return;
    connecting = connect()
      .catch(() => {
        client = null;
      })
      .finally(() => {
        connecting = null;
      });
  }

  return {
    /** Resolves when rows came, when the time is over, or when the signal aborts. */
    wait(projectId: number, ms: number, signal: AbortSignal): Promise<void> {
      listen();
      return new Promise((resolve) => {
        const all = waiting.get(projectId) ?? new Set();
        waiting.set(projectId, all);
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          all.delete(done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done);
        all.add(done);
      });
    },
    /** Tells of every project that has news, as long as the connection lasts: who must know all looks for himself at times. */
    watch(tell: (projectId: number) => void): void {
      watchers.add(tell);
      listen();
    },
    async close(): Promise<void> {
      await connecting;
      client?.release(true);
      client = null;
    },
  };
}
