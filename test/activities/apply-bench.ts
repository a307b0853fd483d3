import { sql } from 'kysely';
import { applyBatch } from '../../src/activities/apply/apply-batch.ts';
import { auditCreates } from '../../src/activities/apply/audit-creates.ts';
import type { ApplyDeps } from '../../src/activities/apply/work.ts';
import { matchTarget } from '../../src/activities/match-target.ts';
import type { RunScope } from '../../src/activities/run-scope.ts';
import { contentHash } from '../../src/canonical/content-hash.ts';
import type { Source } from '../../src/connectors/source.ts';
import type { ChangeReason } from '../../src/domain/change.ts';
import { type Entity, type RecordRef, refKey } from '../../src/domain/entity.ts';
import { ALL_GUARDS } from '../../src/domain/guards.ts';
import { DEFAULT_MAPPING, type Mapping } from '../../src/domain/mapping.ts';
import type { Canonical, MovedEntity, Reference, SourceRecord } from '../../src/domain/record.ts';
import type { ApplyLedger } from '../../src/ledger/apply-ledger.ts';
import type { BigCommerceSandboxOptions } from '../../src/sandbox/bigcommerce/options.ts';
import { SOURCE, SOURCE_KEY } from '../connectors/bigcommerce/forms.ts';
import { openStore, type SandboxStore } from '../connectors/bigcommerce/sandbox-store.ts';
import { type LedgerUnderTest, openTestLedger } from '../ledger/ledger-under-test.ts';
import { type QueueUnderTest, queueUnderTest } from '../ledger/queue-under-test.ts';

/** The writer path on the real ledger and a real socket, one record at a time. */
export interface ApplyBench {
  readonly store: SandboxStore;
  readonly db: LedgerUnderTest['db'];
  /** A new project on an emptied store. */
  renew(slug: string, mapping?: Partial<Mapping>): Promise<void>;
  /** Another project, with a ledger that knows nothing, on the store as it is: matched as before a first write (P6). */
  anotherProject(slug: string): Promise<void>;
  readonly queue: QueueUnderTest;
  /** Queues what a fresh read of the source says; fetches find it there from then on. */
  read<E extends MovedEntity>(
    entity: E,
    sourceId: string,
    canonical: Canonical<E>,
    more?: {
      readonly reason?: ChangeReason;
      readonly references?: readonly Reference[];
      readonly urls?: readonly string[];
    },
  ): Promise<void>;
  /** The source has it no more, and nobody knows that yet. */
  vanish(entity: MovedEntity, sourceId: string): void;
  /** Queues the confirmed end of these records; fetches do not find them from then on. */
  gone(entity: MovedEntity, sourceIds: readonly string[]): Promise<void>;
  /** Claims and applies until nothing is due now; returns what is left in the queue, by source id. */
  apply(): Promise<Record<string, string>>;
  /** Applies until the queue is empty, however long rows are parked. */
  drain(): Promise<void>;
  /** A worker claims what is due, writes it, and dies before it can say so; its lease ends, and so may what it sent. */
  die(): Promise<void>;
  /** Searches the target for what a lost reply may have made twice (P2). */
  audit(): Promise<number>;
  close(): Promise<void>;
}

const LIMITS: Readonly<Record<Entity, number>> = {
  category: 50,
  brand: 50,
  product: 20,
  customer_group: 50,
  customer: 50,
  order: 50,
  coupon: 50,
  review: 50,
  redirect: 50,
  blog_post: 50,
  page: 50,
  stock: 50,
};

/** Settle time 400 ms: a request takes a few, and the sandbox applies nothing late unless it is told to. */
const SETTLE_MS = 400;

export async function openApplyBench(options: BigCommerceSandboxOptions = {}): Promise<ApplyBench> {
  const [ledger, store] = await Promise.all([openTestLedger(), openStore({ fetchImages: true, ...options })]);
  let queue = await queueUnderTest(ledger, 'bench');
  const atSource = new Map<string, SourceRecord>();
  const source = {
    storeKey: SOURCE_KEY,
    entities: [],
    fetchOne: async (ref: RecordRef) => {
      const record = atSource.get(refKey(ref));
      return record === undefined ? { outcome: 'gone', ref } : { outcome: 'present', record, also: [] };
    },
  } as unknown as Source;
  let deps = await makeDeps(store, source, queue.ledger);

  async function applyDue(): Promise<boolean> {
    const batch = await queue.ledger.claim('bench', LIMITS);
    if (batch === null || batch === 'paused') return false;
    await applyBatch(deps, batch, { signal: new AbortController().signal });
    return true;
  }
  const readNow = async () => ({ start: await queue.ledger.readNumber(), end: await queue.ledger.readNumber() });
  const left = async () => {
    const rows = await queue.rows();
    return Object.fromEntries(rows.map((row) => [row.source_id, row.state]));
  };

  return {
    store,
    db: ledger.db,
    get queue() {
      return queue;
    },
    async renew(slug, mapping = {}) {
      await store.renew();
      queue = await queueUnderTest(ledger, slug);
      deps = { ...(await makeDeps(store, source, queue.ledger)), mapping: { ...DEFAULT_MAPPING, ...mapping } };
    },
    async anotherProject(slug) {
      queue = await queueUnderTest(ledger, slug);
      deps = await makeDeps(store, source, queue.ledger);
      await matchTarget({
        ...deps,
        ...queue,
        db: ledger.db,
        entities: deps.target.entities,
        settings: { concurrency: 2 },
        signal: new AbortController().signal,
        heartbeat: () => undefined,
      } as unknown as RunScope);
    },
    async read(entity, sourceId, canonical, more = {}) {
      const hash = contentHash(entity, canonical);
      const payload = {
        entity,
        sourceId,
        modifiedAt: null,
        canonical,
        contentHash: hash,
        references: more.references ?? [],
        urls: more.urls ?? [],
        reports: [],
      };
      atSource.set(refKey(payload), payload);
      const version = { read: await readNow(), modifiedAt: null, contentHash: hash, hashVersion: 1 };
      await queue.ledger.enqueue([
        { kind: 'upsert', ref: { entity, sourceId }, reason: more.reason ?? 'copy', version, payload },
      ]);
    },
    vanish(entity, sourceId) {
      atSource.delete(refKey({ entity, sourceId }));
    },
    async gone(entity, sourceIds) {
      const version = { read: await readNow(), modifiedAt: null, contentHash: 'gone', hashVersion: 1 };
      for (const sourceId of sourceIds) atSource.delete(refKey({ entity, sourceId }));
      await queue.ledger.enqueue(
        sourceIds.map((sourceId) => ({ kind: 'delete', ref: { entity, sourceId }, reason: 'poll', version })),
      );
    },
    async apply() {
      while (await applyDue());
      return left();
    },
    async drain() {
      for (;;) {
        while (await applyDue());
        const { ready, leased, parked, nextDueMs } = await queue.ledger.outstanding();
        if (ready + leased + parked === 0) return;
        await new Promise((resolve) => setTimeout(resolve, Math.min(nextDueMs ?? 20, 50)));
      }
    },
    async die() {
      const batch = await queue.ledger.claim('dies', LIMITS);
      if (batch === null || batch === 'paused') throw new Error('expected something to be due');
      const died = new Error('died');
      const mortal = { ...deps, ledger: { ...queue.ledger, commit: () => Promise.reject(died) } };
      const end = await applyBatch(mortal, batch, { signal: new AbortController().signal }).catch(
        (error: unknown) => error,
      );
      if (end !== died) throw new Error('expected the worker to die before its commit');
      await queue.lapse();
      await sql`UPDATE intents SET sent_until = clock_timestamp() - interval '1 hour'
        WHERE project_id = ${queue.projectId} AND resolved_at IS NULL`.execute(ledger.db);
    },
    async audit() {
      const { removed } = await auditCreates(deps, { signal: new AbortController().signal });
      return removed;
    },
    async close() {
      await Promise.all([ledger.close(), store.close()]);
    },
  };
}

async function makeDeps(store: SandboxStore, source: Source, ledger: ApplyLedger): Promise<ApplyDeps> {
  const { target } = store.driver;
  return {
    ledger,
    source,
    target,
    sourceProfile: SOURCE,
    targetProfile: await target.check(new AbortController().signal),
    mapping: DEFAULT_MAPPING,
    options: { settleMs: SETTLE_MS, requestTimeoutMs: 2_000, foreignEditsMaxAgeMs: 0, concurrency: 4, skewMs: 2_000 },
    guards: ALL_GUARDS,
    now: () => performance.now(),
  };
}
