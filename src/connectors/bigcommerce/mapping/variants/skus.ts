import type { CanonicalProduct } from '../../../../domain/product.ts';
import { normaliseKey, type WantedKey } from '../../../../domain/unique-key.ts';
import { suffixed, uniqueTexts } from '../unique-values.ts';
import type { Combination } from './expansion.ts';
import { wellFormed } from '../well-formed.ts';

const MAX_SKU = 255;

/** Whose product it is; what it has no SKU of its own for is named after the platform. */
export interface SkuContext {
  readonly sourceKey: string;
  readonly source: { readonly skuPrefix: string };
}

/** SKUs are compared trimmed (fidelity N12); control characters are no part of one. */
export function plainSku(sku: string): string {
  // oxlint-disable-next-line no-control-regex
  return wellFormed(sku.replace(/[\u0000-\u001f\u007f]/g, '')).trim();
}

/** Every product gets a SKU: a create whose reply is lost is found by it (bigcommerce-api §2). */
export function productSku(
  sourceId: string,
  product: Pick<CanonicalProduct, 'sku'>,
  { source }: Pick<SkuContext, 'source'>,
): string {
  return suffixed(plainSku(product.sku), '', MAX_SKU) || `${source.skuPrefix}-${sourceId}`;
}

export function productSkuKey(
  sourceId: string,
  product: Pick<CanonicalProduct, 'sku'>,
  { sourceKey, source }: SkuContext,
): WantedKey {
  const generated = plainSku(product.sku) === '';
  return {
    slot: 'sku',
    kind: 'sku',
    scope: '',
    alternatives: uniqueTexts(
      productSku(sourceId, product, { source }),
      generated ? [] : [`-${sourceId}`],
      MAX_SKU,
      generated ? `-${sourceKey}` : `-${sourceId}-${sourceKey}`,
    ),
    role: 'identity',
  };
}

/** Own SKU, or one made of the parent's and the variation's id (fidelity §4.2). */
export function variantSku(
  sourceId: string,
  product: CanonicalProduct,
  row: Combination,
  context: Pick<SkuContext, 'source'>,
): string {
  const own = suffixed(plainSku(row.variant.sku), '', MAX_SKU);
  const whole =
    own === '' ? suffixed(productSku(sourceId, product, context), `-${row.variant.sourceId}`, MAX_SKU) : own;
  return row.copy === 1 ? whole : suffixed(whole, `-${row.copy}`, MAX_SKU);
}

/** All SKUs of a product: its own first, then those that variants bring, then the generated ones, no two of them equal. */
export function skuKeys(
  sourceId: string,
  product: CanonicalProduct,
  rows: readonly Combination[],
  context: SkuContext,
): readonly WantedKey[] {
  const own = productSkuKey(sourceId, product, context);
  const taken = new Set([normaliseKey(own.alternatives[0] ?? '')]);
  const brought = rows.filter((row) => row.copy === 1 && plainSku(row.variant.sku) !== '');
  const keys = [...brought, ...rows.filter((row) => !brought.includes(row))].map((row) => {
    const key = variantSkuKey(sourceId, product, row, context);
    const free = key.alternatives.findIndex((sku) => !taken.has(normaliseKey(sku)));
    const alternatives = key.alternatives.slice(Math.max(0, free));
    taken.add(normaliseKey(alternatives[0] ?? ''));
    return { ...key, alternatives };
  });
  return [own, ...keys];
}

export function variantSlot(row: Combination): string {
  return slotOf(row.key);
}

function slotOf(key: string): string {
  return `variant:${key}:sku`;
}

function variantSkuKey(sourceId: string, product: CanonicalProduct, row: Combination, context: SkuContext): WantedKey {
  return childSkuKey(row.key, variantSku(sourceId, product, row, context), context.sourceKey);
}

/** @param key the variant's source id, or that with `#2`, `#3`, ... */
export function childSkuKey(key: string, sku: string, sourceKey: string): WantedKey {
  const id = key.replace('#', '-');
  return {
    slot: slotOf(key),
    kind: 'sku',
    scope: '',
    alternatives: uniqueTexts(suffixed(sku, '', MAX_SKU), [`-${id}`], MAX_SKU, `-${id}-${sourceKey}`),
    role: 'identity',
  };
}
