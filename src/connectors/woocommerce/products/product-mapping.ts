import { decodedText, tidyText } from '../../../canonical/plain-text.ts';
import type { CanonicalProduct, CanonicalVariant, ProductKind, ProductVisibility } from '../../../domain/product.ts';
import type { ReportItem } from '../../../domain/record.ts';
import { pathOf } from '../wire/paths.ts';
import { metaFields } from './meta-fields.ts';
import { canonicalAttributes } from './product-attributes.ts';
import type { TermName } from './product-attributes.ts';
import { canonicalImages } from './product-images.ts';
import type { WireProduct } from './product-schema.ts';
import { stockPolicy } from './stock-policy.ts';
import { canonicalPricing, productStatus, taxClassKey } from './variation-mapping.ts';

const KINDS: Readonly<Record<string, ProductKind>> = {
  simple: 'simple',
  variable: 'variable',
  grouped: 'grouped',
  external: 'external',
  subscription: 'subscription',
  'variable-subscription': 'subscription',
  bundle: 'bundle',
  composite: 'bundle',
  woosb: 'bundle',
  'mix-and-match': 'bundle',
};

/** What makes a plain product recurring in the common subscription plugins (fidelity §4.1). */
const SUBSCRIPTION_META = new Set(['_subscription_price', '_wcsatt_schemes']);

/** Types whose stock status the shop computes from other records. */
const STATUS_FOLLOWS = new Set(['variable', 'variable-subscription', 'grouped']);

export function canonicalProduct(
  product: WireProduct,
  variants: readonly CanonicalVariant[],
  termName: TermName,
): { readonly canonical: CanonicalProduct; readonly reports: ReportItem[] } {
  const { meta, reports } = metaFields(product.meta_data);
  const canonical: CanonicalProduct = {
    kind: productKind(product),
    sourceType: product.type,
    name: decodedText(product.name),
    slug: product.slug,
    path: product.slug === '' ? null : pathOf(product.permalink),
    sku: product.sku.trim(),
    gtin: tidyText(product.global_unique_id),
    status: productStatus(product.status),
    visibility: visibility(product.catalog_visibility),
    passwordProtected: product.post_password !== '',
    featured: product.featured,
    soldIndividually: product.sold_individually,
    position: product.menu_order,
    description: product.description,
    shortDescription: product.short_description,
    pricing: canonicalPricing(product),
    taxStatus: product.tax_status === 'none' || product.tax_status === 'shipping' ? product.tax_status : 'taxable',
    taxClass: taxClassKey(product.tax_class),
    virtual: product.virtual,
    downloadable: product.downloadable,
    downloads: product.downloads.map((file) => ({ name: tidyText(file.name) })),
    downloadLimit: product.download_limit < 0 ? null : product.download_limit,
    downloadExpiryDays: product.download_expiry < 0 ? null : product.download_expiry,
    measures: { weight: product.weight, ...sizes(product) },
    shippingClass: product.shipping_class,
    purchaseNote: product.purchase_note,
    stock: stockPolicy(product, STATUS_FOLLOWS.has(product.type)),
    categories: product.categories.map((category) => category.id),
    brands: product.brands.map((brand) => brand.id).sort((a, b) => Number(a) - Number(b)),
    tags: product.tags.map((tag) => decodedText(tag.name)),
    images: canonicalImages(product.images),
    attributes: canonicalAttributes(product, termName),
    variants,
    upSells: product.upsell_ids,
    crossSells: product.cross_sell_ids,
    groupedChildren: product.grouped_products,
    externalUrl: product.external_url.trim(),
    buttonText: tidyText(product.button_text),
    reviewsAllowed: product.reviews_allowed,
    createdAt: product.date_created_gmt,
    meta,
  };
  return { canonical, reports: [...reports, ...productReports(product)] };
}

function productKind(product: WireProduct): ProductKind {
  const kind = KINDS[product.type] ?? 'unknown';
  const recurs = product.meta_data.some(
    ({ key, value }) => SUBSCRIPTION_META.has(key) && value !== '' && value !== null && JSON.stringify(value) !== '[]',
  );
  return recurs && (kind === 'simple' || kind === 'variable') ? 'subscription' : kind;
}

function visibility(word: string): ProductVisibility {
  if (word === 'catalog' || word === 'search') return word;
  return word === 'hidden' ? 'nowhere' : 'everywhere';
}

function sizes(product: WireProduct): { length: string | null; width: string | null; height: string | null } {
  const { length, width, height } = product.dimensions;
  return { length, width, height };
}

/** Values that no canonical field carries (fidelity §4, class REPORTED). */
function productReports(product: WireProduct): ReportItem[] {
  const reports: ReportItem[] = [];
  const sold = Number(product.total_sales ?? 0);
  if (sold > 0) reports.push({ key: 'sales-counter', field: 'total_sales', sample: String(sold) });
  if (!product.reviews_allowed) reports.push({ key: 'reviews-disabled-flag', field: 'reviews_allowed' });
  if (product.downloads.length > 0) reports.push({ key: 'download-files', field: 'downloads' });
  return reports;
}
