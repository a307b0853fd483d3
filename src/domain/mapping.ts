import { ENTITIES, type Entity } from './entity.ts';
import { isOwnable, type TargetOwns } from './ownership.ts';
import type { RecordFilters } from './record-filter.ts';

export type DeletePolicy = 'delete' | 'archive' | 'ignore';
export type ConflictPolicy = 'source_wins' | 'target_wins' | 'latest_wins' | 'review';
export type CollisionPolicy = 'adopt' | 'adjust' | 'review';

/**
 * The project's choices, as data: versioned, diffable, with a fingerprint in every run. Absent entries mean the
 * rulebook's defaults.
 */
export interface Mapping {
  readonly version: number;
  /** Entities that take part; all that both sides offer by default. */
  readonly entities: Partial<Record<Entity, boolean>>;
  /** Which records of an entity take part; all by default. */
  readonly filters: RecordFilters;
  /** What is copied first; what is not named follows in the order of `ENTITIES`, stock after all that may move it (P10). */
  readonly copyOrder: readonly Exclude<Entity, 'stock'>[];
  readonly deletes: Partial<Record<Entity, DeletePolicy>>;
  readonly conflicts: Partial<Record<Entity, ConflictPolicy>>;
  readonly collisions: Partial<Record<Entity, CollisionPolicy>>;
  /** Fields that are the target's own once a record is there (P8); absent: none, also in mappings of before it was a choice. */
  readonly targetOwns?: TargetOwns;
  /** Source tax class key → target tax class id. */
  readonly taxClasses: Readonly<Record<string, string>>;
  /** Target category id under which the source's top level goes; null = the tree's own top. */
  readonly categoryRoot: string | null;
  readonly urls: 'keep' | 'native';
  readonly shortDescription: 'prepend' | 'append' | 'metafield' | 'drop';
  readonly backorders: 'drop' | 'untracked' | 'preorder';
  readonly untrackedPlaceholder: number;
  /** Source status word → target status id; over the rulebook's own table (§7.1). */
  readonly orderStatuses: Readonly<Record<string, string>>;
  /** Product types that the rulebook does not know, each decided on: carried hidden and disabled (§4.1). */
  readonly productTypes: Readonly<Record<string, 'hidden'>>;
  /** Source role → target group id, '' for none; roles that are not named become groups of their own name (§6.1). */
  readonly customerGroups: Readonly<Record<string, string>>;
  /** What becomes of orders without an account (§6.1). */
  readonly guests: 'keep' | 'attach';
}

export const DEFAULT_MAPPING: Mapping = {
  version: 1,
  entities: {},
  filters: {},
  copyOrder: [],
  deletes: {},
  conflicts: {},
  collisions: {},
  taxClasses: {},
  categoryRoot: null,
  urls: 'keep',
  shortDescription: 'prepend',
  backorders: 'drop',
  untrackedPlaceholder: 1000,
  orderStatuses: {},
  productTypes: {},
  customerGroups: {},
  guests: 'keep',
};

export function takesPart(mapping: Mapping, entity: Entity): boolean {
  return mapping.entities[entity] ?? true;
}

export function copyOrder({ copyOrder: first }: Pick<Mapping, 'copyOrder'>): readonly Entity[] {
  return [...first, ...ENTITIES.filter((entity) => !first.some((named) => named === entity))];
}

export function deletePolicy(mapping: Mapping, entity: Entity): DeletePolicy {
  return mapping.deletes[entity] ?? (entity === 'order' ? 'archive' : 'delete');
}

export function conflictPolicy(mapping: Mapping, entity: Entity): ConflictPolicy {
  return mapping.conflicts[entity] ?? (entity === 'stock' ? 'source_wins' : 'review');
}

/**
 * A group of shoppers is known by its name alone, and a merchant who made one of that name meant it; a review of the same
 * product, day, person and title is the same review, a post of the same second and title the same post.
 */
const SAME_THING: ReadonlySet<Entity> = new Set(['customer_group', 'review', 'blog_post']);

export function collisionPolicy(mapping: Mapping, entity: Entity): CollisionPolicy {
  return mapping.collisions[entity] ?? (SAME_THING.has(entity) ? 'adopt' : 'review');
}

/** Words for the fields of an entity that belong to the target by the project's choice. */
export function ownedWords({ targetOwns }: Pick<Mapping, 'targetOwns'>, entity: Entity): readonly string[] {
  return isOwnable(entity) ? (targetOwns?.[entity] ?? []) : [];
}
