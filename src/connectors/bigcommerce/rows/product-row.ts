import type { Json } from '../../../domain/json.ts';
import type { CallOptions, PartSpec, TargetEntity, WriteItem, WriteOutcome } from '../../target.ts';
import type { RowDeps } from '../entity-table.ts';
import { LISTED_PART } from '../mapping/product-kind.ts';
import { mapProduct, productKeys, scannedProductKeys } from '../mapping/product.ts';
import type { VariantMetafields } from '../mapping/product-metafields.ts';
import { BASE_VARIANT, TRACKING, VARIANT } from '../mapping/stock.ts';
import { OWNABLE_PLACES } from '../ownable.ts';
import { childIds } from '../projection/children.ts';
import { agreesProductPart } from '../projection/product-agreement.ts';
import { IMAGE, UPLOAD } from '../projection/product-children.ts';
import { existingProducts, existingScanner } from '../reading/existing.ts';
import { metafieldReader } from '../reading/metafields.ts';
import { lookUpProducts, productsChangedSince, readProducts } from '../reading/products.ts';
import { writeCustomFields } from '../writing/custom-fields.ts';
import { deleteByIds } from '../writing/deletes.ts';
import { writeImages } from '../writing/images.ts';
import { type MetafieldEntry, ownEntries, variantChild, writeMetafields } from '../writing/metafields.ts';
import { writeModifiers, writeOptions } from '../writing/options.ts';
import { perItem } from '../writing/per-item.ts';
import { createProduct } from '../writing/product-create.ts';
import { updateProducts } from '../writing/product-update.ts';
import { writeVariants } from '../writing/variants.ts';
import { FILLING, laterPart, stepwisePart, unknownPart } from './part-spec.ts';

/** In the order in which they are written: what a create carries along comes right after it. */
const PARTS: readonly PartSpec[] = [
  {
    part: 'core',
    createBatch: 1,
    updateBatch: 10,
    deleteBatch: 50,
    bundles: ['variants', 'images', 'custom_fields', 'related'],
  },
  stepwisePart('variants', 10),
  stepwisePart('images', 1),
  stepwisePart('uploads', 1),
  stepwisePart('custom_fields', 1),
  stepwisePart('options', 10),
  stepwisePart('modifiers', 1),
  laterPart('metafields', FILLING),
  laterPart('variant_metafields', FILLING),
  laterPart('related', 10),
];

export function productRow(deps: RowDeps): TargetEntity<'product'> {
  const { api, rules } = deps;
  return {
    entity: 'product',
    parts: PARTS,
    foreignEdits: 'modified-since',
    derivedFrom: null,
    ownable: OWNABLE_PLACES.product,
    referredChildren: { [VARIANT]: ['stock'], [BASE_VARIANT]: ['stock'], [TRACKING]: ['stock'] },
    shown: LISTED_PART,
    wantedKeys: productKeys,
    scannedKeys: scannedProductKeys,
    map: (sourceId, canonical, context) => mapProduct(sourceId, canonical, context, rules),
    agrees: agreesProductPart,
    write: (part, items, call) => writePart(deps, part, items, call),
    lookUp: (items, call) => lookUpProducts(api, items, call),
    read: (targetIds, call) => readProducts(api, targetIds, call),
    readApart: metafieldReader(api, 'product', [
      { part: 'metafields', place: productPlace, entriesOf: ownEntries },
      { part: 'variant_metafields', place: variantPlace, entriesOf: variantEntries },
    ]),
    changedSince: (since, call) => productsChangedSince(api, since, call),
    scanExisting: existingScanner(api, existingProducts),
  };
}

async function writePart(
  { api, loadImage }: RowDeps,
  part: string,
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  switch (part) {
    case 'core':
      return writeCore(api, items, call);
    case 'related':
      return updateProducts(api, part, items, call);
    case 'variants':
      return writeVariants(api, items, call);
    case 'images':
    case 'uploads': {
      const kind = part === 'images' ? IMAGE : UPLOAD;
      return perItem(part, items, null, (item, id) => writeImages(api, kind, item, id, loadImage, call));
    }
    case 'custom_fields':
      return perItem(part, items, null, (item, id) => writeCustomFields(api, item, id, call));
    case 'options':
      return writeOptions(api, items, call);
    case 'modifiers':
      return perItem(part, items, null, (item, id) => writeModifiers(api, item, id, call));
    case 'metafields':
      return writeMetafields(api, part, productPlace, ownEntries, items, call);
    case 'variant_metafields':
      return writeMetafields(api, part, variantPlace, variantEntries, items, call);
    default:
      throw unknownPart('product', part);
  }
}

async function writeCore(
  api: RowDeps['api'],
  items: readonly WriteItem[],
  call: CallOptions,
): Promise<readonly WriteOutcome[]> {
  switch (items[0]?.action) {
    case 'create': {
      const outcomes: WriteOutcome[] = [];
      for (const item of items) outcomes.push(await createProduct(api, item, call));
      return outcomes;
    }
    case 'delete':
      return deleteByIds(api, { path: '/v3/catalog/products', filter: 'id:in' }, items, call);
    default:
      return updateProducts(api, 'core', items, call);
  }
}

const productPlace = {
  resource: 'products',
  listPath: ({ resourceId }: MetafieldEntry) => `/v3/catalog/products/${resourceId}/metafields`,
};
const variantPlace = {
  resource: 'variants',
  listPath: ({ item, resourceId }: MetafieldEntry) =>
    `/v3/catalog/products/${item.targetId}/variants/${resourceId}/metafields`,
  ofVariants: true,
};

/** A variant that is not at the target (yet) has no place for them. */
function variantEntries(item: WriteItem, desired: Json): readonly MetafieldEntry[] {
  const rows = (Array.isArray(desired) ? desired : []) as unknown as VariantMetafields;
  const ids = childIds(item.children, VARIANT);
  return rows.flatMap(({ variant, fields }) => {
    const id = ids.get(variant);
    if (id === undefined) return [];
    return fields.map((field) => ({ item, resourceId: Number(id), child: variantChild(variant, field), field }));
  });
}
