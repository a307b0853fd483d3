import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';

/** One kind of thing that goes on in a store while others look on. */
export interface Happening<Scene> {
  /** Its name in the log, for example `product.price`. */
  kind: string;
  /** How often it comes, compared with the others. */
  weight: number;
  /**
   * Lets it happen and returns what it touched (`product 2001`). Null when the store holds nothing to do it with: then
   * nothing was written.
   */
  happen: (scene: Scene) => readonly string[] | null;
}

/** `kind` and `seed` alone bring the same event about again, if the store is as it was. */
export interface LifeEvent {
  number: number;
  kind: string;
  seed: number;
  /** By the store's clock. */
  at: string;
  touched: readonly string[];
  /** Why the store refused it; what was written before the refusal stays. */
  refused?: string;
}

export interface LifeOptions<Scene> {
  happenings: readonly Happening<Scene>[];
  seed: number;
  /** Milliseconds by the store's clock. */
  now: () => number;
  sceneOf: (random: Random) => Scene;
  /** What a refusal of the store says; undefined for an error of another kind, which is thrown on. */
  refusalOf: (error: unknown) => string | undefined;
}

export interface Life {
  kinds: readonly string[];
  /** Lets so much happen, of some kinds or of all; fewer events come back when nothing more can happen. */
  step(count: number, kinds?: readonly string[]): LifeEvent[];
  /** Brings given events about again, in their order. */
  replay(events: readonly Pick<LifeEvent, 'kind' | 'seed'>[]): LifeEvent[];
  /** Starts the row of events anew. */
  reseed(seed: number): void;
  /** The latest events, oldest first, from the one after number `after`. */
  log(after?: number): LifeEvent[];
  describe(): { seed: number; events: number; refused: number; byKind: Record<string, number> };
}

const KEPT = 20_000;
/** So often another event is drawn when one finds nothing to happen to. */
const TRIES = 400;

/** A store's life in steps. It never moves by itself: who drives it decides when (`pace.ts`, a test, a demo). */
export function createLife<Scene>(options: LifeOptions<Scene>): Life {
  let seed = options.seed;
  let seeds = createRandom(seed);
  let log: LifeEvent[] = [];
  let [events, refused] = [0, 0];
  const byKind: Record<string, number> = {};

  const note = (kind: string, eventSeed: number, touched: readonly string[], refusal?: string): LifeEvent => {
    events += 1;
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    const at = new Date(options.now()).toISOString();
    const event = { number: events, kind, seed: eventSeed, at, touched };
    const noted = refusal === undefined ? event : { ...event, refused: refusal };
    if (refusal !== undefined) refused += 1;
    log.push(noted);
    // Cut in halves, so that the cost of trimming is spread over many events.
    if (log.length > KEPT * 2) log = log.slice(-KEPT);
    return noted;
  };
  const attempt = (happening: Happening<Scene>, eventSeed: number): LifeEvent | null => {
    try {
      const touched = happening.happen(options.sceneOf(createRandom(eventSeed)));
      return touched && note(happening.kind, eventSeed, touched);
    } catch (error) {
      const refusal = options.refusalOf(error);
      if (refusal === undefined) throw error;
      return note(happening.kind, eventSeed, [], refusal);
    }
  };
  const next = (among: readonly Happening<Scene>[]): LifeEvent | null => {
    for (let at = 0; at < TRIES; at += 1) {
      const happening = weighted(among, seeds.next());
      const event = happening && attempt(happening, seeds.int(1, 2_147_483_647));
      if (event) return event;
    }
    return null;
  };
  return {
    kinds: options.happenings.map(({ kind }) => kind),
    step: (count, kinds) => {
      const among = options.happenings.filter(({ kind }) => !kinds || kinds.includes(kind));
      const made: LifeEvent[] = [];
      while (made.length < count) {
        const event = next(among);
        if (event === null) break;
        made.push(event);
      }
      return made;
    },
    replay: (given) =>
      given.map(({ kind, seed: eventSeed }) => {
        const happening = options.happenings.find((one) => one.kind === kind);
        const event = happening && attempt(happening, eventSeed);
        return event ?? note(kind, eventSeed, [], 'the store holds nothing to do it with');
      }),
    reseed: (given) => {
      seed = given;
      seeds = createRandom(given);
    },
    log: (after = 0) => log.filter((event) => event.number > after).slice(-KEPT),
    describe: () => ({ seed, events, refused, byKind: { ...byKind } }),
  };
}

/** The happening at a place in [0, 1) of all their weights together. */
function weighted<Scene>(among: readonly Happening<Scene>[], place: number): Happening<Scene> | undefined {
  let left = place * among.reduce((sum, { weight }) => sum + weight, 0);
  return among.find(({ weight }) => (left -= weight) < 0);
}

/** A row of a table by chance, that fits. Null when the first thirty that were drawn do not. */
export function anyOf<Row>(random: Random, table: ReadonlyMap<number, Row>, fits: (row: Row) => boolean): Row | null {
  if (table.size === 0) return null;
  const ids = [...table.keys()];
  for (let at = 0; at < 30; at += 1) {
    const row = table.get(random.pick(ids));
    if (row !== undefined && fits(row)) return row;
  }
  return null;
}
