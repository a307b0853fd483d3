import type { CallOptions, WriteItem, WriteOutcome } from '../../target.ts';
import type { BigCommerceApi } from '../bigcommerce-api.ts';
import { outcomesOfBatchFailure } from './outcomes.ts';
import { requiredTargetId } from './per-item.ts';

/** Deletes by id list; the store asks for a filter and says nothing of ids that were gone already (bigcommerce-api §3.3). */
export async function deleteByIds(
  api: BigCommerceApi,
  where: { readonly path: string; readonly filter: string },
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  const ids = items.map((item) => Number(requiredTargetId(item)));
  // Without a filter the store deletes everything there is.
  if (ids.length === 0) return [];
  try {
    await api.write({
      method: 'DELETE',
      path: where.path,
      route: where.path.slice('/v3/'.length),
      query: { [where.filter]: ids },
      call,
    });
    return items.map(deleted);
  } catch (error) {
    return outcomesOfBatchFailure(items, error, null, new Map());
  }
}

export function deleted(item: WriteItem): WriteOutcome {
  return {
    id: item.id,
    outcome: 'written',
    targetId: requiredTargetId(item),
    modifiedAt: null,
    bases: {},
    children: [],
    unsettled: [],
  };
}
