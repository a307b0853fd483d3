/**
 * Lets calls that come while one is under way go together in the next, so that however many there are, each waits for at most
 * two round trips. When a joint call fails, each is made alone: a fault of one must not be the others'.
 */
export class Together<Item, Answer> {
  private waiting: Waiter<Item, Answer>[] = [];
  private isUnderWay = false;
  private readonly call: (items: readonly Item[]) => Promise<Answer>;

  /** @param call must give every caller what it asks for out of one answer for all */
  constructor(call: (items: readonly Item[]) => Promise<Answer>) {
    this.call = call;
  }

  ask(items: readonly Item[]): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ items, resolve, reject });
      if (!this.isUnderWay) void this.goOn();
    });
  }

  private async goOn(): Promise<void> {
    this.isUnderWay = true;
    while (this.waiting.length > 0) {
      const waiters = this.waiting;
      this.waiting = [];
      await this.answer(waiters);
    }
    this.isUnderWay = false;
  }

  private async answer(waiters: readonly Waiter<Item, Answer>[]): Promise<void> {
    try {
      const answer = await this.call(waiters.flatMap(({ items }) => items));
      for (const { resolve } of waiters) resolve(answer);
    } catch (error) {
      const [only] = waiters;
      if (waiters.length === 1 && only !== undefined) only.reject(error);
      else for (const waiter of waiters) await this.answer([waiter]);
    }
  }
}

interface Waiter<Item, Answer> {
  readonly items: readonly Item[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}
