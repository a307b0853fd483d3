import type { Entity } from './entity.ts';

/** A page that any store's software has of its own: not a record, so nothing is moved there, but addresses can lead to it. */
export type StorePage =
  | { readonly page: 'front' | 'cart' | 'checkout' | 'account' | 'blog' }
  /** What a search for these words finds. */
  | { readonly page: 'search'; readonly words: string; readonly of: 'tag' | 'attribute' };

/** An address of the source under which no record lives, and the page that does the same at any store. */
export interface Place {
  /** As in `CanonicalProduct.path`. */
  readonly path: string;
  readonly to: StorePage;
}

/** An address of the source that is another one at the target (P11). The source id is the old path. */
export interface CanonicalRedirect {
  /** As in `CanonicalProduct.path`. */
  readonly fromPath: string;
  readonly to:
    | { readonly kind: 'record'; readonly entity: Entity; readonly sourceId: string }
    | { readonly kind: 'page'; readonly page: StorePage };
  /** `gone`: what was seen there is no more, or was left out, and this is the next best place. */
  readonly because: 'moved' | 'gone';
}
