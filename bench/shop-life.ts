import { ENTITIES, type Entity, type RecordRef } from '../src/domain/entity.ts';
import { ask } from './sandbox-admin.ts';

/** Each makes one record that nothing else touches, and bears a time: they cost the same on a shop of any size. */
const KINDS = ['order.place', 'product.create', 'review.write'] as const;

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
  { events, seed, perSecond }: { readonly events: number; readonly seed: number; readonly perSecond?: number },
): Promise<readonly Happened[]> {
  const asked = { events, seed, kinds: KINDS, ...(perSecond === undefined ? {} : { perSecond }) };
  return happened(((await ask(shopUrl, 'life', 'POST', asked)) as { happened: readonly LifeEvent[] }).happened);
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
