import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import type { RecordRef } from '../../domain/entity.ts';
import type { Guards } from '../../domain/guards.ts';
import type { Settlement } from '../apply-ledger.ts';
import { countSettled } from '../records/accounts.ts';
import { callCut, movedInTree } from '../records/cut-cycles.ts';
import { forgetInside, freeForgotten } from '../records/inside.ts';
import { callLate } from '../records/late-references.ts';
import { callLinkers } from '../records/links.ts';
import { markingUncertain, resolving } from '../records/intents.ts';
import { freeKeys } from '../identity/freed-keys.ts';
import { writeProgress } from '../records/progress.ts';
import type { LedgerTables } from '../tables.ts';
import { wholeTransaction } from '../whole-transaction.ts';
import { writeDeadLetters } from './dead.ts';
import { enqueueWithin } from './enqueue.ts';
import { carryDecisions, finishing } from './finish.ts';
import { leavingWaits, lockWaits, settleWaits } from './waits.ts';

export interface CommitOptions {
  readonly projectId: number;
  readonly targetStore: string;
  readonly runId: number | null;
  readonly guards: Guards;
}

/**
 * Commits what became of claimed changes, all of it or nothing per transaction, in this order:
 *
 * 1. A settlement whose epoch is not the row's any more is refused: somebody else holds the row now, will find our open
 *    intent and look at the target (P5). Nothing of it is stored.
 * 2. Records, parts, children and history take what the writes taught; intents are resolved (P2).
 * 3. A row leaves the queue only if nothing arrived for it while it was out: the generation is the one that was claimed.
 *    Else it is ready again (P4).
 * 4. Who waited for these records, or for a key that they gave up, is looked at again, in the same transaction (P6, P9).
 */
export async function commitSettlements(
  db: Kysely<LedgerTables>,
  options: CommitOptions,
  settlements: readonly Settlement[],
): Promise<{ readonly refused: readonly RecordRef[] }> {
  if (settlements.length === 0) return { refused: [] };
  return wholeTransaction(db, async (transaction) => {
    // Before the rows: who holds rows must never wait for this lock, since its holder may be waiting for those rows.
    await lockWaits(transaction, options.projectId, settlements);
    const generations = await lockRows(transaction, settlements);
    const isOurs = ({ claim }: Settlement) => generations.get(claim.id)?.epoch === claim.epoch || !options.guards.epoch;
    const ours = settlements.filter(isOurs);
    const movedOn = ({ claim }: Settlement) =>
      options.guards.generation && generations.get(claim.id)?.generation !== claim.change.generation;

    const moved = await movedInTree(transaction, options, ours);
    await writeProgress(transaction, options, ours, [
      resolving(ours.flatMap((settlement) => settlement.resolved)),
      markingUncertain(ours.flatMap((settlement) => settlement.uncertain)),
      leavingWaits(options.projectId, ours),
      ...finishing(ours, movedOn),
    ]);
    await forgetInside(transaction, options, ours);
    await freeForgotten(transaction, options, ours);
    await writeDeadLetters(
      transaction,
      options,
      ours.filter((settlement) => !movedOn(settlement)),
    );
    await enqueueWithin(
      transaction,
      options,
      ours.flatMap((settlement) => settlement.arrivals),
    );
    await carryDecisions(transaction, options.projectId, ours);
    await freeKeys(transaction, options, ours);
    await callCut(transaction, options, moved);
    await callLinkers(transaction, options, ours);
    await callLate(transaction, options, ours);
    await settleWaits(transaction, options.projectId, ours, movedOn);
    await countSettled(transaction, options.runId, ours);
    return { refused: settlements.filter((settlement) => !isOurs(settlement)).map(({ claim }) => claim.ref) };
  });
}

/** Locks the rows in one order for everybody, so that two commits cannot wait for each other. */
async function lockRows(transaction: QueryExecutorProvider, settlements: readonly Settlement[]) {
  const { rows } = await sql<{ id: number; epoch: number; generation: number }>`
    SELECT id, epoch, generation FROM changes
    WHERE id = ANY (${settlements.map(({ claim }) => claim.id)}::bigint[])
    ORDER BY id FOR UPDATE`.execute(transaction);
  return new Map(rows.map((row) => [row.id, row]));
}
