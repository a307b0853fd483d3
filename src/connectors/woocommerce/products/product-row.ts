import { z } from 'zod';
import { contentHash } from '../../../canonical/content-hash.ts';
import { decodedText } from '../../../canonical/plain-text.ts';
import type { Reference, ReportItem, SourceRecord, UnreadableRecord } from '../../../domain/record.ts';
import { inTurns } from '../../in-turns.ts';
import type { ScannedKeys } from '../../source.ts';
import type { EntityRow, ReadRows } from '../entity-row.ts';
import { StoreFailure } from '../../http/failures.ts';
import { gmt, id, ids as idList, text } from '../wire/fields.ts';
import { readRow, readRows, rowId, unknownFields } from '../wire/read-row.ts';
import type { WooApi } from '../woo-api.ts';
import { globalDefaults } from './product-attributes.ts';
import type { TermName } from './product-attributes.ts';
import { canonicalProduct } from './product-mapping.ts';
import { productSchema, variationSchema } from './product-schema.ts';
import type { WireProduct, WireVariation } from './product-schema.ts';
import { stockRecords } from './stock-mapping.ts';
import { createTermNames } from './term-names.ts';
import { listOfProduct, listVariations } from './variation-list.ts';
import { canonicalVariant, inPrecedence, ownSku } from './variation-mapping.ts';

const scanSchema = z.looseObject({ id, name: text, sku: text, slug: text, date_modified_gmt: gmt, variations: idList });

export function productRow(api: WooApi): EntityRow {
  const termNames = createTermNames(api);
  return {
    entity: 'product',
    brings: ['stock'],
    modifiedFilter: true,
    pageSize: 100,
    route: '/products',
    listQuery: { status: 'any' },
    scanFields: ['id', 'name', 'sku', 'slug', 'date_modified_gmt', 'variations'],
    hasTrash: true,
    goneCodes: ['woocommerce_rest_product_invalid_id'],
    read: async (rows, signal): Promise<ReadRows> => {
      const { good: products, unreadable } = await readRows('product', productSchema, rows);
      const termName = await termNames.lookUp(
        products.flatMap(({ row }) => globalDefaults(row).map(({ attributeId }) => attributeId)),
        signal,
      );
      const variations = await completeVariations(
        api,
        products.map(({ row }) => row),
        signal,
      );
      const records: SourceRecord[] = [];
      await inTurns(products, ({ row, unknown }) => {
        const whole = assembled(row, variations, termName, unknown);
        if ('reason' in whole) unreadable.push(whole);
        else records.push(...whole);
      });
      return { records, unreadable };
    },
    keys: (rows, signal) => scannedKeys(api, rows, signal),
  };
}

/**
 * The rows of all variations, by id. One that its product names and the list does not show is looked for again in the
 * product's own list: it may have been deleted in between, but a list that hides it must not look like a delete (P7).
 */
async function completeVariations(
  api: WooApi,
  products: readonly WireProduct[],
  signal: AbortSignal,
): Promise<{ rows: Map<string, unknown>; gone: Set<string> }> {
  const rows = await listVariations(api, products, signal);
  const gone = new Set<string>();
  for (const product of products) {
    const absent = product.variations.filter((variation) => !rows.has(variation));
    if (absent.length === 0) continue;
    await listOfProduct(api, product.id, signal, rows);
    const still = absent.filter((variation) => !rows.has(variation));
    if (still.length === 0) continue;
    const named = await variationsNamedBy(api, product, signal);
    for (const variation of still) if (!named.has(variation)) gone.add(variation);
  }
  return { rows, gone };
}

/** A list that does not even show the product has nothing to say of it (P7): then it names what it named. */
async function variationsNamedBy(api: WooApi, product: WireProduct, signal: AbortSignal): Promise<Set<string>> {
  const query = { include: [product.id], status: 'any', per_page: 1, _fields: ['id', 'variations'] };
  const { rows } = await api.list({ path: '/products', route: 'products', query, signal });
  const parsed = z.looseObject({ id, variations: idList }).safeParse(rows[0]);
  if (rows.length > 0 && !parsed.success) throw new StoreFailure('unintelligible', 'GET products: no variations in it');
  return new Set(parsed.data?.variations ?? product.variations);
}

/** A product with its variations and stock; unreadable as a whole when one of its variations is. */
function assembled(
  product: WireProduct,
  found: { readonly rows: ReadonlyMap<string, unknown>; readonly gone: ReadonlySet<string> },
  termName: TermName,
  unknown: readonly ReportItem[],
): SourceRecord[] | UnreadableRecord {
  const variations: WireVariation[] = [];
  const reports: ReportItem[] = [...unknown];
  for (const variationId of product.variations) {
    const row = found.rows.get(variationId);
    if (row === undefined && found.gone.has(variationId)) continue;
    if (row === undefined) return hiddenVariation(product.id, variationId);
    const read = readRow('product', variationSchema, row);
    if (!read.ok) {
      return {
        ...read.unreadable,
        sourceId: product.id,
        reason: `Variation ${variationId}: ${read.unreadable.reason}`,
      };
    }
    variations.push(read.row);
    reports.push(...unknownFields(variationSchema, row, 'variations.'));
  }
  const inOrder = inPrecedence(variations);
  const variants = inOrder.map((variation, position) => canonicalVariant(variation, product, position));
  const { canonical, reports: own } = canonicalProduct(
    product,
    variants.map(({ variant }) => variant),
    termName,
  );
  const record: SourceRecord<'product'> = {
    entity: 'product',
    sourceId: product.id,
    modifiedAt: product.date_modified_gmt,
    canonical,
    contentHash: contentHash('product', canonical),
    references: productReferences(product),
    urls: canonical.path === null ? [] : [canonical.path],
    reports: distinct([...reports, ...own, ...variants.flatMap((variant) => variant.reports)]),
  };
  return [record, ...stockRecords(product, inOrder)];
}

function hiddenVariation(productId: string, variationId: string): UnreadableRecord {
  return {
    entity: 'product',
    sourceId: productId,
    reason: `The shop names variation ${variationId} of this product but does not show it`,
    remedy: 'Open the product in WooCommerce, remove or publish that variation and save; then retry',
  };
}

function productReferences(product: WireProduct): Reference[] {
  const categories = product.categories.map((category) => category.id);
  const brands = product.brands.map((brand) => brand.id);
  return [
    ...referencesTo('category', 'hard', 'categories', categories),
    ...referencesTo('brand', 'hard', 'brands', brands),
    ...referencesTo('product', 'soft', 'upSells', product.upsell_ids),
    ...referencesTo('product', 'soft', 'crossSells', product.cross_sell_ids),
    ...referencesTo('product', 'soft', 'groupedChildren', product.grouped_products),
  ];
}

function referencesTo(
  entity: Reference['entity'],
  kind: Reference['kind'],
  field: string,
  ids: readonly string[],
): Reference[] {
  return [...new Set(ids)].map((sourceId) => ({ entity, sourceId, kind, field }));
}

async function scannedKeys(api: WooApi, rows: readonly unknown[], signal: AbortSignal): Promise<ScannedKeys[]> {
  const products = rows.map((row) => {
    const parsed = scanSchema.safeParse(row);
    // A row that cannot be read claims no keys; the copy makes a dead letter of it.
    return parsed.success
      ? parsed.data
      : { id: rowId(row), name: '', sku: '', slug: '', date_modified_gmt: null, variations: [] };
  });
  const variations = await listVariations(api, products, signal, ['id', 'parent_id', 'sku']);
  return products.map((product) => ({
    sourceId: product.id,
    name: decodedText(product.name),
    sku: product.sku.trim(),
    slug: product.slug,
    parent: null,
    modifiedAt: product.date_modified_gmt,
    children: product.variations.map((sourceId) => {
      const sku = (variations.get(sourceId) as { sku?: unknown } | undefined)?.sku;
      return { sourceId, sku: typeof sku === 'string' ? ownSku(sku, product.sku) : '' };
    }),
  }));
}

function distinct(reports: readonly ReportItem[]): ReportItem[] {
  return [...new Map(reports.map((report) => [`${report.key} ${report.field}`, report])).values()];
}
