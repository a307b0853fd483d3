import { ENTITIES, type Entity } from './entity.ts';

/** Entity → points of one record. */
export type Weights = Readonly<Partial<Record<Entity, number>>>;

/** What is priced unless the project says otherwise (design §1). */
export const DEFAULT_WEIGHTS: Weights = { product: 1, customer: 1, order: 1, blog_post: 1 };

/** What a run would move, and what that comes to. */
export interface Price {
  readonly entities: readonly {
    readonly entity: Entity;
    readonly records: number;
    readonly weight: number;
    readonly points: number;
  }[];
  readonly points: number;
  /** Points that one run may move; null: no limit. */
  readonly limit: number | null;
  readonly withinLimit: boolean;
}

/** Every run is priced alone. @param most records of each entity that the run takes; Infinity: all */
export function priceOf(
  counts: Readonly<Partial<Record<Entity, number>>>,
  { weights, pointsLimit }: { readonly weights: Weights; readonly pointsLimit: number | null },
  most = Infinity,
): Price {
  const entities = ENTITIES.flatMap((entity) => {
    const count = counts[entity];
    if (count === undefined) return [];
    const records = Math.min(count, most);
    const weight = weights[entity] ?? 0;
    return [{ entity, records, weight, points: records * weight }];
  });
  const points = entities.reduce((sum, row) => sum + row.points, 0);
  return { entities, points, limit: pointsLimit, withinLimit: pointsLimit === null || points <= pointsLimit };
}

/** Why a run is refused, with the figures. */
export function priceInWords({ entities, points, limit }: Price): string {
  const priced = entities.filter((row) => row.points > 0);
  const sum = priced.map(({ entity, records, weight }) => `${records} ${entity} x ${weight}`).join(' + ');
  return `this run would take ${points} entity points (${sum}) and the project's limit is ${limit}: raise pointsLimit in the project's options, leave entities out, or filter records in the mapping`;
}
