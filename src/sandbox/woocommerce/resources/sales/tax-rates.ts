import { RestError } from '../../rest/errors.ts';
import { pagingParams } from '../../rest/paging.ts';
import type { Params, ParamSpecs } from '../../rest/params.ts';
import { text, textOf } from '../../rest/params.ts';
import type { Resource } from '../../rest/resource.ts';
import type { TaxRateRow } from '../../store/sales-rows.ts';
import type { Shop } from '../../store/shop.ts';
import { nextId } from '../../store/shop.ts';
import { links } from '../links.ts';

const path = '/wc/v3/taxes';

// Rates cannot be asked for by id or text (route index).
const { search: _search, include: _include, exclude: _exclude, ...paging } = pagingParams;

const listParams: ParamSpecs = {
  ...paging,
  order: { type: 'string', default: 'asc', enum: ['asc', 'desc'] },
  orderby: { type: 'string', default: 'order', enum: ['id', 'order', 'priority'] },
  class: { type: 'string' },
};

const writeParams: ParamSpecs = {
  country: { type: 'string' },
  state: { type: 'string' },
  postcodes: { type: 'array' },
  cities: { type: 'array' },
  rate: { type: 'string' },
  name: { type: 'string' },
  priority: { type: 'integer' },
  compound: { type: 'boolean' },
  shipping: { type: 'boolean' },
  order: { type: 'integer' },
  class: { type: 'string' },
};

export function taxRateWire(shop: Shop, row: TaxRateRow): Record<string, unknown> {
  return {
    id: row.id,
    country: row.country,
    state: row.state,
    postcode: row.postcodes[0] ?? '',
    city: row.cities[0] ?? '',
    rate: Number(row.rate).toFixed(4),
    name: row.name,
    priority: row.priority,
    compound: row.compound,
    shipping: row.shipping,
    order: row.order,
    class: row.taxClass,
    postcodes: row.postcodes,
    cities: row.cities,
    _links: links(shop, path, row.id),
  };
}

export function createTaxRate(shop: Shop, body: Params): TaxRateRow {
  const row: TaxRateRow = {
    id: nextId(shop, 'taxRate'),
    country: '',
    state: '',
    postcodes: [],
    cities: [],
    rate: '0',
    name: 'Tax',
    priority: 1,
    compound: false,
    shipping: true,
    order: 0,
    taxClass: 'standard',
  };
  writeTaxRate(row, body);
  shop.taxRates.set(row.id, row);
  shop.revision += 1;
  return row;
}

function writeTaxRate(row: TaxRateRow, body: Params): void {
  if (typeof body['country'] === 'string') row.country = body['country'].toUpperCase();
  if (typeof body['state'] === 'string') row.state = body['state'].toUpperCase();
  if (Array.isArray(body['postcodes'])) row.postcodes = body['postcodes'].map(String);
  if (Array.isArray(body['cities'])) row.cities = body['cities'].map(String);
  if (body['rate'] !== undefined) row.rate = textOf(body['rate']);
  if (typeof body['name'] === 'string') row.name = body['name'];
  if (typeof body['priority'] === 'number') row.priority = body['priority'];
  if (typeof body['order'] === 'number') row.order = body['order'];
  if (body['compound'] !== undefined) row.compound = body['compound'] === true;
  if (body['shipping'] !== undefined) row.shipping = body['shipping'] === true;
  if (typeof body['class'] === 'string') row.taxClass = body['class'] || 'standard';
}

/** Tax rates: paged, without any filter by change (source-apis §1.2). */
export const taxRates: Resource = {
  path,
  ownFieldOrder: true,
  listParams,
  writeParams,
  batch: true,
  list: ({ shop, params }) => {
    const wanted = text(params, 'class');
    const direction = text(params, 'order') === 'desc' ? -1 : 1;
    const by = text(params, 'orderby') ?? 'order';
    const key = (row: TaxRateRow): number => (by === 'id' ? row.id : by === 'priority' ? row.priority : row.order);
    return [...shop.taxRates.values()]
      .filter((row) => wanted === undefined || row.taxClass === wanted)
      .sort((a, b) => direction * (key(a) - key(b)) || a.id - b.id);
  },
  render: ({ shop }, row: TaxRateRow) => taxRateWire(shop, row),
  read: ({ shop }, id) => taxRateWire(shop, rateOr404(shop, id)),
  create: ({ shop }, body) => taxRateWire(shop, createTaxRate(shop, body)),
  update: ({ shop }, id, body) => {
    const row = rateOr404(shop, id);
    writeTaxRate(row, body);
    shop.revision += 1;
    return taxRateWire(shop, row);
  },
  remove: ({ shop }, id, force) => {
    const row = rateOr404(shop, id);
    if (!force) throw new RestError('woocommerce_rest_trash_not_supported', 'Taxes do not support trashing.', 501);
    shop.taxRates.delete(id);
    shop.revision += 1;
    return taxRateWire(shop, row);
  },
};

function rateOr404(shop: Shop, id: number): TaxRateRow {
  const row = shop.taxRates.get(id);
  if (!row) throw new RestError('woocommerce_rest_invalid_id', 'Invalid resource ID.', 404);
  return row;
}
