import { arrive } from '../../src/domain/arrival.ts';
import type { Arrival, Change } from '../../src/domain/change.ts';
import { type Entity, entityRank, type RecordRef, refKey } from '../../src/domain/entity.ts';
import { ALL_GUARDS, type Guards } from '../../src/domain/guards.ts';
import type { Json } from '../../src/domain/json.ts';
import type { Instant, Reference } from '../../src/domain/record.ts';
import type {
  ApplyLedger,
  Claim,
  LedgerPart,
  LedgerRecord,
  ReferenceStatus,
  Settlement,
} from '../../src/ledger/apply-ledger.ts';
import { MemoryForeignEdits } from './memory-foreign-edits.ts';
import { MemoryIntents } from './memory-intents.ts';
import { MemoryKeys } from './memory-keys.ts';

/**
 * The ledger of one project in memory, for interleavings of the real rules and the real writer path by the ten thousand.
 * Every rule it needs comes from `src/domain`; it only stores. Time is a number that the test moves.
 */
interface Row {
  id: number;
  change: Change;
  epoch: number;
  leaseUntil: number;
  notBefore: number;
  recheck: boolean;
  attempts: number;
  stateReason: string | null;
  waitsOn: Map<string, { ref: RecordRef; forKey: boolean }>;
}
export class MemoryLedger implements ApplyLedger {
  now = Date.UTC(2026, 0, 1);
  readonly rows = new Map<string, Row>();
  readonly records = new Map<string, LedgerRecord>();
  readonly dead = new Set<string>();
  readonly accounts = new Map<string, number>();
  private readonly intents = new MemoryIntents();
  private readonly keys = new MemoryKeys();
  readonly foreignEdits = new MemoryForeignEdits(this.records, this.intents, () => this.now);
  private references = new Map<string, readonly Reference[]>();
  private gates = new Set<Entity>();
  private deleted = 0;
  private ids = 0;
  private reads = 0;
  private readonly guards: Guards;
  private readonly leaseMs: number;

  constructor(options: { leaseMs: number; guards?: Guards }) {
    this.leaseMs = options.leaseMs;
    this.guards = options.guards ?? ALL_GUARDS;
  }

  async claim(_owner: string, limits: Readonly<Partial<Record<Entity, number>>>) {
    const due = [...this.rows.values()]
      .filter((row) => this.isDue(row) && limits[row.change.ref.entity] !== undefined)
      .sort((a, b) => entityRank(a.change.ref.entity) - entityRank(b.change.ref.entity) || a.id - b.id);
    const entity = due[0]?.change.ref.entity;
    if (entity === undefined) return null;
    const claims = due
      .filter((row) => row.change.ref.entity === entity)
      .slice(0, limits[entity])
      .map((row) => this.hold(row));
    return { entity, claims, leaseMs: this.leaseMs, rates: {} };
  }

  private isDue(row: Row): boolean {
    if (row.change.state === 'ready') return row.notBefore <= this.now;
    if (row.change.state === 'parked') return row.notBefore <= this.now;
    return row.change.state === 'leased' && row.leaseUntil <= this.now;
  }

  private hold(row: Row): Claim {
    row.recheck ||= row.change.state === 'leased';
    row.change = { ...row.change, state: 'leased' };
    row.epoch += 1;
    row.attempts += 1;
    row.leaseUntil = this.now + this.leaseMs;
    const { id, change, epoch, recheck, attempts, stateReason } = row;
    return { id, ref: change.ref, change, epoch, recheck, attempts, stateReason };
  }

  async renew(claims: readonly Claim[]) {
    const rows = claims.flatMap(({ ref, epoch }) => {
      const row = this.rows.get(refKey(ref));
      return row?.epoch === epoch && row.leaseUntil > this.now ? [row] : [];
    });
    if (rows.length < claims.length) return false;
    for (const row of rows) row.leaseUntil = this.now + this.leaseMs;
    return true;
  }

  readonly audits = { sentTwice: async () => [], note: async () => undefined };
  readonly addresses = {
    of: async () => [],
    residents: async () => [],
    movedTo: async () => [],
    places: async () => [],
  };

  /** The stories have no orders. */
  async stockOf() {
    return [];
  }

  async load(claims: readonly Claim[]) {
    const keys = claims.map((claim) => refKey(claim.ref));
    const named = claims.flatMap((claim) => claim.change.payload?.references ?? []);
    return {
      records: new Map(keys.flatMap((key) => entry(key, this.records.get(key)))),
      intents: new Map(keys.map((key) => [key, this.intents.open(key, this.now)])),
      references: new Map(named.map((ref) => [refKey(ref), this.standing(ref)])),
      announced: new Map<string, readonly string[]>(),
      // The stories have no references among their records.
      cyclic: new Set<string>(),
    };
  }

  private standing(ref: RecordRef): ReferenceStatus {
    const record = this.records.get(refKey(ref));
    const at = {
      targetId: record?.targetId ?? null,
      children: record?.children ?? [],
      keys: {},
      readEnd: record?.version.read.end ?? 0,
    };
    if (record?.state === 'live' && record.targetId !== null && (at.readEnd > 0 || this.dead.has(refKey(ref))))
      return { status: 'live', ...at };
    if (this.rows.has(refKey(ref))) return { status: 'pending', ...at };
    return { status: record !== undefined || this.dead.has(refKey(ref)) ? 'never' : 'unknown', ...at };
  }

  async reserve(claims: Parameters<ApplyLedger['reserve']>[0]) {
    return this.keys.reserve(claims);
  }

  async pairedAmong(entity: Entity, targetIds: readonly string[]) {
    return new Map(
      [...this.records].flatMap(([key, { targetId }]) =>
        key.startsWith(`${entity}:`) && targetId !== null && targetIds.includes(targetId)
          ? [[targetId, `1/${key}`] as const]
          : [],
      ),
    );
  }

  async pendingAmong(refs: readonly RecordRef[]) {
    return new Map(
      refs.flatMap((ref) => {
        const row = this.rows.get(refKey(ref));
        return row === undefined || row.change.state === 'held'
          ? []
          : [[refKey(ref), [...row.waitsOn.values()].map((w) => w.ref)] as const];
      }),
    );
  }

  async intend(intents: Parameters<ApplyLedger['intend']>[0]) {
    const made = new Map<string, number>();
    for (const intent of intents) {
      const row = this.rows.get(refKey(intent.ref));
      const held = row !== undefined && row.epoch === intent.epoch && row.leaseUntil > this.now;
      if (this.guards.epoch && !held) continue;
      const id = this.intents.note(intent, this.now, row?.leaseUntil ?? this.now);
      if (id !== null) made.set(`${refKey(intent.ref)}#${intent.part}`, id);
    }
    return made;
  }

  async dropIntents(dropped: Parameters<ApplyLedger['dropIntents']>[0]) {
    this.intents.resolve(dropped);
  }

  async commit(settlements: readonly Settlement[]) {
    const refused: RecordRef[] = [];
    for (const settlement of settlements) {
      const row = this.rows.get(refKey(settlement.claim.ref));
      const same = row !== undefined && row.id === settlement.claim.id;
      if (this.guards.epoch && !(same && row.epoch === settlement.claim.epoch)) refused.push(settlement.claim.ref);
      else this.settle(settlement, same ? row : undefined);
    }
    return { refused };
  }

  private settle(settlement: Settlement, row: Row | undefined): void {
    const { claim, progress, disposition } = settlement;
    const key = refKey(claim.ref);
    const moved = this.guards.generation && row?.change.generation !== claim.change.generation;
    if (progress !== null) this.learn(claim.ref, progress);
    this.intents.settle(settlement, this.now);
    if (settlement.account !== null)
      this.accounts.set(settlement.account, (this.accounts.get(settlement.account) ?? 0) + 1);
    if (row !== undefined) this.place(row, disposition, moved);
    if (disposition.to === 'dead' && !moved) this.dead.add(key);
    if (disposition.to === 'done') this.dead.delete(key);
    for (const arrival of settlement.arrivals) this.put(arrival);
    if (progress !== null || disposition.to === 'dead' || disposition.to === 'done') this.wake(key);
  }

  private place(row: Row, disposition: Settlement['disposition'], moved: boolean): void {
    const key = refKey(row.change.ref);
    row.recheck = false;
    row.waitsOn.clear();
    row.stateReason = null;
    row.notBefore = 0;
    if (disposition.to === 'parked') {
      row.change = { ...row.change, state: 'parked' };
      row.notBefore = this.now + disposition.afterMs;
    } else if (moved) row.change = { ...row.change, state: 'ready' };
    else if (disposition.to === 'done' || disposition.to === 'dead') this.rows.delete(key);
    else if (disposition.to === 'held') {
      row.change = { ...row.change, state: 'held' };
      row.stateReason = disposition.reason;
    } else this.wait(row, disposition);
  }

  private wait(row: Row, disposition: Extract<Settlement['disposition'], { to: 'waiting' }>): void {
    row.change = { ...row.change, state: 'waiting' };
    row.stateReason = disposition.reason;
    const forKey = disposition.reason === 'waits for a key';
    for (const ref of disposition.on) row.waitsOn.set(refKey(ref), { ref, forKey });
    for (const { ref } of row.waitsOn.values()) {
      const status = this.standing(ref).status;
      const settled = forKey ? !this.rows.has(refKey(ref)) : status === 'live' || status === 'never';
      if (settled) this.wake(refKey(ref));
    }
  }

  private wake(settled: string): void {
    for (const row of this.rows.values()) {
      if (row.change.state === 'waiting' && row.waitsOn.delete(settled) && row.waitsOn.size === 0) {
        row.change = { ...row.change, state: 'ready' };
      }
    }
  }

  private learn(ref: RecordRef, progress: NonNullable<Settlement['progress']>): void {
    const key = refKey(ref);
    const known = this.records.get(key);
    const parts = new Map<string, LedgerPart>(progress.state === 'tombstone' ? [] : known?.parts);
    for (const part of progress.parts) parts.set(part.part, part);
    const children = new Map((known?.children ?? []).map((c) => [`${c.kind} ${c.sourceId}`, c]));
    for (const child of progress.children) {
      if (child.targetId === '') children.delete(`${child.kind} ${child.sourceId}`);
      else children.set(`${child.kind} ${child.sourceId}`, child);
    }
    if (progress.state === 'tombstone') this.deleted += 1;
    this.records.set(key, {
      state: progress.state,
      targetId: progress.targetId,
      formerTargetId: progress.event === 'deleted' ? progress.formerTargetId : (known?.formerTargetId ?? null),
      adopted: progress.adopted,
      version: progress.version,
      targetModifiedAt: progress.targetModifiedAt,
      foreignState: progress.clearsForeignState ? null : (known?.foreignState ?? null),
      unchecked: progress.unchecked || this.foreignEdits.wroteBeforeLooking(ref),
      appliedAt: this.iso(),
      parts,
      children: [...children.values()],
    });
    if (progress.references !== null) this.references.set(key, progress.references);
    if (!progress.releasesKeys) return;
    for (const { entity, sourceId } of this.keys.commit(ref, progress.state === 'live')) {
      const wanter = { entity, sourceId };
      const row = this.rows.get(refKey(wanter));
      if (row === undefined || row.change.state === 'leased')
        this.put({ kind: 'fetch', ref: wanter, reason: 'freed-key', after: ++this.reads });
    }
  }

  async enqueue(arrivals: readonly Arrival[]) {
    for (const arrival of arrivals) this.put(arrival);
  }

  private put(arrival: Arrival): void {
    const key = refKey(arrival.ref);
    const row = this.rows.get(key);
    const change = arrive(row?.change ?? null, arrival, this.guards);
    if (row !== undefined) {
      row.change = change;
      row.attempts = 0;
      if (change.state === 'ready') row.waitsOn.clear();
      return;
    }
    const blank = { epoch: 0, leaseUntil: 0, notBefore: 0, recheck: false, attempts: 0, stateReason: null };
    this.rows.set(key, { id: ++this.ids, change, ...blank, waitsOn: new Map() });
  }

  async readNumber() {
    return ++this.reads;
  }
  async clock() {
    return this.iso();
  }
  private iso(): Instant {
    return new Date(this.now).toISOString();
  }

  async outstanding() {
    const counts = { ready: 0, leased: 0, parked: 0, waiting: 0, held: 0 };
    for (const row of this.rows.values()) counts[row.change.state] += 1;
    return { ...counts, nextDueMs: null };
  }

  async giveUpWaiting(reason: string) {
    const waiting = [...this.rows.values()].filter((row) => row.change.state === 'waiting');
    for (const row of waiting) {
      row.change = { ...row.change, state: 'ready' };
      row.stateReason = reason;
    }
    return waiting.length;
  }

  async giveUpOverdue() {
    return 0; // Stories are shorter than any sensible wait.
  }

  async noteForeignKeys(keys: Parameters<ApplyLedger['noteForeignKeys']>[0]) {
    this.keys.noteForeign(keys);
  }

  async takeOverKeys(ref: RecordRef, targetId: string) {
    this.keys.takeOver(ref, targetId);
  }

  readonly deletes: ApplyLedger['deletes'] = {
    budget: async () => ({
      deletes: this.deleted + [...this.rows.values()].filter((row) => row.change.kind === 'delete').length,
      live: [...this.records.values()].filter((record) => record.state === 'live').length,
    }),
    openGate: async (entity: Entity, _evidence: Json) => {
      this.gates.add(entity);
    },
    // Here a run ends when its story does, and not when nothing is due: who refers to it is read again until a person has decided.
    heldAmong: async () => [],
    unreadReferrers: async (ref, readUntil, which) =>
      [...this.references].flatMap(([key, refs]) => {
        const record = this.records.get(key);
        const isMeant = (to: Reference) =>
          which === 'all' || (which === 'hard' ? to.kind === 'hard' : which.fields.includes(to.field));
        const isThere = record?.state === 'live' || (which === 'all' && record?.state === 'skipped');
        if (!isThere || record.version.read.start > readUntil) return [];
        if (!refs.some((to) => refKey(to) === refKey(ref) && isMeant(to))) return [];
        const [entity, sourceId] = key.split(':') as [Entity, string];
        return [{ entity, sourceId }];
      }),
  };
}

function entry<T>(key: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[key, value]];
}
