import type { CanonicalProduct, StockPolicy } from '../../../domain/product.ts';
import type { Mapping } from '../../../domain/mapping.ts';
import type { SourceProfile } from '../../source.ts';
import type { MapContext } from '../../target.ts';
import { int32 } from './numbers.ts';
import type { VariantPlan } from './variants/plan.ts';
import type { Findings } from './findings.ts';

export type Tracking = 'none' | 'product' | 'variant';

/** What stock does to the product's own fields; the levels are records of entity `stock`. */
export interface StockFields {
  readonly tracking: Tracking;
  readonly disabled: boolean;
  readonly preorder: boolean;
  readonly availabilityDescription: string;
  readonly warningLevel: number;
}

/** Where the levels are kept (fidelity §4.3). */
export function trackingOf(
  product: CanonicalProduct,
  plan: VariantPlan,
  mapping: Pick<Mapping, 'backorders'>,
): Tracking {
  if (plan.rows.length > 0) {
    const managed = plan.rows.map((row) => row.variant.stock.managed);
    if (managed.every((kept) => kept === 'parent')) return sellsOn(product.stock, mapping) ? 'none' : 'product';
    return managed.some((kept) => kept !== 'no') ? 'variant' : 'none';
  }
  const policy = singlePolicy(product, plan);
  if (policy === null || sellsOn(policy, mapping)) return 'none';
  return policy.managed !== 'no' || policy.status === 'out_of_stock' ? 'product' : 'none';
}

/** The policy of a product that is one thing to buy; null for a variable one that lost all its variations. */
function singlePolicy(product: CanonicalProduct, plan: VariantPlan): StockPolicy | null {
  if (plan.base === null) return lacksVariants(product) ? null : product.stock;
  return plan.base.stock.managed === 'parent' ? { ...product.stock, managed: 'own' } : plan.base.stock;
}

export function lacksVariants(product: CanonicalProduct): boolean {
  const varies = product.kind === 'variable' || product.sourceType.startsWith('variable');
  return varies && product.variants.length === 0;
}

function sellsOn(policy: StockPolicy, mapping: Pick<Mapping, 'backorders'>): boolean {
  return policy.managed !== 'no' && policy.backorders !== 'no' && mapping.backorders === 'untracked';
}

export function stockFields(
  product: CanonicalProduct,
  plan: VariantPlan,
  { mapping, source }: Pick<MapContext, 'mapping' | 'source'>,
  findings: Findings,
): StockFields {
  const tracking = trackingOf(product, plan, mapping);
  const policy = plan.rows.length > 0 ? product.stock : singlePolicy(product, plan);
  const onBackorder = noteOnBackorder(product, plan, policy, findings);
  const forcedOut = plan.rows.length === 0 && policy?.forcedOut === true;
  if (forcedOut) {
    const why = 'the shop says out of stock although some are left: the level is kept, buying is switched off';
    findings.adjust('forced-out-of-stock', 'stock', 'in stock', 'availability: disabled', why);
  }
  if (plan.rows.length === 0 && policy?.managed === 'no' && policy.status === 'out_of_stock') {
    findings.adjust(
      'out-of-stock-as-zero',
      'stock',
      'out of stock',
      0,
      'the target knows "out of stock" only as a level of 0',
    );
  }
  const allowsBackorders = policy !== null && policy.managed !== 'no' && policy.backorders !== 'no';
  return {
    tracking,
    disabled: forcedOut,
    preorder: allowsBackorders && mapping.backorders === 'preorder',
    availabilityDescription: onBackorder ? 'Available on backorder' : '',
    warningLevel: tracking === 'none' ? 0 : warningLevel(source, policy),
  };
}

/** The first figure that somebody set, from the thing itself up to the shop (fidelity §4 `low_stock_amount`). */
export function warningLevel(source: Pick<SourceProfile, 'lowStockAt'>, ...policies: (StockPolicy | null)[]): number {
  const own = policies.map((policy) => policy?.lowStockAt ?? null).find((level) => level !== null);
  return Math.max(0, int32(own ?? source.lowStockAt));
}

function noteOnBackorder(
  product: CanonicalProduct,
  plan: VariantPlan,
  policy: StockPolicy | null,
  findings: Findings,
): boolean {
  const policies = plan.rows.length > 0 ? plan.rows.map((row) => row.variant.stock) : [policy];
  const any = policies.some((one) => one?.managed === 'no' && one.status === 'on_backorder');
  if (any) {
    const why = 'it can be ordered without stock: the target sells it untracked and says so';
    findings.adjust('backorder-as-available', 'stock', 'on backorder', 'available', why);
  }
  return any && plan.rows.length === 0 && product.kind !== 'external';
}
