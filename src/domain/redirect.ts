import type { Entity } from './entity.ts';

/** An address of the source that is another one at the target (P11). The source id is the old path. */
export interface CanonicalRedirect {
  /** As in `CanonicalProduct.path`. */
  readonly fromPath: string;
  readonly to:
    | { readonly kind: 'record'; readonly entity: Entity; readonly sourceId: string }
    | { readonly kind: 'path'; readonly path: string };
  /** `gone`: what was seen there is no more, or was left out, and this is the next best place. */
  readonly because: 'moved' | 'gone';
}
