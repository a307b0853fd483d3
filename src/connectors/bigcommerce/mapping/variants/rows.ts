import type { CanonicalProduct } from '../../../../domain/product.ts';
import { normaliseKey, type WantedKey } from '../../../../domain/unique-key.ts';
import type { MapContext } from '../../../target.ts';
import type { Findings } from '../findings.ts';
import { identifiers } from '../identifiers.ts';
import { type ImageRules, isFetchable } from '../images.ts';
import { saleSchedule, wirePrice, wireSalePrice } from '../prices.ts';
import { type Tracking, warningLevel } from '../stock-tracking.ts';
import { wireMeasures } from '../units.ts';
import type { Combination } from './expansion.ts';
import type { VariantPlan } from './plan.ts';
import { plainSku, skuKeys, variantSku, variantSlot } from './skus.ts';

/** A variant as we mean it. `key` (the source's id, with `#n`) is not sent. */
export type WireVariant = {
  readonly key: string;
  readonly sku: string;
  readonly option_values: readonly { readonly option_display_name: string; readonly label: string }[];
  readonly price: number | null;
  readonly sale_price: number;
  readonly weight: number | null;
  readonly depth: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly gtin: string;
  readonly upc: string;
  readonly is_free_shipping: boolean;
  readonly purchasing_disabled: boolean;
  readonly inventory_warning_level: number;
  /** '' = none. */
  readonly image_url: string;
};

export interface VariantContext {
  readonly sourceId: string;
  readonly product: CanonicalProduct;
  readonly plan: VariantPlan;
  readonly tracking: Tracking;
  readonly context: MapContext;
  readonly rules: ImageRules;
  readonly findings: Findings;
  /** Sale schedules and odd GTINs of variants, for their metafields: `<key>` → name → value. */
  readonly extras: Map<string, Record<string, string>>;
}

export function mapVariants(all: VariantContext): readonly WireVariant[] {
  const { sourceId, product, plan, context } = all;
  const keys = skuKeys(sourceId, product, plan.rows, context);
  const skus = new Map(keys.map((key) => [key.slot, key]));
  return plan.rows.map((row) => mapRow(row, skus, all));
}

function mapRow(row: Combination, skus: ReadonlyMap<string, WantedKey>, all: VariantContext): WireVariant {
  const { plan, context, findings, extras, product } = all;
  const { variant } = row;
  const field = `variants.${row.key}.`;
  const ids = identifiers(variant.gtin, `${field}gtin`, findings);
  const schedule = saleSchedule(variant.pricing, `${field}sale_dates`, findings);
  extras.set(row.key, {
    ...(ids.rest === '' ? {} : { gtin: ids.rest }),
    ...(schedule === null ? {} : { sale_schedule: schedule }),
  });
  const price = wirePrice(variant.pricing.regular, `${field}price`, findings);
  const freeShipping = variant.virtual && !product.virtual;
  if (freeShipping) {
    const why = 'the product is shipped, this variation is not: it is carried with free shipping';
    findings.adjust('mixed-virtual-physical', `${field}virtual`, true, 'is_free_shipping', why);
  }
  return {
    key: row.key,
    sku: skuOf(row, skus, all),
    option_values: plan.options.map((choice, index) => ({
      option_display_name: choice.name,
      label: row.labels[index] ?? '',
    })),
    price,
    sale_price: price === null ? 0 : wireSalePrice(variant.pricing, `${field}sale_price`, findings),
    ...wireMeasures(variant.measures, field, context, findings),
    gtin: ids.gtin,
    upc: ids.upc,
    is_free_shipping: freeShipping,
    purchasing_disabled: isSwitchedOff(row, price, all),
    inventory_warning_level:
      all.tracking === 'variant' ? warningLevel(context.source, variant.stock, product.stock) : 0,
    image_url: imageOf(row, all),
  };
}

function skuOf(row: Combination, skus: ReadonlyMap<string, WantedKey>, all: VariantContext): string {
  const { sourceId, product, context, findings } = all;
  const field = `variants.${row.key}.sku`;
  const meant = variantSku(sourceId, product, row, context);
  if (plainSku(row.variant.sku) === '') {
    findings.adjust('sku-generated', field, '', meant, 'a variant needs a SKU of its own at the target');
  }
  const slot = variantSlot(row);
  const sku = context.keys[slot] ?? skus.get(slot)?.alternatives[0] ?? meant;
  if (normaliseKey(sku) !== normaliseKey(meant)) {
    findings.adjust('sku-made-unique', field, meant, sku, 'SKUs are unique over the whole target, ignoring case');
  }
  return sku;
}

/** What must not be bought, or cannot be sold at a known price, is switched off (fidelity §0 (c), §4.2, §4.3). */
function isSwitchedOff(row: Combination, price: number | null, { tracking, findings }: VariantContext): boolean {
  const { variant } = row;
  const field = `variants.${row.key}.`;
  if (price === null) {
    const why = 'it has no price at the source and cannot be bought there';
    findings.adjust('no-price-unpurchasable', `${field}price`, variant.pricing.regular, 'purchasing disabled', why);
  }
  const { managed, status, forcedOut } = variant.stock;
  const out = managed === 'no' && status === 'out_of_stock' && tracking !== 'variant';
  if (out) {
    const why = 'no stock is kept for it, so "out of stock" is carried as a switch';
    findings.adjust('out-of-stock-as-zero', `${field}stock`, 'out of stock', 'purchasing disabled', why);
  }
  if (forcedOut) {
    const why = 'the shop says out of stock although some are left: the level is kept, buying is switched off';
    findings.adjust('forced-out-of-stock', `${field}stock`, 'in stock', 'purchasing disabled', why);
  }
  return price === null || out || forcedOut || variant.status !== 'published';
}

function imageOf(row: Combination, { rules, findings }: VariantContext): string {
  const url = row.variant.image?.url ?? '';
  if (url === '' || isFetchable(url, rules)) return url;
  findings.report('image-unreachable', `variants.${row.key}.image`, url.slice(0, 200));
  return '';
}
