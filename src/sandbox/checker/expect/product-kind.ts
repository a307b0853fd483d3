import type { Row } from '../raw/row.ts';
import { rowsOf, textOf } from '../raw/row.ts';

/** What the type of a product means for the target (fidelity §4.1). */
export interface ProductKind {
  /** Whose price is shown: the product's own, its variations' lowest, or none at all. */
  price: 'own' | 'variations' | 'none';
  /** Must not be bought, whatever its price. */
  disabled: boolean;
  /** Must not be seen either. */
  hidden: boolean;
  /** Adjustment key. */
  key: string | null;
}

const PLAIN: ProductKind = { price: 'own', disabled: false, hidden: false, key: null };
const SUBSCRIPTION = { disabled: true, key: 'subscription-as-disabled-product' };
const BUNDLES = new Set(['bundle', 'composite', 'woosb', 'mix-and-match', 'mix_and_match', 'yith_bundle']);

export function kindOf(product: Row): ProductKind {
  const type = textOf(product['type']);
  if (type === 'variable-subscription') return { ...PLAIN, ...SUBSCRIPTION, price: 'variations' };
  if (type === 'subscription') return { ...PLAIN, ...SUBSCRIPTION };
  if (type === 'simple' || type === 'variable') {
    const price = type === 'variable' ? 'variations' : 'own';
    return { ...PLAIN, price, ...(hasSubscriptionMeta(product) ? SUBSCRIPTION : {}) };
  }
  if (type === 'grouped') return { ...PLAIN, price: 'none', disabled: true, key: 'grouped-as-display-product' };
  if (type === 'external') return { ...PLAIN, disabled: true, key: 'external-as-link-product' };
  if (BUNDLES.has(type)) {
    const priced = textOf(product['regular_price']) !== '';
    return { ...PLAIN, price: priced ? 'own' : 'none', disabled: !priced, key: 'bundle-as-product' };
  }
  // Booking, auction, membership, gift card, and whatever nobody has heard of.
  return { ...PLAIN, disabled: true, hidden: true, key: 'unknown-type-disabled' };
}

export function hasVariations(product: Row): boolean {
  return kindOf(product).price === 'variations';
}

function hasSubscriptionMeta(product: Row): boolean {
  return rowsOf(product['meta_data']).some((row) => /^_subscription_(price|period)$/.test(textOf(row['key'])));
}
