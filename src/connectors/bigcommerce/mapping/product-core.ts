import type { Json } from '../../../domain/json.ts';
import type { CanonicalProduct, CanonicalVariant } from '../../../domain/product.ts';
import { type Identifiers, identifiers } from './identifiers.ts';
import { int32 } from './numbers.ts';
import { lowestPrice, saleSchedule, wirePrice, wireSalePrice } from './prices.ts';
import { type Selling, sellingOf } from './product-kind.ts';
import { productDescription, productName, productNameKey } from './product-texts.ts';
import { seoFields, sharingFields } from './seo.ts';
import { type StockFields, stockFields } from './stock-tracking.ts';
import { taxClassId } from './tax-class.ts';
import type { FullTexts } from './texts.ts';
import { assignedValue } from './unique-values.ts';
import { wireMeasures } from './units.ts';
import { customUrl } from './urls.ts';
import type { VariantContext } from './variants/rows.ts';
import { plainSku, productSku, productSkuKey } from './variants/skus.ts';
import { wellFormed } from './well-formed.ts';

export type CoreContext = VariantContext & { readonly full: FullTexts };

/** The product's own fields as the wire names them; every field is always there, so that nothing vanishes unsaid. */
export type WireProductCore = { readonly [field: string]: Json };

const COST_KEYS = ['_cogs_total_value', '_wc_cog_cost'];
const MAX_CATEGORIES = 1_000;

export function productCore(all: CoreContext): {
  readonly core: WireProductCore;
  /** What has no field, for metafields. */
  readonly kept: Readonly<Record<string, Json>>;
  readonly taken: ReadonlySet<string>;
} {
  const { sourceId, product, plan, context, findings, full } = all;
  const name = nameOf(all);
  const seo = seoFields(product.meta, name, context, findings);
  const shared = sharingFields(product.meta, name, context, findings);
  const selling = sellingOf(product, context, findings);
  const text = productDescription(product, selling.ending, context, findings, full);
  const ids = identifiers(plan.base?.gtin || product.gtin, 'gtin', findings);
  const sale = saleOf(all, selling);
  const brands = brandsOf(all);
  const cost = costOf(product);
  const core: WireProductCore = {
    name,
    type: selling.type,
    sku: skuOf(all),
    description: text.description,
    ...measuresOf(all, plan.base),
    ...sale.fields,
    cost_price: cost.price,
    tax_class_id: taxClassId(product, context, findings),
    categories: categoriesOf(all),
    brand_id: brands.id,
    is_visible: isVisible(all, selling.hidden),
    is_featured: product.featured,
    upc: ids.upc,
    gtin: ids.gtin,
    search_keywords: searchKeywords(all),
    order_quantity_maximum: product.soldIndividually ? 1 : 0,
    page_title: seo.title,
    meta_description: seo.description,
    open_graph_title: shared.title,
    open_graph_description: shared.description,
    sort_order: int32(product.position),
    custom_url: customUrl(sourceId, product.path, context, findings),
  };
  const kept = keptOf(ids, sale.schedule, text.shortMetafield, brands.others);
  return { core, kept, taken: new Set([...seo.taken, ...shared.taken, ...cost.taken]) };
}

/** Prices, stock keeping and whether it can be bought hang together: what has no price must not be sold (fidelity §0 (c)). */
function saleOf(all: CoreContext, selling: Selling) {
  const price = priceOf(all, selling.priceless);
  const stock = stockFields(all.product, all.plan, all.context, all.findings);
  const disabled = selling.disabled || price.missing || stock.disabled;
  const fields = {
    price: price.price,
    sale_price: price.sale,
    inventory_tracking: stock.tracking,
    inventory_warning_level: stock.warningLevel,
    availability: availabilityOf(disabled, stock),
    availability_description: stock.availabilityDescription,
    is_price_hidden: disabled && (price.missing || selling.priceless),
  };
  return { fields, schedule: price.schedule };
}

function keptOf(ids: Identifiers, schedule: string | null, short: string, brands: readonly string[]) {
  return {
    gtin: ids.rest,
    sale_schedule: schedule,
    short_description: short,
    brands: brands.length === 0 ? null : [...brands],
  };
}

function nameOf({ sourceId, product, context, findings, full }: CoreContext): string {
  const name = productName(sourceId, product, findings, full);
  const wanted = productNameKey(sourceId, product, name, context.sourceKey);
  const why = 'names are unique at the target, ignoring case';
  return assignedValue(wanted, context.keys, { key: 'name-made-unique', field: 'name', why, findings });
}

function skuOf({ sourceId, product, context, findings }: CoreContext): string {
  if (plainSku(product.sku) === '') {
    const why = 'it has none, and a create whose reply is lost is found by it';
    findings.adjust('sku-generated', 'sku', '', productSku(sourceId, product, context), why);
  }
  const wanted = productSkuKey(sourceId, product, context);
  const why = 'SKUs are unique over the whole target, ignoring case';
  return assignedValue(wanted, context.keys, { key: 'sku-made-unique', field: 'sku', why, findings });
}

/** A variable product shows the lowest regular price of what is published; each variant has its own (fidelity §4). */
function priceOf({ product, plan, findings }: CoreContext, priceless: boolean) {
  const pricing = plan.base?.pricing ?? product.pricing;
  const regular =
    plan.rows.length > 0
      ? lowestPrice(
          plan.rows
            .filter(({ variant }) => variant.status === 'published')
            .map(({ variant }) => variant.pricing.regular),
        )
      : pricing.regular;
  const schedule = plan.rows.length > 0 ? null : saleSchedule(pricing, 'sale_dates', findings);
  if (priceless) return { price: 0, sale: 0, schedule, missing: false };
  const price = wirePrice(regular, 'price', findings);
  if (price === null) {
    const why = 'it has no price at the source and cannot be bought there';
    findings.adjust('no-price-unpurchasable', 'price', regular, 'availability: disabled', why);
  }
  const sale = price === null || plan.rows.length > 0 ? 0 : wireSalePrice(pricing, 'sale_price', findings);
  return { price: price ?? 0, sale, schedule, missing: price === null };
}

function measuresOf({ product, context, findings }: CoreContext, base: CanonicalVariant | null): WireProductCore {
  const measures = {
    weight: base?.measures.weight ?? product.measures.weight,
    length: base?.measures.length ?? product.measures.length,
    width: base?.measures.width ?? product.measures.width,
    height: base?.measures.height ?? product.measures.height,
  };
  const wire = wireMeasures(measures, '', context, findings);
  return { weight: wire.weight ?? 0, depth: wire.depth ?? 0, width: wire.width ?? 0, height: wire.height ?? 0 };
}

function isVisible({ product, plan, findings }: CoreContext, hidden: boolean): boolean {
  if (product.status === 'scheduled') {
    findings.adjust(
      'scheduled-product-hidden',
      'status',
      'scheduled',
      'hidden',
      'it is shown once the source publishes it',
    );
  }
  if (product.passwordProtected) {
    findings.adjust(
      'password-product-hidden',
      'post_password',
      'set',
      'hidden',
      'the target has no password for a product',
    );
  }
  if (product.visibility === 'nowhere') {
    findings.adjust('visibility-hidden', 'catalog_visibility', 'hidden', 'hidden', 'the target has one switch');
  } else if (product.visibility !== 'everywhere') {
    findings.adjust(
      'visibility-flattened',
      'catalog_visibility',
      product.visibility,
      'visible',
      'the target has one switch',
    );
  }
  const switchedOff = plan.base !== null && plan.base.status !== 'published';
  const shown = product.status === 'published' && !product.passwordProtected && product.visibility !== 'nowhere';
  return shown && !hidden && !switchedOff;
}

function availabilityOf(disabled: boolean, stock: StockFields): string {
  if (disabled) return 'disabled';
  return stock.preorder ? 'preorder' : 'available';
}

function categoriesOf({ product, context }: CoreContext): readonly number[] {
  const ids = product.categories.flatMap((sourceId) => context.targetIdOf({ entity: 'category', sourceId }) ?? []);
  return [...new Set(ids.map(Number))].slice(0, MAX_CATEGORIES).sort((a, b) => a - b);
}

/** The target has one brand for a product: the first (fidelity §4). */
function brandsOf({ product, context, findings }: CoreContext): {
  readonly id: number;
  readonly others: readonly string[];
} {
  const [first, ...others] = product.brands.filter(
    (sourceId) => context.targetIdOf({ entity: 'brand', sourceId }) !== null,
  );
  if (others.length > 0) {
    const why = 'a product has one brand at the target';
    findings.adjust('extra-brand-dropped', 'brands', [...product.brands], first ?? null, why);
  }
  return { id: first === undefined ? 0 : Number(context.targetIdOf({ entity: 'brand', sourceId: first })), others };
}

function searchKeywords({ product, findings }: CoreContext): string {
  const keywords = product.tags
    .map((tag) => tag.replace(/,/g, ' ').trim())
    .filter((tag) => tag !== '')
    .join(',');
  if (keywords === '') return '';
  findings.adjust('tags-as-search-keywords', 'tags', [...product.tags], keywords, 'the target has no product tags');
  return wellFormed(keywords).slice(0, 65_535);
}

function costOf(product: CanonicalProduct): { readonly price: number; readonly taken: readonly string[] } {
  const quiet = { adjustments: [], reports: [], adjust: () => {}, report: () => {} };
  for (const key of COST_KEYS) {
    const value = product.meta.find((row) => row.key === key)?.value;
    const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : null;
    const price = wirePrice(text, key, quiet);
    if (price !== null) return { price, taken: [key] };
  }
  return { price: 0, taken: [] };
}
