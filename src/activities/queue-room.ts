import { readyChanges } from '../ledger/run-facts.ts';
import type { RunScope } from './run-scope.ts';

/**
 * Reading rests while this many changes could be written: the queue stays small however large the store is, and what is read
 * is not old when it is written. What is not read for itself is not counted: stock comes with its products and is set after
 * all orders, and reading must not wait for that.
 */
const QUEUE_FULL = 20_000;
/** As many readers, and more, fill the same queue: each looks again when it has filled its part of the room. */
const READERS = 8;

/** How much a reader may still put into the queue. To count a long queue costs PostgreSQL as much as a page of orders: few looks. */
export class QueueRoom {
  readonly ahead: boolean;
  private left = 0;

  /** @param ahead whether what is read for the next pass takes room too: it is not written before that begins */
  constructor({ ahead }: { readonly ahead: boolean }) {
    this.ahead = ahead;
  }

  async isFull({ db, projectId, scannedEntities }: RunScope): Promise<boolean> {
    if (this.left > 0) return false;
    const ready = await readyChanges(db, projectId, { ahead: this.ahead, entities: scannedEntities });
    this.left = Math.ceil(Math.max(0, QUEUE_FULL - ready) / READERS);
    return this.left === 0;
  }

  /** Records that were read since. */
  fill(records: number): void {
    this.left -= records;
  }
}
