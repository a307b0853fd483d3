import { type Kysely, type QueryExecutorProvider, sql } from 'kysely';
import { ALL_GUARDS, type Guards } from '../domain/guards.ts';
import type { Instant } from '../domain/record.ts';
import type { ApplyLedger } from './apply-ledger.ts';
import { pairedAmong } from './existing-records.ts';
import { reserveForeign, reserveKeys, takeOverKeys } from './identity/reservations.ts';
import { claimChanges } from './queue/claim.ts';
import { renewLeases } from './queue/renew.ts';
import { commitSettlements } from './queue/commit.ts';
import { enqueue } from './queue/enqueue.ts';
import { outstandingChanges, pendingAmong } from './queue/outstanding.ts';
import { heldAmong } from './queue/behind-held.ts';
import { giveUpOverdue, giveUpWaiting } from './queue/waits.ts';
import { loadContext } from './records/context.ts';
import { openDeleteGate } from './gates.ts';
import { nextReadNumber } from './read-clock.ts';
import { noteAudit, sentTwice } from './records/audits.ts';
import { addressesOf, residentsOf } from './records/addresses.ts';
import { deleteBudget, unreadReferrers } from './records/deletes.ts';
import { noteForeignEdits, notedEdits, pollChain } from './records/foreign-edits.ts';
import { movedTo } from './records/links.ts';
import { placesAt } from './records/places.ts';
import { stockOf } from './records/stock.ts';
import { intend, resolving } from './records/intents.ts';
import { sideBySide } from './side-by-side.ts';
import type { LedgerTables } from './tables.ts';

export interface ProjectLedgerOptions {
  readonly projectId: number;
  readonly targetStore: string;
  readonly runId: number | null;
  /** How long a claim holds, milliseconds. */
  readonly leaseMs: number;
}

/**
 * The ledger as the writer path of one project sees it.
 * @param guards for the proof of the proof only: no setting, variable or route reaches this argument
 */
export function createProjectLedger(
  db: Kysely<LedgerTables>,
  options: ProjectLedgerOptions,
  guards: Guards = ALL_GUARDS,
): ApplyLedger {
  const { projectId, targetStore, runId, leaseMs } = options;
  const scope = { projectId, targetStore, runId, guards };
  return {
    claim: (owner, limits) => claimChanges(db, { projectId, runId, owner, leaseMs, limits }),
    renew: (claims) => renewLeases(db, { projectId, leaseMs }, claims),
    load: (claims) => loadContext(db, projectId, claims),
    reserve: (claims) => reserveKeys(db, projectId, targetStore, claims),
    pairedAmong: (entity, targetIds) => pairedAmong(db, targetStore, entity, targetIds),
    pendingAmong: (refs) => pendingAmong(db, projectId, refs),
    intend: (intents) => intend(db, projectId, targetStore, intents, guards.epoch),
    dropIntents: (dropped) => sideBySide(db, [resolving(dropped)]),
    commit: (settlements) => commitSettlements(db, scope, settlements),
    enqueue: (arrivals) => enqueue(db, scope, arrivals),
    readNumber: () => nextReadNumber(db),
    clock: () => ledgerClock(db),
    outstanding: () => outstandingChanges(db, projectId),
    giveUpWaiting: (reason) => giveUpWaiting(db, projectId, reason),
    giveUpOverdue: (reason, longestMs) => giveUpOverdue(db, projectId, reason, longestMs),
    takeOverKeys: (ref, targetId) => takeOverKeys(db, { projectId, targetStore }, ref, targetId),
    noteForeignKeys: (keys) => reserveForeign(db, targetStore, keys),
    stockOf: (products) => stockOf(db, projectId, products),
    foreignEdits: {
      chain: (entity) => pollChain(db, targetStore, entity),
      note: (entity, seenAt, states, extendsChain) =>
        noteForeignEdits(db, { projectId, targetStore }, entity, seenAt, states, extendsChain),
      noted: (refs) => notedEdits(db, projectId, refs),
    },
    deletes: {
      budget: (entity) => deleteBudget(db, projectId, runId, entity),
      openGate: (entity, evidence) => openDeleteGate(db, projectId, runId, entity, evidence),
      unreadReferrers: (ref, readUntil, which) => unreadReferrers(db, projectId, ref, readUntil, which),
      heldAmong: (refs) => heldAmong(db, projectId, refs),
    },
    audits: {
      sentTwice: (entities) => sentTwice(db, projectId, entities),
      note: (ref, removed) => noteAudit(db, projectId, runId, ref, removed),
    },
    addresses: {
      of: (seen) => addressesOf(db, projectId, seen),
      residents: (paths) => residentsOf(db, { projectId, targetStore }, paths),
      movedTo: (keys) => movedTo(db, projectId, keys),
      places: (paths) => placesAt(db, { projectId, targetStore }, paths),
    },
  };
}

/** PostgreSQL's clock: leases, settle times and polls are all judged by it. */
export async function ledgerClock(db: QueryExecutorProvider): Promise<Instant> {
  const { rows } = await sql<{ now: Instant }>`SELECT clock_timestamp() AS now`.execute(db);
  const row = rows[0];
  if (row === undefined) throw new Error('the ledger gave no time');
  return row.now;
}
