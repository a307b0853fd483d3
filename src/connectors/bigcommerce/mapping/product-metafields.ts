import type { CanonicalProduct, CanonicalVariant } from '../../../domain/product.ts';
import type { Json } from '../../../domain/json.ts';
import type { MapContext } from '../../target.ts';
import type { Findings } from './findings.ts';
import { ownMetafields, shopMetafields, type WireMetafield } from './metafields.ts';
import { cleanHtml, type FullTexts, type Linking } from './texts.ts';
import type { VariantPlan } from './variants/plan.ts';

const PRIMARY_CATEGORY = ['_yoast_wpseo_primary_product_cat', 'rank_math_primary_product_cat'];

/** What has no field at the target and is kept all the same (fidelity §4). */
export function productMetafields(
  product: CanonicalProduct,
  { sourceKey, source }: Pick<MapContext, 'sourceKey' | 'source'>,
  sourceId: string,
  more: Readonly<Record<string, Json>>,
  taken: ReadonlySet<string>,
  findings: Findings,
  full: FullTexts,
): readonly WireMetafield[] {
  const kept = (key: string, field: string, value: Json, name: string, why: string): Json => {
    if (value !== null && value !== '') findings.adjust(key, field, value, `storeferry/${name}`, why);
    return value;
  };
  const primary = product.meta.find(({ key }) => PRIMARY_CATEGORY.includes(key))?.value ?? null;
  const noField = 'the target has no such field';
  const values: Record<string, Json> = {
    date_created: kept(
      'created-date-in-metafield',
      'date_created',
      product.createdAt,
      'date_created',
      'the target sets its own',
    ),
    shipping_class: kept(
      'shipping-class-in-metafield',
      'shipping_class',
      product.shippingClass,
      'shipping_class',
      noField,
    ),
    purchase_note: kept('purchase-note-in-metafield', 'purchase_note', product.purchaseNote, 'purchase_note', noField),
    primary_category: kept('primary-category-in-metafield', 'primary_category', primary, 'primary_category', noField),
    upsell_ids: product.upSells.length > 0 ? product.upSells : null,
    cross_sell_ids: product.crossSells.length > 0 ? product.crossSells : null,
    grouped_products: product.groupedChildren.length > 0 ? product.groupedChildren : null,
    downloads: product.downloads.length > 0 ? downloads(product) : null,
    ...more,
  };
  noteAddons(product, source.platform, findings);
  const gone = new Set([...taken, ...PRIMARY_CATEGORY]);
  return [
    ...ownMetafields(`${sourceKey}:${sourceId}`, values, full, findings),
    ...shopMetafields(source.platform, product.meta, gone, 'meta', findings),
  ];
}

function noteAddons(product: CanonicalProduct, platform: string, findings: Findings): void {
  if (product.meta.some(({ key }) => key === '_product_addons')) {
    const why = 'forms of add-ons differ by plugin: a mapping may turn them into modifiers';
    findings.adjust('addons-in-metafield', 'meta._product_addons', 'add-ons', `${platform}/_product_addons`, why);
  }
}

function downloads(product: CanonicalProduct): Json {
  const { downloads: files, downloadLimit, downloadExpiryDays } = product;
  return { names: files.map((file) => file.name), limit: downloadLimit, expiry_days: downloadExpiryDays };
}

/** Source key of a variant at the target → its metafields. Copies of one variation tell which they are by their key. */
export type VariantMetafields = readonly { readonly variant: string; readonly fields: readonly WireMetafield[] }[];

export function variantMetafields(
  plan: VariantPlan,
  context: Linking & Pick<MapContext, 'sourceKey' | 'source'>,
  extras: ReadonlyMap<string, Readonly<Record<string, string>>>,
  findings: Findings,
): VariantMetafields {
  return plan.rows.map((row) => {
    const own = row.copy === 1;
    const more = { ...(own ? variantTexts(row.variant, context, findings) : {}), ...extras.get(row.key) };
    const field = `variants.${row.key}.meta`;
    return {
      variant: row.key,
      fields: [
        ...ownMetafields(`${context.sourceKey}:${row.key}`, more, new Map(), findings),
        ...(own ? shopMetafields(context.source.platform, row.variant.meta, new Set(), field, findings) : []),
      ],
    };
  });
}

export function variantTexts(variant: CanonicalVariant, context: Linking, findings: Findings): Record<string, string> {
  const field = `variants.${variant.sourceId}.`;
  const description = cleanHtml(variant.description, `${field}description`, context, findings);
  if (description !== '') {
    const why = 'variants have no description at the target';
    findings.adjust(
      'variant-description-in-metafield',
      `${field}description`,
      variant.description,
      'storeferry/description',
      why,
    );
  }
  if (variant.shippingClass !== '') {
    const why = 'the target has no shipping classes';
    findings.adjust(
      'shipping-class-in-metafield',
      `${field}shipping_class`,
      variant.shippingClass,
      'storeferry/shipping_class',
      why,
    );
  }
  return { description, shipping_class: variant.shippingClass };
}
