import { contentHash } from '../../../canonical/content-hash.ts';
import { tidyText } from '../../../canonical/plain-text.ts';
import { compareSourceIds } from '../../../domain/entity.ts';
import type { CanonicalProduct, StockPolicy } from '../../../domain/product.ts';
import type { Reference, ReportItem, SourceRecord } from '../../../domain/record.ts';
import { languageReports } from '../catalog/languages.ts';
import { pagePath } from '../options.ts';
import { latest } from '../../walks/instants.ts';
import { canonicalImages } from '../wire/images.ts';
import { customMeta } from '../wire/read-row.ts';
import { attributesOf, brandsOf } from './attributes.ts';
import type { WireProduct } from './product-schema.ts';
import { stockRecords } from './stock.ts';
import { canonicalVariant, NO_MEASURES, type Surroundings, taxClassOf } from './variant-mapping.ts';

/** The product has no stock of its own: each of its variants has. */
const NO_STOCK: StockPolicy = {
  managed: 'no',
  status: null,
  forcedOut: false,
  backorders: 'no',
  lowStockAt: null,
};

/** A product with the stock of its variants. */
export function productRecords(product: WireProduct, shop: Omit<Surroundings, 'attributes'>): SourceRecord[] {
  const { facts, place } = shop;
  const attributes = attributesOf(product, facts.brandFacet);
  const around = { ...shop, attributes };
  const { variants } = product;
  const taxClass = variants[0] === undefined ? '' : taxClassOf(variants[0]);
  const mapped = variants.map((variant, at) => canonicalVariant(variant, product, at, taxClass, around));
  const images = canonicalImages(product.featuredAsset, product.assets, place.serverUrl);
  const { meta, reports } = customMeta(product.customFields, facts, 'Product');
  const isSimple = product.optionGroups.length === 0 && variants.length === 1;
  const [first] = mapped;
  const canonical: CanonicalProduct = {
    kind: isSimple ? 'simple' : 'variable',
    sourceType: isSimple ? 'simple' : 'variable',
    name: tidyText(product.name),
    slug: product.slug,
    path: pagePath(place.productPath, product.slug),
    // Of a product without options: its only variant is the thing itself.
    sku: isSimple ? (first?.variant.sku ?? '') : '',
    gtin: '',
    status: product.enabled ? 'published' : 'draft',
    visibility: 'everywhere',
    passwordProtected: false,
    featured: false,
    soldIndividually: false,
    position: 0,
    description: product.description,
    shortDescription: '',
    pricing: isSimple && first !== undefined ? first.variant.pricing : noPricing(),
    taxStatus: 'taxable',
    taxClass,
    virtual: false,
    downloadable: false,
    downloads: [],
    downloadLimit: null,
    downloadExpiryDays: null,
    measures: NO_MEASURES,
    shippingClass: '',
    purchaseNote: '',
    stock: isSimple && first !== undefined ? first.variant.stock : NO_STOCK,
    categories: product.collections.map(({ id }) => id).toSorted(compareSourceIds),
    brands: brandsOf(product, facts.brandFacet),
    tags: [],
    images,
    attributes: attributes.attributes,
    variants: mapped.map(({ variant }) => (isSimple ? { ...variant, sku: '' } : variant)),
    upSells: [],
    crossSells: [],
    groupedChildren: [],
    externalUrl: '',
    buttonText: '',
    reviewsAllowed: true,
    createdAt: product.createdAt,
    meta,
  };
  const record: SourceRecord<'product'> = {
    entity: 'product',
    sourceId: product.id,
    modifiedAt: latest([product.updatedAt, ...variants.map(({ updatedAt }) => updatedAt)]),
    canonical,
    contentHash: contentHash('product', canonical),
    references: referencesOf(canonical),
    // What is switched off has no page at the shop.
    urls: canonical.path === null || !product.enabled ? [] : [canonical.path],
    reports: [
      ...reports,
      ...attributes.reports,
      ...fileReports(product),
      ...languageReports(product.translations, facts),
      ...mapped.flatMap((one) => one.reports),
    ],
  };
  return [record, ...stockRecords(product, facts)];
}

function noPricing(): CanonicalProduct['pricing'] {
  return { regular: null, sale: null, onSale: false, saleFrom: null, saleTo: null };
}

function referencesOf({ categories, brands }: CanonicalProduct): Reference[] {
  return [
    ...categories.map((sourceId): Reference => ({ entity: 'category', sourceId, kind: 'hard', field: 'categories' })),
    ...brands.map((sourceId): Reference => ({ entity: 'brand', sourceId, kind: 'hard', field: 'brands' })),
  ];
}

/** Films and documents have no place among pictures. */
function fileReports({ assets }: WireProduct): ReportItem[] {
  const files = assets.filter(({ type }) => type !== 'IMAGE').length;
  return files === 0 ? [] : [{ key: 'asset-files', field: 'assets', sample: String(files) }];
}
