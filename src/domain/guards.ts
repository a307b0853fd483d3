/**
 * The protocol's guards, each on. A test builds the ledger and the engine with one switched off and must then find a
 * counter-example; no setting, environment variable or route reaches this (issue "Proof of the proof").
 */
export interface Guards {
  /** A commit with an old epoch is refused (P5). */
  readonly epoch: boolean;
  /** A change that moved on while it was applied is not removed from the queue (P4). */
  readonly generation: boolean;
  /** Unique keys are reserved before a create (P6). */
  readonly reservation: boolean;
  /** An uncertain create is not repeated before the settle time has passed (P2). */
  readonly settleTime: boolean;
  /** A tombstone wins over any older version (P7). */
  readonly tombstoneOrder: boolean;
  /** A delete is queued only when a read by id confirmed it (P7). */
  readonly deleteConfirmation: boolean;
  /** The target's present state is compared with the base before a write (P8). */
  readonly baseCompare: boolean;
  /** Overlapping reads with different content are decided by another read (P3). */
  readonly readOverlap: boolean;
}

export const ALL_GUARDS: Guards = {
  epoch: true,
  generation: true,
  reservation: true,
  settleTime: true,
  tombstoneOrder: true,
  deleteConfirmation: true,
  baseCompare: true,
  readOverlap: true,
};
