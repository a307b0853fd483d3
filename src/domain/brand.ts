import type { CanonicalImage, MetaField } from './record.ts';

export interface CanonicalBrand {
  /** Plain text, entities decoded once. */
  readonly name: string;
  readonly slug: string;
  /** Path at the source, percent-encoded as the source gives it, one slash at each end; null when it has none. */
  readonly path: string | null;
  /** HTML. */
  readonly description: string;
  readonly image: CanonicalImage | null;
  readonly meta: readonly MetaField[];
}
