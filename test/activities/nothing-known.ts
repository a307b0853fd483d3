import type { ApplyContext } from '../../src/ledger/apply-ledger.ts';

/** What the ledger loads for records that it knows nothing of. */
export const NOTHING: ApplyContext = {
  records: new Map(),
  intents: new Map(),
  references: new Map(),
  announced: new Map(),
  cyclic: new Set(),
};
