import type { Guards } from '../../src/domain/guards.ts';
import { MemoryLedger } from '../support/memory-ledger.ts';
import { type LedgerUnderTest, TIMES } from './scenario.ts';

export function memoryUnderTest(guards: Guards): LedgerUnderTest {
  const ledger = new MemoryLedger({ leaseMs: TIMES.leaseMs, guards });
  return {
    ledger,
    leaseMs: TIMES.leaseMs,
    clock: () => ledger.now,
    advance: async (ms) => {
      ledger.now += ms;
    },
    view: async () => ({
      pairs: new Map(
        [...ledger.records].flatMap(([key, record]) =>
          record.state === 'live' && record.targetId !== null
            ? [[key.slice('brand:'.length), record.targetId] as const]
            : [],
        ),
      ),
      queue: [...ledger.rows.values()].map((row) => ({
        sourceId: row.change.ref.sourceId,
        state: row.change.state,
        reason: row.stateReason,
      })),
    }),
  };
}
