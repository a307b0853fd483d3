import {
  type Fields,
  fieldsOf,
  instant,
  type Metafield,
  metafields,
  pathOf,
  type Row,
  rowsOf,
  textOf,
} from './rows.ts';

/** What a script makes of the catalogue: the fields that have a counterpart, and the rest as metafields. */
export interface CatalogueIds {
  readonly categories: ReadonlyMap<number, number>;
  readonly brands: ReadonlyMap<number, number>;
  readonly nameOf: (name: string, id: number) => string;
  readonly skuOf: (sku: string, id: number) => string;
  readonly urlOf: (path: string, id: number) => Fields;
}

const amount = (value: unknown): number => (Number(value) > 0 ? Number(value) : 0);
export const decoded = (text: string): string => text.replaceAll('&amp;', '&').replaceAll('&#039;', "'");

export function categoryForm(row: Row, parent: number | undefined, name: string, url: Fields): Fields {
  return {
    ...(parent === undefined ? { tree_id: 1 } : { parent_id: parent }),
    name: decoded(name).slice(0, 50),
    description: textOf(row['description']),
    sort_order: Number(row['menu_order'] ?? 0),
    ...('url' in url ? { url: { path: url['url'], is_customized: true } } : {}),
  };
}

export function productForm(row: Row, ids: CatalogueIds): Fields {
  const variants = variantsOf(row, ids);
  const path = pathOf(row['permalink']);
  const brand = rowsOf(row['brands'])[0];
  return {
    name: decoded(ids.nameOf(textOf(row['name']).slice(0, 240) || `Product ${row.id}`, row.id)),
    type: row['virtual'] === true ? 'digital' : 'physical',
    sku: textOf(row['sku']) === '' ? '' : ids.skuOf(textOf(row['sku']), row.id),
    description: `${textOf(row['short_description'])}${textOf(row['description'])}`,
    price: amount(row['regular_price'] ?? row['price']),
    sale_price: amount(row['sale_price']),
    ...sizes(row),
    categories: rowsOf(row['categories']).flatMap(({ id }) => ids.categories.get(id) ?? []),
    ...(brand === undefined ? {} : { brand_id: ids.brands.get(brand.id) ?? 0 }),
    search_keywords: rowsOf(row['tags'])
      .map((tag) => textOf(tag['name']))
      .join(','),
    is_visible: row['status'] === 'publish' && row['catalog_visibility'] !== 'hidden',
    inventory_tracking: tracking(row, variants),
    ...(path === '' ? {} : ids.urlOf(path, row.id)),
    images: rowsOf(row['images']).map(({ src, alt }, at) => ({
      image_url: src,
      description: textOf(alt),
      sort_order: at,
      is_thumbnail: at === 0,
    })),
    ...(variants.length === 0 ? {} : { variants }),
  };
}

function sizes(row: Row): Fields {
  const size = fieldsOf(row['dimensions']);
  return {
    weight: amount(row['weight']),
    width: amount(size['width']),
    height: amount(size['height']),
    depth: amount(size['length']),
  };
}

function tracking(row: Row, variants: readonly Fields[]): string {
  if (variants.length > 0 && rowsOf(row['variation_rows']).some((one) => one['manage_stock'] === true))
    return 'variant';
  return row['manage_stock'] === true && variants.length === 0 ? 'product' : 'none';
}

function variantsOf(row: Row, ids: CatalogueIds): Fields[] {
  const options = rowsOf(row['attributes']).filter((attribute) => attribute['variation'] === true);
  const tuples = new Set<string>();
  return rowsOf(row['variation_rows']).flatMap((variation) => {
    const values = options.map((option) => {
      const own = rowsOf(variation['attributes']).find((one) => textOf(one['name']) === textOf(option['name']));
      return { option_display_name: decoded(textOf(option['name'])), label: decoded(textOf(own?.['option']) || 'Any') };
    });
    const tuple = values.map(({ label }) => label.toLowerCase()).join('|');
    if (values.length === 0 || tuples.has(tuple)) return [];
    tuples.add(tuple);
    const sku = textOf(variation['sku']);
    const own = sku === '' || sku === textOf(row['sku']) ? `${textOf(row['sku']) || row.id}-${variation.id}` : sku;
    const sale = amount(variation['sale_price']);
    return [
      {
        // For the script alone: the store passes over it.
        variation: variation.id,
        sku: ids.skuOf(own, variation.id),
        price: amount(variation['regular_price']),
        ...(sale === 0 ? {} : { sale_price: sale }),
        option_values: values,
      },
    ];
  });
}

export function productMetafields(row: Row, id: number, sourceId: string): Metafield[] {
  return metafields(id, {
    source_id: sourceId,
    date_created: instant(row['date_created_gmt']),
    upsell_ids: row['upsell_ids'],
    shipping_class: row['shipping_class'],
    purchase_note: row['purchase_note'],
    specs: rowsOf(row['meta_data']).find((meta) => textOf(meta['key']) === 'specs')?.['value'] ?? '',
  });
}
