import { ENTITIES, type Entity, type RecordRef } from '../src/domain/entity.ts';
import { ask } from './sandbox-admin.ts';

/** Each makes one record that nothing else touches, and bears a time: they cost the same on a shop of any size. */
const KINDS = ['order.place', 'product.create', 'review.write'];
/** Of these, what the shop has webhooks for: a review waits for the next poll. */
export const ANNOUNCED = KINDS.slice(0, 2);

/** A record that came into being, and when by the shop's clock (epoch milliseconds). */
export interface Happened {
  readonly ref: RecordRef;
  readonly atMs: number;
}

interface LifeEvent {
  readonly at: string;
  readonly touched: readonly string[];
  readonly refused?: string;
}

/** So many things happen in the shop, at once or at a rate; ends when they have. */
export async function liveOn(
  shopUrl: string,
  life: {
    readonly events: number;
    readonly seed: number;
    readonly perSecond?: number;
    readonly kinds?: readonly string[];
  },
): Promise<readonly Happened[]> {
  const answer = await ask(shopUrl, 'life', 'POST', { kinds: KINDS, ...life });
  return happened((answer as { happened: readonly LifeEvent[] }).happened);
}

/** Too many deletes wait for a person, who is not there. */
const TAKEN_AWAY = /\.(delete|trash|recreate)/;

/** All that goes on in a shop but for deletes, so many events in each of some minutes; `between` is awaited after each. */
export async function liveFor(
  shopUrl: string,
  life: { readonly minutes: number; readonly perSecond: number; readonly seed: number },
  between: (minute: number) => Promise<void>,
): Promise<void> {
  const { kinds } = (await ask(shopUrl, 'life')) as { kinds: readonly string[] };
  const asked = {
    events: life.perSecond * 60,
    perSecond: life.perSecond,
    kinds: kinds.filter((kind) => !TAKEN_AWAY.test(kind)),
  };
  // A minute at a time: nobody waits for hours for the answer to one request.
  for (let minute = 1; minute <= life.minutes; minute += 1) {
    await ask(shopUrl, 'life', 'POST', minute === 1 ? { ...asked, seed: life.seed } : asked);
    await between(minute);
  }
}

/** What an event touched first is what it made: `order 2214`. */
export function happened(events: readonly LifeEvent[]): readonly Happened[] {
  return events.flatMap(({ at, touched: [first = ''], refused }) => {
    const [entity, sourceId] = first.split(' ');
    if (refused !== undefined || sourceId === undefined || !isEntity(entity)) return [];
    return [{ ref: { entity, sourceId }, atMs: Date.parse(at) }];
  });
}

function isEntity(name: string | undefined): name is Entity {
  return (ENTITIES as readonly (string | undefined)[]).includes(name);
}
