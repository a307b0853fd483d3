import type { Json } from './json.ts';
import type { Instant } from './record.ts';

/** A child of a record (a variant, an image, an option value) on both sides. */
export interface ChildPair {
  readonly kind: string;
  /** Source id of the child; expansions of one source variant append `#2`, `#3`, ... */
  readonly sourceId: string;
  readonly targetId: string;
}

/**
 * What the target holds of one record, per part, projected to the fields that we own, without stock (P8). Two states are
 * the same exactly when their JSON is.
 */
export interface PresentState {
  readonly targetId: string;
  /** The target's own stamp, when it has one. */
  readonly modifiedAt: Instant | null;
  readonly createdAt: Instant | null;
  readonly parts: Readonly<Record<string, Json>>;
  readonly children: readonly ChildPair[];
}
