/**
 * The kinds of things a project moves, in the order in which they are copied: what others refer to comes first, stock
 * comes after all that may move it (design P10).
 */
export const ENTITIES = [
  'category',
  'brand',
  'product',
  'customer_group',
  'customer',
  'order',
  'coupon',
  'review',
  'redirect',
  'blog_post',
  'page',
  'stock',
] as const;

export type Entity = (typeof ENTITIES)[number];

/** Those whose records lie in one another. */
export const NESTED: ReadonlySet<Entity> = new Set(['category', 'page']);

/** Those whose records stand inside one of another at a target, and go with it: their target ids begin with its id and a slash. */
export const INSIDE: readonly { readonly entity: Entity; readonly holder: Entity }[] = [
  { entity: 'review', holder: 'product' },
];

/** Position of an entity in the copy order, from 0. */
export function entityRank(entity: Entity): number {
  return ENTITIES.indexOf(entity);
}

/** Names one record of the source: an entity and the source platform's own id as text. */
export interface RecordRef {
  readonly entity: Entity;
  readonly sourceId: string;
}

/** Its name alone, of something that says more about it. */
export function plainRef({ entity, sourceId }: RecordRef): RecordRef {
  return { entity, sourceId };
}

export function refKey(ref: RecordRef): string {
  return `${ref.entity}:${ref.sourceId}`;
}

/** Numeric ids by number, others by text, so that "the lowest source id" means the oldest record (P6). */
export function compareSourceIds(a: string, b: string): number {
  const left = Number(a.split('/')[0]);
  const right = Number(b.split('/')[0]);
  if (Number.isFinite(left) && Number.isFinite(right) && left !== right) return left - right;
  return a < b ? -1 : a > b ? 1 : 0;
}
