import type { Instant } from './record.ts';

export interface CanonicalReview {
  /** Source id of the product. */
  readonly product: string;
  /** HTML. */
  readonly text: string;
  /** 0 = not rated, else 1 to 5. */
  readonly rating: number;
  readonly author: string;
  /** '' = none. */
  readonly email: string;
  readonly status: 'approved' | 'pending' | 'other';
  readonly createdAt: Instant | null;
}
