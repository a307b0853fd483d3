import { RestError } from '../rest/errors.ts';
import type { Params } from '../rest/params.ts';
import type {
  AttributeRow,
  DefaultAttributeRow,
  ProductAttributeRow,
  ProductRow,
  VariationRow,
} from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { cleanText, slugOf, termName } from '../store/text.ts';
import { ensureTerm } from './term-write.ts';
import { textOf } from '../rest/params.ts';

/** The key under which variations store their value of an attribute. */
function attributeKey(shop: Shop, row: ProductAttributeRow): string {
  return row.id > 0 ? (shop.attributes.get(row.id)?.slug ?? row.name) : slugOf(row.name);
}

function globalAttribute(shop: Shop, body: Params): AttributeRow | undefined {
  const id = Number(body['id'] ?? 0);
  if (id > 0) return shop.attributes.get(id);
  const name = textOf(body['name']);
  return [...shop.attributes.values()].find((attribute) => attribute.slug === name);
}

/** Options of a global attribute become terms, made where they do not exist (recording "create variable product"). */
export function attributeRows(shop: Shop, given: unknown): ProductAttributeRow[] {
  if (!Array.isArray(given)) return [];
  return (given as Params[]).flatMap((body): ProductAttributeRow[] => {
    const attribute = globalAttribute(shop, body);
    const name = attribute?.slug ?? cleanText(textOf(body['name']));
    if (name === '') return [];
    const raw = body['options'];
    const options = (Array.isArray(raw) ? raw.map(String) : textOf(raw).split('|')).map(cleanText);
    const base = {
      id: attribute?.id ?? 0,
      name,
      position: Number(body['position'] ?? 0),
      visible: body['visible'] === true,
      variation: body['variation'] === true,
    };
    if (attribute) {
      const terms = options.filter((option) => option !== '').map((option) => ensureTerm(shop, attribute.slug, option));
      return [{ ...base, options: [], termIds: [...new Set(terms.map((term) => term.id))] }];
    }
    // A vertical bar splits a local option (fidelity §1 T6).
    const split = options.flatMap((option) => option.split('|').map((part) => part.trim()));
    return [{ ...base, options: split.filter((option) => option !== ''), termIds: [] }];
  });
}

/** Stored as slug for a global attribute, as text for a local one (fidelity §1 T5). */
export function defaultAttributeRows(shop: Shop, product: ProductRow, given: unknown): DefaultAttributeRow[] {
  if (!Array.isArray(given)) return [];
  return (given as Params[]).flatMap((body) => {
    const row = ownAttribute(shop, product, body);
    const option = textOf(body['option']);
    if (!row?.variation || option === '') return [];
    const attribute = shop.attributes.get(row.id);
    const name = attribute?.name ?? row.name;
    return [{ id: row.id, name, option: attribute ? slugOfOption(shop, attribute.slug, option) : option }];
  });
}

function ownAttribute(shop: Shop, product: ProductRow, body: Params): ProductAttributeRow | undefined {
  const attribute = globalAttribute(shop, body);
  const name = slugOf(textOf(body['name']));
  return product.attributes.find((row) =>
    attribute ? row.id === attribute.id : row.id === 0 && slugOf(row.name) === name,
  );
}

function slugOfOption(shop: Shop, taxonomy: string, option: string): string {
  const name = termName(option);
  const term = [...shop.terms.values()].find((one) => one.taxonomy === taxonomy && one.name === name);
  return term?.slug ?? slugOf(option);
}

/** A variation keeps only values of its parent's variation attributes; others are dropped without a word. */
export function variationValues(shop: Shop, parent: ProductRow | undefined, given: unknown): Record<string, string> {
  if (!parent) {
    const message = 'Cannot set attributes due to invalid parent product.';
    throw new RestError('woocommerce_rest_product_variation_invalid_parent', message, 404);
  }
  const out: Record<string, string> = {};
  for (const body of Array.isArray(given) ? (given as Params[]) : []) {
    const row = ownAttribute(shop, parent, body);
    if (!row?.variation) continue;
    const option = cleanText(textOf(body['option']));
    const attribute = shop.attributes.get(row.id);
    out[attributeKey(shop, row)] = attribute && option !== '' ? slugOfOption(shop, attribute.slug, option) : option;
  }
  return out;
}

export interface VariationValue {
  id: number;
  name: string;
  slug: string;
  option: string;
}

/** A value that is missing or empty means "any" and is left out (fidelity §1 T4). */
export function variationAttributesWire(
  shop: Shop,
  parent: ProductRow | undefined,
  row: VariationRow,
): VariationValue[] {
  return Object.entries(row.attributes).flatMap(([key, value]) => {
    if (value === '') return [];
    const attribute = [...shop.attributes.values()].find((one) => one.slug === key);
    if (attribute) {
      const term = [...shop.terms.values()].find((one) => one.taxonomy === key && one.slug === value);
      return [{ id: attribute.id, name: attribute.name, slug: key, option: term?.name ?? value }];
    }
    const local = parent?.attributes.find((one) => one.id === 0 && slugOf(one.name) === key);
    return [{ id: 0, name: local?.name ?? key, slug: key, option: value }];
  });
}
