import { tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalVariant, Measures, Pricing, ProductStatus } from '../../../domain/product.ts';
import type { ReportItem } from '../../../domain/record.ts';
import { metaFields } from './meta-fields.ts';
import { variantOptions } from './product-attributes.ts';
import { canonicalImage } from './product-images.ts';
import type { WireProduct, WireVariation } from './product-schema.ts';
import { stockPolicy } from './stock-policy.ts';

/** Variations in their order of precedence: `menu_order`, then id (fidelity §4.2). */
export function inPrecedence(variations: readonly WireVariation[]): WireVariation[] {
  return [...variations].sort((a, b) => a.menu_order - b.menu_order || Number(a.id) - Number(b.id));
}

/** A variation without a value of its own shows its parent's (fidelity T3): equal to the parent means inherited. */
export function canonicalVariant(
  variation: WireVariation,
  product: WireProduct,
  position: number,
): { readonly variant: CanonicalVariant; readonly reports: ReportItem[] } {
  const { meta, reports } = metaFields(variation.meta_data);
  const image = variation.image === null ? null : canonicalImage(variation.image);
  const parentImage = product.images[0];
  const taxClass = taxClassKey(variation.tax_class);
  const ownTaxClass = taxClass === 'parent' || taxClass === taxClassKey(product.tax_class) ? null : taxClass;
  const variant: CanonicalVariant = {
    sourceId: variation.id,
    sku: ownSku(variation.sku, product.sku),
    gtin: tidyText(variation.global_unique_id),
    status: productStatus(variation.status),
    pricing: canonicalPricing(variation),
    measures: ownMeasures(variation, product),
    image: image !== null && image.key === parentImage?.id ? null : image,
    stock: stockPolicy(variation, false),
    options: variantOptions(variation, product),
    virtual: variation.virtual,
    downloadable: variation.downloadable,
    taxClass: ownTaxClass,
    shippingClass: variation.shipping_class === product.shipping_class ? '' : variation.shipping_class,
    description: variation.description,
    position,
    meta,
  };
  return { variant, reports: [...reports, ...variantReports(variation, ownTaxClass)] };
}

export function ownSku(sku: string, parentSku: string): string {
  const own = sku.trim();
  return own.toLowerCase() === parentSku.trim().toLowerCase() ? '' : own;
}

export function taxClassKey(taxClass: string): string {
  return taxClass === 'standard' ? '' : taxClass;
}

export function canonicalPricing(
  priced: Pick<
    WireProduct,
    'regular_price' | 'sale_price' | 'on_sale' | 'date_on_sale_from_gmt' | 'date_on_sale_to_gmt'
  >,
): Pricing {
  return {
    regular: priced.regular_price,
    sale: priced.sale_price,
    onSale: priced.on_sale,
    saleFrom: priced.date_on_sale_from_gmt,
    saleTo: priced.date_on_sale_to_gmt,
  };
}

/** A status of a plugin is not sold until someone has looked at it: `draft`. */
export function productStatus(status: string): ProductStatus {
  if (status === 'publish') return 'published';
  if (status === 'future') return 'scheduled';
  return status === 'pending' || status === 'private' ? status : 'draft';
}

function ownMeasures(variation: WireVariation, product: WireProduct): Measures {
  const { length, width, height } = variation.dimensions;
  return {
    weight: ownMeasure(variation.weight, product.weight),
    length: ownMeasure(length, product.dimensions.length),
    width: ownMeasure(width, product.dimensions.width),
    height: ownMeasure(height, product.dimensions.height),
  };
}

function ownMeasure(value: string | null, parents: string | null): string | null {
  return value === null || (parents !== null && Number(value) === Number(parents)) ? null : value;
}

function variantReports(variation: WireVariation, ownTaxClass: string | null): ReportItem[] {
  const field = `variations.${variation.id}`;
  return [
    ...(ownTaxClass === null
      ? []
      : [{ key: 'variant-tax-class', field: `${field}.tax_class`, sample: ownTaxClass || 'standard' }]),
    ...(variation.downloads.length === 0 ? [] : [{ key: 'download-files', field: `${field}.downloads` }]),
  ];
}
