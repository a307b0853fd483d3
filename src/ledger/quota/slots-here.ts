/**
 * Slots of each store that requests of this process hold, and with how many of them the ledger last said that there are no
 * more: then nobody needs to ask, because who gives one back brings it to the next in line. Only a hint, for who waits looks
 * again soon; the ledger alone decides.
 */
export class SlotsHere {
  private readonly held = new Map<string, number>();
  private readonly full = new Map<string, number>();

  took(store: string): void {
    const held = this.count(store) + 1;
    this.held.set(store, held);
    // There are more than we thought: somebody raised their number.
    if (held > (this.full.get(store) ?? Infinity)) this.full.delete(store);
  }

  gaveBack(store: string): void {
    this.held.set(store, Math.max(0, this.count(store) - 1));
  }

  foundFull(store: string): void {
    const held = this.count(store);
    // Held by other workers: nothing of ours will come back.
    if (held > 0) this.full.set(store, held);
    else this.full.delete(store);
  }

  isFull(store: string): boolean {
    const held = this.count(store);
    return held > 0 && held >= (this.full.get(store) ?? Infinity);
  }

  private count(store: string): number {
    return this.held.get(store) ?? 0;
  }
}
