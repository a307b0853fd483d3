import type { HeldSlot } from './held-slot.ts';

/** An idle slot is kept this long for the next request. */
const IDLE_MS = 60;

/** Slots of this process that nothing is sent on at the moment; each leaves by itself when nobody takes it soon. */
export class KeptSlots {
  private readonly idle = new Map<HeldSlot, NodeJS.Timeout>();
  private readonly leave: (slot: HeldSlot) => Promise<void>;

  /** @param leave gives a slot back that nobody took; must not throw */
  constructor(leave: (slot: HeldSlot) => Promise<void>) {
    this.leave = leave;
  }

  keep(slot: HeldSlot): void {
    const timer = setTimeout(
      () => {
        this.idle.delete(slot);
        void this.leave(slot);
      },
      Math.min(IDLE_MS, slot.staysMs),
    );
    this.idle.set(slot, timer);
  }

  /** One that a request of this resource may go out on. */
  take(store: string, resource: string): HeldSlot | null {
    return this.find((slot) => slot.store === store && slot.resource === resource && slot.staysMs > 0);
  }

  /** One of the store, whatever it is for: to be exchanged. */
  takeAny(store: string): HeldSlot | null {
    return this.find((slot) => slot.store === store);
  }

  /** The store is busy: all of them go back. */
  async leaveAll(store: string): Promise<void> {
    const leaving: Promise<void>[] = [];
    for (let slot = this.takeAny(store); slot !== null; slot = this.takeAny(store)) leaving.push(this.leave(slot));
    await Promise.all(leaving);
  }

  private find(suits: (slot: HeldSlot) => boolean): HeldSlot | null {
    for (const [slot, timer] of this.idle) {
      if (!suits(slot)) continue;
      clearTimeout(timer);
      this.idle.delete(slot);
      return slot;
    }
    return null;
  }
}
