import { refKey } from '../../src/domain/entity.ts';
import type { NewIntent, OpenIntent, Settlement } from '../../src/ledger/apply-ledger.ts';

interface Intent extends Pick<NewIntent, 'ref' | 'part' | 'action' | 'targetId' | 'aim'> {
  readonly id: number;
  readonly madeAt: number;
  sentUntil: number;
  open: boolean;
}

/** Durable notes of writes, in memory (P2). Times are the test's, milliseconds. */
export class MemoryIntents {
  private readonly intents: Intent[] = [];

  /** Null: the record's part has an open one. */
  note({ ref, part, action, targetId, aim }: NewIntent, madeAt: number, sentUntil: number): number | null {
    if (this.openOf(refKey(ref)).some((intent) => intent.part === part)) return null;
    const id = this.intents.length + 1;
    this.intents.push({ ref, part, action, targetId, aim, id, madeAt, sentUntil, open: true });
    return id;
  }

  open(key: string, now: number): OpenIntent[] {
    return this.openOf(key).map(({ madeAt, sentUntil, open: _open, ref: _ref, ...intent }) => ({
      ...intent,
      lookUps: 0,
      madeAt: new Date(madeAt).toISOString(),
      sinceSentMs: now - sentUntil,
    }));
  }

  resolve(resolved: readonly { readonly intentId: number }[]): void {
    for (const intent of this.intents) if (resolved.some(({ intentId }) => intentId === intent.id)) intent.open = false;
  }

  /** What is uncertain can last have left now. */
  settle({ resolved, uncertain }: Pick<Settlement, 'resolved' | 'uncertain'>, now: number): void {
    this.resolve(resolved);
    for (const intent of this.intents)
      if (uncertain.includes(intent.id)) intent.sentUntil = Math.min(intent.sentUntil, now);
  }

  private openOf(key: string): readonly Intent[] {
    return this.intents.filter((intent) => intent.open && refKey(intent.ref) === key);
  }
}
