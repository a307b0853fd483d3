import type { CanonicalImage, Instant, MetaField } from './record.ts';

/** A piece of writing that has an address of its own. */
interface Writing {
  /** Plain text, entities decoded once. */
  readonly title: string;
  /** HTML as shown. */
  readonly content: string;
  /** HTML; '' = none. */
  readonly excerpt: string;
  readonly slug: string;
  /** As in `CanonicalProduct.path`. */
  readonly path: string | null;
  readonly status: 'published' | 'scheduled' | 'draft' | 'private';
  readonly passwordProtected: boolean;
  readonly meta: readonly MetaField[];
}

export interface CanonicalBlogPost extends Writing {
  readonly publishedAt: Instant | null;
  /** Display name; null when the source no longer knows the author. */
  readonly author: string | null;
  /** Names, in the source's order. */
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  readonly featuredImage: CanonicalImage | null;
}

export interface CanonicalPage extends Writing {
  /** Source id of the parent page; null at the top. */
  readonly parent: string | null;
  readonly position: number;
  /** Shop, cart, checkout, account, front page: the target has its own. */
  readonly isSystem: boolean;
}
