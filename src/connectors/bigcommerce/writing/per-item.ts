import type { Json } from '../../../domain/json.ts';
import type { ChildPair } from '../../../domain/target-state.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { WriteItem, WriteOutcome } from '../../target.ts';
import { outcomeOfFailure } from './outcomes.ts';

/** What the writing of one part of one record came to. */
export interface PartWritten {
  readonly base: Json;
  readonly children: readonly ChildPair[];
  /** Why something of the part is not at the target; the part stays open. */
  readonly open?: string;
  /** Later parts that lost their content with children that were made anew. */
  readonly emptied?: readonly string[];
}

/** Writes a part item by item, each with requests of its own; a failure is that item's outcome. */
export async function perItem(
  part: string,
  items: readonly WriteItem[],
  nameKind: string | null,
  write: (item: WriteItem, targetId: string) => Promise<PartWritten>,
): Promise<readonly WriteOutcome[]> {
  const outcomes: WriteOutcome[] = [];
  for (const item of items) {
    const targetId = requiredTargetId(item);
    try {
      outcomes.push(writtenPart(item, targetId, part, await write(item, targetId)));
    } catch (error) {
      outcomes.push(outcomeOfFailure(item, error, nameKind));
    }
  }
  return outcomes;
}

export function writtenPart(item: WriteItem, targetId: string, part: string, written: PartWritten): WriteOutcome {
  return {
    id: item.id,
    outcome: 'written',
    targetId,
    modifiedAt: null,
    bases: { [part]: written.base },
    children: written.children,
    unsettled: written.open === undefined ? [] : [{ part, reason: written.open }],
    emptied: written.emptied ?? [],
  };
}

export function requiredTargetId(item: WriteItem): string {
  if (item.targetId === null) throw new Error(`item ${item.id} is at no target id yet`);
  return item.targetId;
}

export function isRefusal(error: unknown): error is StoreFailure {
  return error instanceof StoreFailure && error.kind === 'rejected';
}
