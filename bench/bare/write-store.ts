import { chunks, type Store } from './client.ts';
import type { Fields, Metafield } from './rows.ts';

/** The most that one request may carry: the same numbers that storeferry goes by (docs/benchmarks.md). */
export const BATCH = { categories: 10, customers: 10, metafields: 10, redirects: 10, options: 10, stock: 500 } as const;

/** Counts what each entity has at the target by now, and what was refused. */
export class Account {
  readonly written: Record<string, number> = {};
  readonly refused: string[] = [];

  count(entity: string, by = 1): void {
    this.written[entity] = (this.written[entity] ?? 0) + by;
  }

  /** A record that the store does not take is noted, and the rest goes on; anything else ends the script. */
  async try(entity: string, what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const status = (error as { response?: { status?: number; data?: unknown } }).response?.status;
      if (status === undefined || status < 400 || status >= 500) throw error;
      const said = JSON.stringify((error as { response: { data: unknown } }).response.data);
      this.refused.push(`${entity} ${what}: ${status} ${said.slice(0, 200)}`);
    }
  }
}

export async function writeMetafields(store: Store, account: Account, path: string, fields: readonly Metafield[]) {
  await Promise.all(
    chunks(fields, BATCH.metafields).map((some) => {
      const body = some.map((field) => ({ permission_set: 'app_only', namespace: 'bare', ...field }));
      return account.try('metafields', path, async () => void (await store.send('POST', `${path}/metafields`, body)));
    }),
  );
}

/** One record, one request. */
export async function createOne(store: Store, path: string, body: Fields): Promise<number> {
  const reply = await store.send<{ id?: number; data?: { id: number } }>('POST', path, body);
  return Number(reply.data?.id ?? reply.id);
}
