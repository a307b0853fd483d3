import { sql } from 'kysely';
import type { Arrival } from '../../src/domain/change.ts';
import type { Entity } from '../../src/domain/entity.ts';
import type {
  ApplyLedger,
  Claim,
  ClaimBatch,
  Disposition,
  RecordProgress,
  Settlement,
} from '../../src/ledger/apply-ledger.ts';
import { createProjectLedger } from '../../src/ledger/project-ledger.ts';
import { type LedgerUnderTest, makeProject } from './ledger-under-test.ts';

export interface QueueUnderTest {
  readonly projectId: number;
  readonly targetStore: string;
  readonly ledger: ApplyLedger;
  /** The change rows, by source id. */
  rows(): Promise<readonly Row[]>;
  /** Ends all leases and parked times, as if the time had passed. */
  lapse(): Promise<unknown>;
}
interface Row {
  readonly source_id: string;
  readonly state: string;
  readonly generation: number;
  readonly epoch: number;
  readonly content_hash: string | null;
  readonly payload: { readonly canonical: { readonly name: string } } | null;
}

/** A project's ledger with leases of a minute. */
export async function queueUnderTest(ledger: LedgerUnderTest, slug: string): Promise<QueueUnderTest> {
  const { id: projectId, targetStore } = await makeProject(ledger, slug);
  return {
    projectId,
    targetStore,
    ledger: createProjectLedger(ledger.db, { projectId, targetStore, runId: null, leaseMs: 60_000 }),
    rows: async () => {
      const { rows } = await sql<Row>`SELECT * FROM changes WHERE project_id = ${projectId} ORDER BY source_id`.execute(
        ledger.db,
      );
      return rows;
    },
    lapse: () =>
      sql`UPDATE changes SET lease_until = lease_until - interval '1 hour', not_before = not_before - interval '1 hour'
        WHERE project_id = ${projectId}`.execute(ledger.db),
  };
}

/** A brand as read between `start` and `start + 1`. */
export function brand(sourceId: string, start = 1, name = `Brand ${sourceId}`): Extract<Arrival, { kind: 'upsert' }> {
  const contentHash = `hash of ${name}`;
  return {
    kind: 'upsert',
    ref: { entity: 'brand', sourceId },
    reason: 'copy',
    version: { read: { start, end: start + 1 }, modifiedAt: null, contentHash, hashVersion: 1 },
    payload: {
      entity: 'brand',
      sourceId,
      modifiedAt: null,
      canonical: { name, slug: 'a', path: null, description: '', image: null, meta: [] },
      contentHash,
      references: [],
      urls: [],
      reports: [],
    },
  };
}

export async function claimAll(
  { ledger }: QueueUnderTest,
  owner = 'worker',
  limit = 100,
  entity: Entity = 'brand',
): Promise<readonly Claim[]> {
  const batch: ClaimBatch | 'paused' | null = await ledger.claim(owner, { [entity]: limit });
  return batch === null || batch === 'paused' ? [] : batch.claims;
}

export function settle(
  claim: Claim,
  disposition: Disposition = { to: 'done' },
  targetId: string | null = null,
): Settlement {
  return {
    claim,
    progress: targetId === null ? null : writtenAs(claim, targetId),
    resolved: [],
    uncertain: [],
    disposition,
    account: null,
    arrivals: [],
  };
}

export function writtenAs({ change }: Claim, targetId: string): RecordProgress {
  if (change.version === null) throw new Error('a fetch is not written');
  return {
    state: 'live',
    targetId,
    formerTargetId: null,
    adopted: false,
    version: change.version,
    targetModifiedAt: null,
    parts: [],
    children: [],
    adjustments: null,
    reports: null,
    references: null,
    urls: [],
    openLinks: null,
    unmet: [],
    event: 'created',
    detail: {},
    clearsForeignState: false,
    unchecked: false,
    releasesKeys: false,
  };
}
