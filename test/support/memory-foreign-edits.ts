import { stableJson } from '../../src/canonical/stable-json.ts';
import { type Entity, type RecordRef, refKey } from '../../src/domain/entity.ts';
import type { ApplyLedger, LedgerRecord } from '../../src/ledger/apply-ledger.ts';
import type { MemoryIntents } from './memory-intents.ts';

type Port = ApplyLedger['foreignEdits'];

/** What others changed at the target (P8), kept with the records of a ledger in memory. */
export class MemoryForeignEdits implements Port {
  private readonly polls = new Map<Entity, { from: number; at: number }>();
  private readonly records: Map<string, LedgerRecord>;
  private readonly intents: MemoryIntents;
  private readonly now: () => number;

  constructor(records: Map<string, LedgerRecord>, intents: MemoryIntents, now: () => number) {
    this.records = records;
    this.intents = intents;
    this.now = now;
  }

  readonly chain: Port['chain'] = async (entity) => {
    const poll = this.polls.get(entity);
    if (poll === undefined) return null;
    const [from, polledAt] = [poll.from, poll.at].map((at) => new Date(at).toISOString()) as [string, string];
    return { from, polledAt, ageMs: this.now() - poll.at };
  };

  readonly note: Port['note'] = async (entity, seenAt, states, extendsChain) => {
    for (const state of states) {
      const found = [...this.records].find(
        ([key, record]) => key.startsWith(`${entity}:`) && record.targetId === state.targetId,
      );
      if (found === undefined || found[1].appliedAt >= seenAt) continue;
      const [key, record] = found;
      if (this.intents.open(key, this.now()).length > 0) {
        this.records.set(key, { ...record, unchecked: true });
        continue;
      }
      const differs = [...record.parts.values()].some(
        ({ base, part }) => base !== null && part in state.parts && stableJson(base) !== stableJson(state.parts[part]),
      );
      this.records.set(key, { ...record, foreignState: differs ? state : null });
    }
    const at = Date.parse(seenAt);
    const poll = this.polls.get(entity);
    if (extendsChain) this.polls.set(entity, { from: poll?.from ?? this.now(), at: Math.max(poll?.at ?? at, at) });
  };

  readonly noted: Port['noted'] = async (refs) =>
    new Map(
      refs.flatMap((ref) => {
        const record = this.records.get(refKey(ref));
        if (record === undefined) return [];
        return [[refKey(ref), { foreignState: record.foreignState, unchecked: record.unchecked }] as const];
      }),
    );

  /** Whether an intent of this record that is open was made before anybody looked at others' edits. */
  wroteBeforeLooking(ref: RecordRef): boolean {
    const from = this.polls.get(ref.entity)?.from ?? -Infinity;
    return this.intents.open(refKey(ref), this.now()).some(({ madeAt }) => Date.parse(madeAt) <= from);
  }
}
