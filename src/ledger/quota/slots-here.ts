import type { HeldSlot } from './held-slot.ts';

/**
 * Slots of each store that this process holds, and with how many of them the ledger last said that there are no more: then
 * nobody needs to ask, because who gives one back brings it to the next in line. Only a hint, for who waits looks again soon;
 * the ledger alone decides.
 */
export class SlotsHere {
  private readonly held = new Map<string, Set<HeldSlot>>();
  private readonly full = new Map<string, number>();

  took(slot: HeldSlot): void {
    const held = this.of(slot.store).add(slot);
    // There are more than we thought: somebody raised their number.
    if (held.size > (this.full.get(slot.store) ?? Infinity)) this.full.delete(slot.store);
  }

  gaveBack(slot: HeldSlot): void {
    this.of(slot.store).delete(slot);
  }

  count(store: string): number {
    return this.of(store).size;
  }

  /** @param held how many were ours when the ledger was asked: those that went back meanwhile are what it counted */
  foundFull(store: string, held: number): void {
    // Held by other workers: nothing of ours will come back.
    if (held > 0) this.full.set(store, held);
    else this.full.delete(store);
  }

  isFull(store: string): boolean {
    const held = this.of(store).size;
    return held > 0 && held >= (this.full.get(store) ?? Infinity);
  }

  /** Nothing more is sent on any of them. */
  spend(store: string): void {
    for (const slot of this.of(store)) slot.spend();
  }

  private of(store: string): Set<HeldSlot> {
    const held = this.held.get(store) ?? new Set();
    this.held.set(store, held);
    return held;
  }
}
