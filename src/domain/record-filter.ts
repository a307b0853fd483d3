import type { Entity } from './entity.ts';
import type { Instant } from './record.ts';

/** Which records of an entity take part. What is left out counts as such everywhere: who refers to it degrades and says so (P9). */
export interface RecordFilter {
  /** Only what was made at the source at this instant or later. */
  readonly since?: Instant | undefined;
  /** Only these, in the words of the canonical form (orders: in the source's own). */
  readonly statuses?: readonly string[] | undefined;
  /** Not these, by source id. */
  readonly except?: readonly string[] | undefined;
}

/** Where each entity's records say when they were made, and how they stand; undefined: they do not. */
export const FILTERABLE = {
  product: { made: 'createdAt', stands: 'status' },
  customer: { made: 'createdAt', stands: undefined },
  order: { made: 'createdAt', stands: 'status' },
  coupon: { made: undefined, stands: undefined },
  review: { made: 'createdAt', stands: 'status' },
  blog_post: { made: 'publishedAt', stands: 'status' },
  page: { made: undefined, stands: 'status' },
} as const satisfies Partial<Record<Entity, { made: string | undefined; stands: string | undefined }>>;

export type FilterableEntity = keyof typeof FILTERABLE;
export type RecordFilters = { readonly [E in FilterableEntity]?: RecordFilter | undefined };

/** Why the filters leave a record out; null: they do not. A record that does not say when it was made is not left out for that. */
export function leftOut(filters: RecordFilters, entity: Entity, sourceId: string, canonical: object): string | null {
  if (!isFilterable(entity)) return null;
  const filter = filters[entity];
  if (filter === undefined) return null;
  const { made, stands } = FILTERABLE[entity];
  const value = (field: string | undefined) =>
    field === undefined ? null : ((canonical as Record<string, unknown>)[field] ?? null);
  if (filter.except?.includes(sourceId) === true) return 'left out by its id';
  const [madeAt, status] = [value(made), value(stands)];
  if (filter.since !== undefined && typeof madeAt === 'string' && Date.parse(madeAt) < Date.parse(filter.since)) {
    return `left out: made before ${filter.since}`;
  }
  if (filter.statuses !== undefined && typeof status === 'string' && !filter.statuses.includes(status)) {
    return `left out: its status is ${status}`;
  }
  return null;
}

function isFilterable(entity: Entity): entity is FilterableEntity {
  return entity in FILTERABLE;
}
