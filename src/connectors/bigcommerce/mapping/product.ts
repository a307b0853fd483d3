import type { Json } from '../../../domain/json.ts';
import type { CanonicalProduct } from '../../../domain/product.ts';
import type { WantedKey } from '../../../domain/unique-key.ts';
import type { ScannedKeys } from '../../source.ts';
import type { Mapped, MapContext } from '../../target.ts';
import { customFields, hiddenAttributes } from './custom-fields.ts';
import { createFindings, type Findings } from './findings.ts';
import { type ImageRules, productImages } from './images.ts';
import { productCore } from './product-core.ts';
import { productMetafields, variantMetafields, variantTexts } from './product-metafields.ts';
import { productName, productNameKey } from './product-texts.ts';
import { relatedProducts } from './related.ts';
import { trackingOf } from './stock-tracking.ts';
import type { FullTexts } from './texts.ts';
import { wantedPath } from './urls.ts';
import { mapModifiers, mapOptions } from './variants/option-rows.ts';
import { planVariants, type VariantPlan } from './variants/plan.ts';
import { mapVariants } from './variants/rows.ts';
import { childSkuKey, plainSku, productSkuKey, skuKeys } from './variants/skus.ts';

export function productKeys(
  sourceId: string,
  product: CanonicalProduct,
  context: Omit<MapContext, 'keys'>,
): readonly WantedKey[] {
  const { sourceKey } = context;
  const plan = planVariants(product, createFindings(), new Map());
  const name = productName(sourceId, product, createFindings(), new Map());
  return [
    productNameKey(sourceId, product, name, sourceKey),
    ...skuKeys(sourceId, product, 'refused' in plan ? [] : plan.rows, context),
    ...wantedPath(sourceId, product.path, context),
  ];
}

/** Its name, and the SKUs that it and its variants bring; generated ones hold an id and are nobody else's. */
export function scannedProductKeys(
  { sourceId, name, sku, children }: ScannedKeys,
  { sourceKey }: Pick<MapContext, 'sourceKey'>,
): readonly WantedKey[] {
  const named = productName(sourceId, { name }, createFindings(), new Map());
  const brought = children.filter((child) => plainSku(child.sku) !== '');
  return [
    ...(name === '' ? [] : [productNameKey(sourceId, { sku }, named, sourceKey)]),
    ...(plainSku(sku) === '' ? [] : [productSkuKey(sourceId, { sku }, { sourceKey, source: { skuPrefix: '' } })]),
    ...brought.map((child) => childSkuKey(child.sourceId, plainSku(child.sku), sourceKey)),
  ];
}

/** The whole of a product, by the rulebook (fidelity §4). */
export function mapProduct(
  sourceId: string,
  product: CanonicalProduct,
  context: MapContext,
  rules: ImageRules,
): Mapped {
  const findings = createFindings();
  const full: FullTexts = new Map();
  const plan = planVariants(product, findings, full);
  if ('refused' in plan) {
    const remedy = 'Split the product at the source, or choose which of its options shall become a free choice';
    return { outcome: 'refuse', reason: `The product is too large: ${plan.refused}`, remedy };
  }
  const tracking = trackingOf(product, plan, context.mapping);
  const extras = new Map<string, Record<string, string>>();
  const all = { sourceId, product, plan, tracking, context, rules, findings, extras };
  const { core, kept, taken } = productCore({ ...all, full });
  const variants = mapVariants(all);
  const { fetched, uploaded } = productImages(product.images, rules, findings);
  const fields = customFields(product, findings, full);
  const more = {
    ...kept,
    attributes: hiddenAttributes(product, findings),
    ...baseVariantTexts(plan, context, findings),
  };
  const desired: Record<string, Json> = {
    core,
    variants: { base: plan.base?.sourceId ?? null, rows: variants },
    images: fetched,
    custom_fields: fields,
    related: relatedProducts(product, context, findings),
    ...(varies(product) ? { options: mapOptions(plan), modifiers: mapModifiers(plan) } : {}),
    ...(uploaded.length > 0 ? { uploads: uploaded } : {}),
    metafields: productMetafields(product, context, sourceId, more, taken, findings, full),
    ...(plan.rows.length > 0 ? { variant_metafields: variantMetafields(plan, context, extras, findings) } : {}),
  };
  return {
    outcome: 'write',
    parts: Object.entries(desired).map(([part, form]) => ({ part, desired: form })),
    adjustments: findings.adjustments,
    reports: findings.reports,
  };
}

function varies(product: CanonicalProduct): boolean {
  return product.variants.length > 0 || product.attributes.some((attribute) => attribute.forVariants);
}

/** Texts of a variation that became the product itself. */
function baseVariantTexts({ base }: VariantPlan, context: MapContext, findings: Findings): Record<string, string> {
  if (base === null) return {};
  const texts = Object.entries(variantTexts(base, context, findings)).map(([name, text]) => [`variant_${name}`, text]);
  return { variant_source_id: base.sourceId, ...Object.fromEntries(texts) };
}
