/** A seeded random number generator (mulberry32): the same seed gives the same run. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What a crashed actor's next step throws: nothing of it runs any more. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

interface Turn {
  readonly actor: string;
  readonly label: string;
  readonly go: () => void;
  readonly fail: (error: Error) => void;
}

/**
 * Decides every step of concurrent actors. An actor asks for its turn before each touch of the outside world; the stepper
 * lets one at a time go, drawn from the seed, and waits until all have come to rest again. `stopped` actors get no turn
 * (a process under SIGSTOP), `crashed` ones get an error and never another (kill -9).
 */
export class Stepper {
  readonly trace: string[] = [];
  readonly stopped = new Set<string>();
  readonly crashed = new Set<string>();
  private readonly turns: Turn[] = [];
  private inFlight = 0;
  private readonly draw: () => number;

  constructor(draw: () => number) {
    this.draw = draw;
  }

  turn(actor: string, label: string): Promise<void> {
    if (this.crashed.has(actor)) return Promise.reject(new Crash(actor));
    return new Promise((go, fail) => this.turns.push({ actor, label, go, fail }));
  }

  /** Whether some actor is waiting for its turn, stopped ones left out. */
  get busy(): boolean {
    return this.turns.some((turn) => !this.stopped.has(turn.actor));
  }

  crash(actor: string): void {
    this.crashed.add(actor);
    for (const turn of this.turns.splice(0)) {
      if (turn.actor === actor) turn.fail(new Crash(actor));
      else this.turns.push(turn);
    }
  }

  /** One touch of the outside world: waits for the turn, then does it; the stepper waits for its end. */
  async touch<T>(actor: string, label: string, act: () => Promise<T>): Promise<T> {
    await this.turn(actor, label);
    this.inFlight += 1;
    try {
      return await act();
    } finally {
      this.inFlight -= 1;
    }
  }

  /** Lets one waiting actor go, and returns when everybody is at rest. */
  async step(): Promise<void> {
    const ready = this.turns.filter((turn) => !this.stopped.has(turn.actor));
    const turn = ready[Math.floor(this.draw() * ready.length)];
    if (turn === undefined) return;
    this.turns.splice(this.turns.indexOf(turn), 1);
    this.trace.push(`${turn.actor}: ${turn.label}`);
    turn.go();
    await this.atRest();
  }

  /** All that promises can do is done when the event loop has come round with nothing in flight. */
  async atRest(): Promise<void> {
    do await eventLoopRound();
    while (this.inFlight > 0);
    await eventLoopRound();
  }
}

function eventLoopRound(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
