import { z } from 'zod';
import type { ShopFacts } from '../shop-facts.ts';
import { asset, byId, customFields, id, instant, money, text } from '../wire/fields.ts';
import { ASSET_FIELDS } from '../wire/images.ts';
import { customSelection } from '../wire/read-row.ts';

const facetValue = z.looseObject({
  id,
  name: text,
  facet: z.looseObject({ id, code: text, name: text, isPrivate: z.boolean() }),
});
const translations = z.array(z.looseObject({ languageCode: z.string() }));

export const variantSchema = z.looseObject({
  id,
  updatedAt: instant,
  sku: text,
  name: text,
  enabled: z.boolean(),
  trackInventory: z.enum(['TRUE', 'FALSE', 'INHERIT']),
  outOfStockThreshold: z.number().int(),
  useGlobalOutOfStockThreshold: z.boolean(),
  /** As they were typed, in the channel's tax mode; one for each currency. */
  prices: z.array(z.looseObject({ currencyCode: z.string(), price: money })),
  taxCategory: z.looseObject({ id, name: text, isDefault: z.boolean() }),
  featuredAsset: asset.nullable(),
  assets: z.array(asset),
  options: z.array(z.looseObject({ id, name: text, groupId: id })),
  facetValues: z.array(facetValue),
  stockLevels: z.array(
    z.looseObject({
      updatedAt: instant,
      stockOnHand: z.number().int(),
      stockAllocated: z.number().int(),
      stockLocationId: id,
    }),
  ),
  customFields,
});
export type WireVariant = z.output<typeof variantSchema>;

export const productSchema = z.looseObject({
  id,
  createdAt: instant,
  updatedAt: instant,
  name: text,
  slug: text,
  description: text,
  enabled: z.boolean(),
  featuredAsset: asset.nullable(),
  assets: z.array(asset),
  facetValues: z.array(facetValue),
  collections: z.array(z.looseObject({ id })),
  optionGroups: byId(z.looseObject({ id, name: text, options: byId(z.looseObject({ id, name: text, code: text })) })),
  variants: byId(variantSchema),
  translations,
  customFields,
});
export type WireProduct = z.output<typeof productSchema>;
export type WireFacetValue = WireProduct['facetValues'][number];

const FACET_VALUES = 'facetValues { id name facet { id code name isPrivate } }';

/** A product with all that belongs to it, so that a page is one request. */
export function productFields(facts: ShopFacts): string {
  return `id createdAt updatedAt name slug description enabled
    featuredAsset { ${ASSET_FIELDS} } assets { ${ASSET_FIELDS} } ${FACET_VALUES}
    collections { id } optionGroups { id name options { id name code } }
    variants {
      id updatedAt sku name enabled trackInventory outOfStockThreshold useGlobalOutOfStockThreshold
      prices { currencyCode price } taxCategory { id name isDefault }
      featuredAsset { ${ASSET_FIELDS} } assets { ${ASSET_FIELDS} } options { id name groupId } ${FACET_VALUES}
      stockLevels { updatedAt stockOnHand stockAllocated stockLocationId }
      ${customSelection(facts, 'ProductVariant')}
    }
    translations { languageCode } ${customSelection(facts, 'Product')}`;
}
