/**
 * The stock of one variant (or of a product without variants) at one location. Source id: `<product>` or
 * `<product>/<variant>`; a second location would append `@<location>`.
 */
export interface CanonicalStock {
  readonly product: string;
  /** Source id of the variant, null for the product's own pool. */
  readonly variant: string | null;
  readonly location: 'default';
  readonly managed: 'own' | 'parent' | 'no';
  /** Quantity of the pool this stock draws from; null = the source gives none. May be negative or fractional text. */
  readonly quantity: string | null;
  readonly status: 'in_stock' | 'out_of_stock' | 'on_backorder';
  readonly backorders: 'no' | 'notify' | 'yes';
  /** For `managed: 'parent'`: the pool is shared by `of` siblings, this is number `index` from 0. */
  readonly share: { readonly index: number; readonly of: number } | null;
  /** Whether any sibling (or this one) is tracked, so that an untracked one needs a figure too. */
  readonly anySiblingManaged: boolean;
}
