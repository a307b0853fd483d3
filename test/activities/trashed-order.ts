import { expect } from 'vitest';
import type { CanonicalOrder } from '../../src/domain/order.ts';
import { order } from '../connectors/bigcommerce/orders/order-form.ts';
import type { ApplyBench } from './apply-bench.ts';

/** One order of the source, `1`, that goes into the trash and comes out again, and what the target has of it. */
export function trashedOrder(bench: () => ApplyBench) {
  const there = () => [...bench().store.sandbox.store.orders.values()];
  const only = () => {
    const [row, ...others] = there();
    if (row === undefined || others.length > 0) throw new Error(`expected one order, not ${others.length + 1}`);
    return row;
  };
  const read = (more: Partial<CanonicalOrder> = {}) => bench().read('order', '1', order(more), { reason: 'poll' });
  return {
    there,
    only,
    read,
    living: () => there().filter((row) => !row.is_deleted),
    fields: (id: number): Record<string, string> =>
      Object.fromEntries(
        bench()
          .store.sandbox.store.metafields.of({ resource: 'orders', resource_id: id })
          .map(({ key, value }) => [key, value] as const),
      ),
    lose: (method: string, route: string, applied: 'now' | 'never') =>
      bench().store.sandbox.controls.faults.add([{ method, route, times: 1, fault: { kind: 'drop', applied } }]),
    /** Target ids that the ledger knows. */
    paired: async () => {
      const records = bench().db.selectFrom('records').select('target_id');
      const rows = await records.where('project_id', '=', bench().queue.projectId).execute();
      return rows.map((row) => row.target_id);
    },
    /** An order that was carried, and archived when it went into the trash; returns its id. */
    trashed: async (slug: string, more: Partial<CanonicalOrder> = {}): Promise<number> => {
      await bench().renew(slug);
      await read(more);
      await bench().drain();
      await bench().gone('order', ['1']);
      await bench().drain();
      expect(only().is_deleted).toBe(true);
      bench().store.requests();
      return only().id;
    },
  };
}
