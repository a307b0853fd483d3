import type { CanonicalImage, MetaField } from './record.ts';

export interface CanonicalCategory {
  /** Plain text, entities decoded once. */
  readonly name: string;
  readonly slug: string;
  /** Path at the source, percent-encoded as the source gives it, one slash at each end; null when it has none. */
  readonly path: string | null;
  /** Source id of the parent category, or null at the top. */
  readonly parent: string | null;
  /** HTML. */
  readonly description: string;
  readonly image: CanonicalImage | null;
  readonly position: number;
  /** Whether shoppers see it. */
  readonly visible: boolean;
  /** The platform's own catch-all (WooCommerce `uncategorized`); skipped when nothing is in it. */
  readonly isCatchAll: boolean;
  /** Whether the source says that anything is in it. */
  readonly isEmpty: boolean;
  readonly meta: readonly MetaField[];
}
