import { pagingParams } from '../rest/paging.ts';
import type { Params, ParamSpecs } from '../rest/params.ts';
import { flag, ids, text, texts } from '../rest/params.ts';
import type { Call } from '../rest/resource.ts';
import type { ProductRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { dateFilter, idFilter, postListParams, sortPosts, statusFilter } from './post-query.ts';
import { priceOf, shownStockStatus } from './sellable.ts';

const orders = 'date,id,include,title,slug,modified,post__in,price,sales,menu_order,random,popularity,rating';

export const productListParams: ParamSpecs = {
  ...pagingParams,
  ...postListParams,
  orderby: { type: 'string', default: 'date', enum: orders.split(',') },
  brand: { type: 'string' },
  type: { type: 'string', enum: ['simple', 'grouped', 'external', 'variable'] },
  include_types: { type: 'textList' },
  exclude_types: { type: 'textList' },
  sku: { type: 'string' },
  search_sku: { type: 'string' },
  featured: { type: 'boolean' },
  category: { type: 'string' },
  tag: { type: 'string' },
  shipping_class: { type: 'string' },
  attribute: { type: 'string' },
  attribute_term: { type: 'string' },
  on_sale: { type: 'boolean' },
  min_price: { type: 'string' },
  max_price: { type: 'string' },
  stock_status: { type: 'string', enum: ['instock', 'outofstock', 'onbackorder'] },
  virtual: { type: 'boolean' },
  downloadable: { type: 'boolean' },
  include_meta: { type: 'textList', default: [] },
  exclude_meta: { type: 'textList', default: [] },
};

type Filter = (row: ProductRow) => boolean;

export function listProducts(call: Call): ProductRow[] {
  const { shop, params, controls } = call;
  const filters: Filter[] = [
    controls.shows,
    statusFilter(params),
    idFilter(params),
    dateFilter(params, shop.zone),
    ...textFilters(params),
    ...termFilters(params),
    ...stateFilters(shop, params),
  ];
  const rows = [...shop.products.values()].filter((row) => filters.every((filter) => filter(row)));
  return sortPosts(rows, params, {
    title: (row: ProductRow) => row.name,
    price: (row: ProductRow) => Number(priceOf(shop, row).price || 0),
    sales: (row: ProductRow) => row.totalSales,
    rating: (row: ProductRow) => Number(row.averageRating),
  });
}

function textFilters(params: Params): Filter[] {
  const filters: Filter[] = [];
  const search = text(params, 'search')?.toLowerCase();
  if (search) {
    filters.push((row) =>
      [row.name, row.shortDescription, row.description].some((field) => field.toLowerCase().includes(search)),
    );
  }
  const slug = text(params, 'slug');
  if (slug) filters.push((row) => slug.split(',').includes(row.slug));
  const sku = text(params, 'sku');
  if (sku !== undefined && sku !== '') filters.push(skuFilter(sku));
  const part = text(params, 'search_sku')?.toLowerCase();
  if (part) filters.push((row) => row.sku.toLowerCase().includes(part));
  return filters;
}

/** `sku=A,B` matches whole SKUs; the database compares without case. */
export function skuFilter(wanted: string): (row: { sku: string }) => boolean {
  const list = wanted.split(',').map((sku) => sku.trim().toLowerCase());
  return (row) => list.includes(row.sku.toLowerCase());
}

function termFilters(params: Params): Filter[] {
  const filters: Filter[] = [];
  const wanted = (name: string): number[] | null => {
    const value = text(params, name);
    return value ? value.split(',').map(Number) : null;
  };
  const [categories, tags, brands] = [wanted('category'), wanted('tag'), wanted('brand')];
  if (categories) filters.push((row) => row.categoryIds.some((id) => categories.includes(id)));
  if (tags) filters.push((row) => row.tagIds.some((id) => tags.includes(id)));
  if (brands) filters.push((row) => row.brandIds.some((id) => brands.includes(id)));
  const classes = wanted('shipping_class');
  if (classes) filters.push((row) => classes.includes(row.shippingClassId));
  const terms = wanted('attribute_term');
  if (terms) filters.push((row) => row.attributes.some((one) => one.termIds.some((id) => terms.includes(id))));
  return filters;
}

function stateFilters(shop: Shop, params: Params): Filter[] {
  const filters: Filter[] = [];
  const type = text(params, 'type');
  if (type) filters.push((row) => row.type === type);
  const [include, exclude] = [texts(params, 'include_types'), texts(params, 'exclude_types')];
  if (include.length > 0) filters.push((row) => include.includes(row.type));
  if (exclude.length > 0) filters.push((row) => !exclude.includes(row.type));
  for (const name of ['featured', 'virtual', 'downloadable'] as const) {
    if (params[name] !== undefined) filters.push((row) => row[name] === flag(params, name));
  }
  if (params['on_sale'] !== undefined) {
    filters.push((row) => priceOf(shop, row).onSale === flag(params, 'on_sale'));
  }
  const stock = text(params, 'stock_status');
  if (stock) filters.push((row) => shownStockStatus(shop, row) === stock);
  const [low, high] = [text(params, 'min_price'), text(params, 'max_price')];
  if (low) filters.push((row) => Number(priceOf(shop, row).price || 0) >= Number(low));
  if (high) filters.push((row) => Number(priceOf(shop, row).price || 0) <= Number(high));
  const parents = ids(params, 'parent');
  if (parents.length > 0) filters.push((row) => parents.includes(row.parentId));
  return filters;
}
