import type { Source, SourceProfile } from '../../connectors/source.ts';
import type { Mapped, MapContext, Target, TargetEntity, TargetProfile } from '../../connectors/target.ts';
import type { Arrival } from '../../domain/change.ts';
import type { SourceRecord } from '../../domain/record.ts';
import type { Guards } from '../../domain/guards.ts';
import type { Json } from '../../domain/json.ts';
import type { Mapping } from '../../domain/mapping.ts';
import type { OwnedPlace } from '../../domain/ownership.ts';
import type { SourceVersion } from '../../domain/source-version.ts';
import type { ChildPair } from '../../domain/target-state.ts';
import type { AssignedKeys } from '../../domain/unique-key.ts';
import { SECOND_PASS } from '../../ledger/queue/waits.ts';
import type { OpenLink } from '../../ledger/records/links.ts';
import type {
  ApplyContext,
  ApplyLedger,
  Claim,
  LedgerPart,
  LedgerRecord,
  OpenIntent,
  Settlement,
} from '../../ledger/apply-ledger.ts';

/** What the writer path of one run stands on; made by `createActivities`, or by a test with stores of its own. */
export interface ApplyDeps {
  readonly ledger: ApplyLedger;
  readonly source: Source;
  readonly target: Target;
  readonly sourceProfile: SourceProfile;
  readonly targetProfile: TargetProfile;
  readonly mapping: Mapping;
  readonly options: ApplyOptions;
  readonly guards: Guards;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export interface ApplyOptions {
  /** Request timeout + latest late commit + index lag at the target (P2), milliseconds. */
  readonly settleMs: number;
  readonly requestTimeoutMs: number;
  /** How old the news of edits by others may be at a write (P8), milliseconds. */
  readonly foreignEditsMaxAgeMs: number;
  /** Requests of one part in flight at once. */
  readonly concurrency: number;
  /** Most records in one request, where an operator wants fewer than the target takes. */
  readonly batchSize?: number;
  /** Clock difference to allow for when a target's stamp is held against our own, milliseconds. */
  readonly skewMs: number;
}

/** Reason of a change that waited in vain: what it waits for is taken to be never met (P9). */
export const GAVE_UP = 'gave up waiting';
/** That second pass, when nothing is left that could meet it. */
const GAVE_UP_SECOND_PASS = `${GAVE_UP}: ${SECOND_PASS}`;

/** Whether what the record waited for is to be taken as never met. */
export function gaveUp(work: Work): boolean {
  return work.claim.stateReason?.startsWith(GAVE_UP) === true;
}

/** A record counts once in its run's account: its second pass is part of the first. */
export function isSecondPass(work: Work): boolean {
  return work.claim.stateReason === SECOND_PASS || work.claim.stateReason === GAVE_UP_SECOND_PASS;
}

/** One claimed change on its way through a batch. What is learnt is gathered here and committed once, at the end. */
export interface Work {
  readonly claim: Claim;
  /** As the ledger knew it, then as this batch changed it. */
  record: LedgerRecord | null;
  intents: readonly OpenIntent[];
  /** Intents of earlier attempts that certainly came to nothing. */
  readonly dropped: { intentId: number; outcome: string }[];
  keys: AssignedKeys;
  mapped: Extract<Mapped, { outcome: 'write' }> | null;
  /** What was mapped with the fields that belong to the target: what a record is made of, should it have to be made anew. */
  whole: Work['mapped'];
  /** The parts as the ledger knew them, where fields of theirs belong to the target. */
  former: ReadonlyMap<string, LedgerPart>;
  /** Places that belong to the target (P8), by the mapping and by what was announced of this record. */
  readonly owned: readonly OwnedPlace[];
  /** Someone else's edit that the policy says to overwrite: everything is sent, not only what changed. */
  overwrites: boolean;
  /** Where links inside its texts lead to within the shop, and those of them that do not lead there yet. */
  links: readonly string[];
  openLinks: readonly OpenLink[];
  /** Records of ours that hold a key which it would rather have, and whether they are about to change. */
  rivals: readonly { readonly ref: Claim['ref']; readonly isPending: boolean }[];
  /** Hard references that are not at the target: it is mapped without them, unless it waits. */
  unmet: readonly Claim['ref'][];
  /** Soft references that are not at the target yet: the record waits for them after its core is written (P9). */
  softWaits: readonly Claim['ref'][];
  /** The target called a unique key taken: its holder is looked for before the batch ends (P6). */
  duplicate: { readonly part: string; readonly kind: string | null; readonly message: string } | null;
  readonly learnt: {
    readonly parts: Map<string, LedgerPart>;
    readonly children: ChildPair[];
    readonly resolved: { intentId: number; outcome: string }[];
    readonly uncertain: number[];
    readonly arrivals: Arrival[];
    formerTargetId: string | null;
    event: string | null;
    detail: Record<string, Json>;
    clearsForeignState: boolean;
    unchecked: boolean;
  };
  settlement: Settlement | null;
}

export function startWork(claim: Claim, context: ApplyContext, key: string, owned: readonly OwnedPlace[] = []): Work {
  return {
    claim,
    record: context.records.get(key) ?? null,
    intents: context.intents.get(key) ?? [],
    dropped: [],
    keys: {},
    mapped: null,
    whole: null,
    former: new Map(),
    owned,
    overwrites: false,
    rivals: [],
    unmet: [],
    softWaits: [],
    links: [],
    openLinks: [],
    duplicate: null,
    learnt: {
      parts: new Map(),
      children: [],
      resolved: [],
      uncertain: [],
      arrivals: [],
      formerTargetId: null,
      event: null,
      detail: {},
      clearsForeignState: false,
      unchecked: false,
    },
    settlement: null,
  };
}

/** Works that nothing has been decided of yet. */
export function open(works: readonly Work[]): Work[] {
  return works.filter((work) => work.settlement === null);
}

/** What the record was at the target before it was deleted there, where a create may bring that one back. */
export function formerTargetOf({ entity }: BatchTarget, { record }: Work): string | null {
  if (entity.restores !== true) return null;
  return record?.targetId ?? record?.formerTargetId ?? null;
}

/** The record that an upsert brings. */
export function payloadOf(work: Work): SourceRecord {
  const payload = work.claim.change.payload;
  if (payload === null) throw new Error(`change ${work.claim.id} is an upsert without a record`);
  return payload;
}

export function versionOf(work: Work): SourceVersion {
  const version = work.claim.change.version;
  if (version === null) throw new Error(`change ${work.claim.id} has no version`);
  return version;
}

/** How a batch sees the target: the entity's own rules, and the context that mapping is a function of. */
export interface BatchTarget {
  readonly entity: TargetEntity;
  /** Failures that stop more than a record (rejected credentials); thrown once the batch has been committed. */
  readonly faults: unknown[];
  readonly mapContext: (work: Work) => MapContext;
}
