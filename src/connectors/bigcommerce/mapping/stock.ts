import type { CanonicalStock } from '../../../domain/stock.ts';
import { compareSourceIds } from '../../../domain/entity.ts';
import type { Mapped, MapContext } from '../../target.ts';
import { parseDecimal } from './decimals.ts';
import { createFindings, type Findings } from './findings.ts';
import { MAX_STOCK } from './numbers.ts';

/** Kinds of children that a product remembers its variants by. */
export const VARIANT = 'variant';
/** Source variant that became the product itself, because no real option was left. */
export const BASE_VARIANT = 'base_variant';
/** One pair with how the product is tracked in place of a target id: `none`, `product` or `variant`. */
export const TRACKING = 'tracking';

/** Absolute levels. Exactly one of the ids is set; `product_id` where the product is tracked as a whole. */
export type StockLevel = {
  readonly variant_id: number | null;
  readonly product_id: number | null;
  readonly quantity: number;
};
export type DesiredStock = { readonly location_id: number; readonly levels: readonly StockLevel[] };

/** Pure (fidelity §4.3). A stock that is not tracked at the target has nothing to be written. */
export function mapStock(stock: CanonicalStock, context: MapContext): Mapped {
  const findings = createFindings();
  const product = { entity: 'product' as const, sourceId: stock.product };
  const productId = context.targetIdOf(product);
  if (productId === null) return skip('its product is not at the target', findings);
  const tracking = context.childrenOf(product).find((pair) => pair.kind === TRACKING)?.targetId;
  const quantity = tracking === 'none' ? null : levelOf(stock, context, findings);
  if (quantity === null) return skip('the target does not track it: it is simply available', findings);
  const ids = variantIds(stock, context);
  if (ids === null) return skip('its variation is not carried', findings);
  const levels =
    ids.length === 0
      ? [{ variant_id: null, product_id: Number(productId), quantity }]
      : ids.map((id, index) => ({
          variant_id: id,
          product_id: null,
          quantity: shareOf(quantity, index, ids.length, stock),
        }));
  if (ids.length > 1 && stock.managed !== 'no') {
    const why = 'its variation became several variants: the level is divided, the total kept';
    findings.adjust(
      'any-variation-expanded',
      'quantity',
      quantity,
      levels.map((level) => level.quantity),
      why,
    );
  }
  const desired: DesiredStock = { location_id: Number(context.target.ids['location'] ?? 1), levels };
  return {
    outcome: 'write',
    parts: [{ part: 'core', desired }],
    adjustments: findings.adjustments,
    reports: findings.reports,
  };
}

/** Everything the target id of a stock says: which levels it is about. */
export function stockTargetId(desired: DesiredStock): string {
  const variants = desired.levels.flatMap((level) => level.variant_id ?? []);
  return variants.length > 0 ? `variant:${variants.join(',')}` : `product:${desired.levels[0]?.product_id ?? 0}`;
}

function skip(reason: string, findings: Findings): Mapped {
  return { outcome: 'skip', reason, adjustments: findings.adjustments };
}

/** [] = the product as a whole; null = a variation that has no variant. */
function variantIds(stock: CanonicalStock, context: MapContext): readonly number[] | null {
  const { variant } = stock;
  if (variant === null) return [];
  const children = context.childrenOf({ entity: 'product', sourceId: stock.product });
  const pairs = children.filter(
    (pair) =>
      pair.kind === VARIANT &&
      pair.targetId !== '' &&
      (pair.sourceId === variant || pair.sourceId.startsWith(`${variant}#`)),
  );
  if (pairs.length > 0) {
    return pairs
      .toSorted((a, b) => compareSourceIds(copyOf(a.sourceId), copyOf(b.sourceId)))
      .map((pair) => Number(pair.targetId));
  }
  return children.some((pair) => pair.kind === BASE_VARIANT && pair.sourceId === variant && pair.targetId !== '')
    ? []
    : null;
}

/** `12#3` is the third variant of variation 12. */
function copyOf(sourceId: string): string {
  return sourceId.split('#')[1] ?? '1';
}

/** null: not tracked. */
function levelOf(stock: CanonicalStock, context: MapContext, findings: Findings): number | null {
  if (stock.managed === 'no') return unmanagedLevel(stock, context, findings);
  if (stock.backorders !== 'no' && context.mapping.backorders === 'untracked') {
    return stock.variant === null || !stock.anySiblingManaged ? null : placeholder(context, findings);
  }
  if (stock.backorders !== 'no') {
    const why = 'the target has no switch for backorders: sales stop at 0';
    findings.adjust('backorder-dropped', 'backorders', stock.backorders, 'no', why);
  }
  const whole = clamped(stock.quantity, findings);
  if (stock.share === null || stock.share.of < 2) return whole;
  const part = divided(whole, stock.share.index, stock.share.of);
  const why = 'variations that share one stock get a part each, the total is kept';
  findings.adjust('shared-stock-split', 'quantity', whole, part, why);
  return part;
}

function unmanagedLevel(stock: CanonicalStock, context: MapContext, findings: Findings): number | null {
  const tracked = stock.variant !== null && stock.anySiblingManaged;
  if (stock.status === 'out_of_stock' && (tracked || isProductItself(stock, context))) {
    findings.adjust(
      'out-of-stock-as-zero',
      'quantity',
      null,
      0,
      'the target knows "out of stock" only as a level of 0',
    );
    return 0;
  }
  return tracked && !isProductItself(stock, context) ? placeholder(context, findings) : null;
}

/** The stock is the product's own, not that of one variant among several. */
function isProductItself(stock: CanonicalStock, context: MapContext): boolean {
  return variantIds(stock, context)?.length === 0;
}

function placeholder(context: MapContext, findings: Findings): number {
  const level = context.mapping.untrackedPlaceholder;
  const why = 'no stock is kept for it, but the target tracks all variants of a product or none';
  findings.adjust('untracked-stock-placeholder', 'quantity', null, level, why);
  return level;
}

/** Fractions down, nothing below 0, nothing above what the target holds. */
function clamped(quantity: string | null, findings: Findings): number {
  const exact = parseDecimal(quantity);
  const level = exact === null ? 0 : Math.max(0, Math.min(MAX_STOCK, Math.floor(Number(exact.toString()))));
  if (exact === null || !exact.eq(level)) {
    findings.adjust(
      'stock-clamped',
      'quantity',
      quantity,
      level,
      'the target keeps whole levels from 0 to 2,147,483,647',
    );
  }
  return level;
}

/** Evenly, the remainder to the first: the parts always add up to the whole. */
function divided(whole: number, index: number, of: number): number {
  const part = Math.floor(whole / of);
  return index === 0 ? whole - part * (of - 1) : part;
}

/** A placeholder and a zero are no stock that could be divided. */
function shareOf(quantity: number, index: number, of: number, stock: CanonicalStock): number {
  return stock.managed === 'no' ? quantity : divided(quantity, index, of);
}
