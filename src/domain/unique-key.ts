/**
 * A value that the target allows only once. `alternatives` are tried in order; the first is what the source wants, each
 * later one a deterministic adjustment (rulebook §3 `name-made-unique`, §4 `sku-made-unique`, §12 `url-changed`); the
 * last must hold the source id, so that one is always free.
 */
export interface WantedKey {
  /** Stable within the record: `name`, `sku`, `path`, `variant:<source id>:sku`. */
  readonly slot: string;
  /** What must be unique: `product-name`, `sku`, `path`, `category-name`, `brand-name`. */
  readonly kind: string;
  /** Narrows uniqueness: `siblingScope` for names of siblings; '' for store-wide keys. */
  readonly scope: string;
  readonly alternatives: readonly string[];
  /**
   * `identity`: a target record that holds the first alternative and is not ours may be the same thing, so the collision
   * policy decides (P6); `cosmetic`: just take the next alternative.
   */
  readonly role: 'identity' | 'cosmetic';
}

/** Slot → the alternative that the ledger reserved for the record. */
export type AssignedKeys = Readonly<Record<string, string>>;

/**
 * Where names of siblings are unique. Below a parent that is ours it is named by the parent's source id, which is known before
 * anything is written, so that the lowest id keeps a name whoever is written first (P6); at the top by the target's own id of it.
 */
export function siblingScope(parent: string | null, root: string | null): string {
  return parent === null ? (root ?? '0') : `below ${parent}`;
}

/** Form in which keys are compared: the target ignores case; trimmed; Unicode NFC. */
export function normaliseKey(value: string): string {
  return value.normalize('NFC').trim().toLowerCase();
}
