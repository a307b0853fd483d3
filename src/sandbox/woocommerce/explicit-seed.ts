import { z } from 'zod';
import { createAttribute } from './resources/attributes.ts';
import { createProduct } from './resources/product-write.ts';
import { createTerm } from './resources/terms.ts';
import { createVariation } from './resources/variations.ts';
import type { Params } from './rest/params.ts';
import type { Shop } from './store/shop.ts';

const body = z.record(z.string(), z.unknown());

/** Records in REST form; `raw` overrides single columns of the row afterwards, to make what REST would refuse. */
const withRaw = z.looseObject({ raw: body.optional() });

export const explicitRecords = z.strictObject({
  categories: z.array(withRaw).optional(),
  brands: z.array(withRaw).optional(),
  tags: z.array(withRaw).optional(),
  shippingClasses: z.array(withRaw).optional(),
  attributes: z.array(body).optional(),
  /** A product may carry its `variations` as REST bodies; terms are named by `{id}` or by `{slug}`. */
  products: z.array(withRaw.extend({ variations: z.array(withRaw).optional() })).optional(),
});

export type ExplicitRecords = z.input<typeof explicitRecords>;

export const storeRecords = z.strictObject({
  ...explicitRecords.shape,
  taxRates: z.array(body).optional(),
  /** Passwords are not kept. `raw` may give `email` a value that another user has. */
  customers: z.array(withRaw).optional(),
  coupons: z.array(withRaw).optional(),
  /** Lines name products by `product_id` or `sku`; `customer_email` stands for `customer_id`. */
  orders: z
    .array(withRaw.extend({ refunds: z.array(withRaw).optional(), notes: z.array(withRaw).optional() }))
    .optional(),
  /** A product is named by `product_id` or by `product_sku`. */
  reviews: z.array(withRaw).optional(),
  postCategories: z.array(withRaw).optional(),
  postTags: z.array(withRaw).optional(),
  posts: z.array(withRaw).optional(),
  pages: z.array(withRaw).optional(),
  /** Columns of attachments: `{file, alt, missing, redirectTo}`. */
  media: z.array(z.looseObject({ file: z.string() })).optional(),
  orderStatuses: z.record(z.string(), z.string()).optional(),
});

/** Adds the records in the order given and returns their ids by kind. Nothing is checked for uniqueness. */
export function seedRecords(shop: Shop, given: ExplicitRecords): Record<string, number[]> {
  const made: Record<string, number[]> = {};
  const keep = (kind: string, id: number): number => {
    (made[kind] ??= []).push(id);
    return id;
  };
  const kinds = [
    ['categories', 'product_cat'],
    ['brands', 'product_brand'],
    ['tags', 'product_tag'],
    ['shippingClasses', 'product_shipping_class'],
  ] as const;
  for (const [kind, taxonomy] of kinds) {
    for (const { raw, ...rest } of given[kind] ?? []) {
      const term = createTerm(shop, taxonomy, rest, false);
      Object.assign(term, raw);
      keep(kind, term.id);
    }
  }
  for (const attribute of given.attributes ?? []) keep('attributes', createAttribute(shop, attribute).id);
  for (const { raw, variations, ...rest } of given.products ?? []) {
    const product = createProduct(shop, { ...rest, ...termReferences(shop, rest) }, { strict: false });
    keep('products', product.id);
    for (const { raw: rawVariation, ...variationBody } of variations ?? []) {
      const variation = createVariation(shop, product.id, variationBody, false);
      Object.assign(variation, rawVariation);
      keep('variations', variation.id);
    }
    Object.assign(product, raw);
  }
  shop.revision += 1;
  return made;
}

function termReferences(shop: Shop, given: Params): Params {
  const out: Params = {};
  for (const [name, taxonomy] of [
    ['categories', 'product_cat'],
    ['brands', 'product_brand'],
    ['tags', 'product_tag'],
  ] as const) {
    if (!Array.isArray(given[name])) continue;
    out[name] = (given[name] as Params[]).map((entry) => {
      if (entry['id'] !== undefined) return entry;
      const term = [...shop.terms.values()].find((one) => one.taxonomy === taxonomy && one.slug === entry['slug']);
      return { id: term?.id ?? 0 };
    });
  }
  return out;
}
