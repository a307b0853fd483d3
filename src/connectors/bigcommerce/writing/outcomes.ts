import { StoreFailure } from '../../http/failures.ts';
import type { WriteItem, WriteOutcome } from '../../target.ts';
import { duplicateKind, refusalText } from '../refusals.ts';

/** How long what was certainly not done rests when the store gave no advice. */
const REST_MS = 1_000;

/** What a refused or lost write of one item means to the engine. Throws on for what stops more than this item. */
export function outcomeOfFailure(item: WriteItem, error: unknown, nameKind: string | null): WriteOutcome {
  const { id } = item;
  if (!(error instanceof StoreFailure)) throw error;
  const said = refusalText(error.body);
  const message = said === '' ? error.message : `${error.message}: ${said}`;
  switch (error.kind) {
    case 'busy':
    case 'unreachable':
      return { id, outcome: 'not-sent', retryAfterMs: error.retryAfterMs ?? REST_MS, message };
    case 'uncertain':
    case 'unintelligible':
      return { id, outcome: 'uncertain', message };
    case 'missing':
      return { id, outcome: 'missing' };
    case 'rejected': {
      const kind = error.status === 409 || error.status === 422 ? duplicateKind(said, nameKind) : 'other';
      if (kind !== 'other') return { id, outcome: 'duplicate', kind, message };
      return rejected(id, said || `the store answered ${error.status ?? 'with a refusal'}`);
    }
    default:
      throw error;
  }
}

export function rejected(id: string, why: string): Extract<WriteOutcome, { outcome: 'rejected' }> {
  return {
    id,
    outcome: 'rejected',
    reason: `BigCommerce did not take it: ${why}`,
    remedy: 'Correct the record at the source, then retry it',
  };
}

/**
 * A whole request of several items was refused. The one that the store names is the offender; the others may be innocent and
 * are sent again (P2). When it names none, nobody knows.
 */
export function outcomesOfBatchFailure(
  items: readonly WriteItem[],
  error: unknown,
  nameKind: string | null,
  named: ReadonlyMap<number, string>,
): readonly WriteOutcome[] {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return [outcomeOfFailure(only, error, nameKind)];
  const refused = error instanceof StoreFailure && (error.kind === 'rejected' || error.kind === 'missing');
  if (!refused) return items.map((item) => outcomeOfFailure(item, error, nameKind));
  return items.map((item, index): WriteOutcome => {
    const said = named.get(index);
    if (said === undefined) return { id: item.id, outcome: 'batch-failed', message: error.message };
    const kind = duplicateKind(said, nameKind);
    return kind === 'other' ? rejected(item.id, said) : { id: item.id, outcome: 'duplicate', kind, message: said };
  });
}
