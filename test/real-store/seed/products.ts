import type { Random } from '../../../src/sandbox/shared/random.ts';
import { inEnglish, slugOf, type SeedBench, type Translation } from './bench.ts';
import type { Facets } from './facets.ts';
import { OptionGroups, type ChosenGroup } from './option-groups.ts';
import type { Surroundings } from './surroundings.ts';
import { uglyProducts } from './ugly-products.ts';
import { adjectives, descriptions, nouns } from './words.ts';

export interface Around extends Surroundings {
  readonly facets: Facets;
  /** Ids of uploaded pictures. */
  readonly pictures: readonly string[];
  readonly manual: string;
}

/** What is to be made of a product; everything of it goes through the Admin API. */
export interface ProductPlan {
  readonly name: string;
  readonly description?: string;
  /** Of a second language. */
  readonly german?: string;
  readonly enabled?: boolean;
  readonly assetIds?: readonly string[];
  readonly facetValueIds?: readonly string[];
  readonly groups?: readonly ChosenGroup[];
  readonly variants: readonly VariantPlan[];
}

export interface VariantPlan {
  readonly sku: string;
  /** Minor units, without tax. */
  readonly price: number;
  readonly optionIds?: readonly string[];
  readonly enabled?: boolean;
  /** At the main location, and at the second. */
  readonly stock?: readonly [number, number?];
  readonly trackInventory?: 'TRUE' | 'FALSE' | 'INHERIT';
  /** Sold so far below nothing; null: as the shop is set. */
  readonly outOfStockThreshold?: number;
  readonly taxCategoryId?: string;
  readonly assetIds?: readonly string[];
  readonly facetValueIds?: readonly string[];
}

export interface SeededProduct {
  readonly id: string;
  readonly name: string;
  readonly variants: readonly SeededVariant[];
}

export interface SeededVariant {
  readonly id: string;
  readonly sku: string;
  /** Minor units, without tax. */
  readonly price: number;
  /** Whether a shopper can buy some of it: enabled, of an enabled product, with plenty of stock. */
  readonly forSale: boolean;
}

/** Enough that no order of the seeding finds a shelf empty. */
const PLENTY = 500;

export async function seedProducts(bench: SeedBench, around: Around): Promise<SeededProduct[]> {
  const groups = await OptionGroups.open(bench);
  const ugly = await uglyProducts(around, groups);
  const made: SeededProduct[] = [];
  for (let number = 1; number <= bench.size.products; number += 1) {
    const plan = ugly[number - 1] ?? (await usualProduct(bench.random, number, around, groups));
    made.push(await createProduct(bench, plan, number, around));
  }
  return made;
}

async function usualProduct(
  random: Random,
  number: number,
  around: Around,
  groups: OptionGroups,
): Promise<ProductPlan> {
  const { facets, pictures, tax } = around;
  const base = random.int(499, 19_999);
  const common = {
    name: `${random.pick(adjectives)} ${random.pick(nouns)} ${number}`,
    description: `<p>${random.pick(descriptions.slice(1))}</p>`,
    ...(random.chance(0.2) ? { german: `Ware ${number}` } : {}),
    enabled: !random.chance(0.08),
    assetIds: random.shuffle(pictures).slice(0, random.int(0, 3)),
    facetValueIds: [
      ...(random.chance(0.85) ? [random.pick(facets.brands)] : []),
      random.pick(facets.rooms),
      ...(random.chance(0.3) ? [random.pick(facets.seasons)] : []),
    ],
  };
  const stock = (): [number, number?] => (random.chance(0.3) ? [PLENTY, random.int(0, 40)] : [PLENTY]);
  const taxCategoryId = random.chance(0.15) ? tax.reduced : tax.standard;
  if (random.chance(0.55)) {
    return { ...common, variants: [{ sku: `SKU-${number}`, price: base, stock: stock(), taxCategoryId }] };
  }
  const chosen = await groups.choose(random, number);
  const variants = combinations(chosen)
    // Shops do not sell everything that could be.
    .filter((_, at) => at === 0 || !random.chance(0.1))
    .map((optionIds, at) => ({
      sku: `SKU-${number}-${at + 1}`,
      price: base + random.int(0, 4) * 100,
      optionIds,
      stock: random.chance(0.1) ? ([0] as [number]) : stock(),
      taxCategoryId,
      ...(random.chance(0.2) ? { assetIds: [random.pick(pictures)] } : {}),
    }));
  return { ...common, groups: chosen, variants };
}

/** One option of each group, in every way. */
export function combinations(groups: readonly ChosenGroup[]): string[][] {
  return groups.reduce<string[][]>(
    (tuples, { optionIds }) => tuples.flatMap((tuple) => optionIds.map((option) => [...tuple, option])),
    [[]],
  );
}

export async function createProduct(
  { admin }: Pick<SeedBench, 'admin'>,
  plan: ProductPlan,
  number: number,
  { locations, tax }: Surroundings,
): Promise<SeededProduct> {
  const english: Translation = {
    languageCode: 'en',
    name: plan.name,
    slug: slugOf(plan.name, number),
    description: plan.description ?? '',
  };
  const german = { languageCode: 'de', name: plan.german, slug: `ware-${number}`, description: '' };
  const { enabled = true, assetIds = [], facetValueIds = [] } = plan;
  const { product } = await admin.ask<{ product: { id: string } }>(
    `mutation ($input: CreateProductInput!) { product: createProduct(input: $input) { id } }`,
    {
      input: {
        enabled,
        assetIds,
        facetValueIds,
        ...(assetIds[0] === undefined ? {} : { featuredAssetId: assetIds[0] }),
        translations: plan.german === undefined ? [english] : [english, german],
      },
    },
  );
  for (const { id } of plan.groups ?? []) {
    await admin.ask(
      `mutation ($product: ID!, $group: ID!) { addOptionGroupToProduct(productId: $product, optionGroupId: $group) { id } }`,
      { product: product.id, group: id },
    );
  }
  const input = plan.variants.map((variant) => variantInput(variant, { product: product.id, plan, locations, tax }));
  const { variants } = await admin.ask<{ variants: { id: string; sku: string }[] }>(
    `mutation ($input: [CreateProductVariantInput!]!) { variants: createProductVariants(input: $input) { id sku } }`,
    { input },
  );
  const rows = variants.map(({ id, sku }, at) => {
    const { price, stock = [PLENTY], enabled: onSale = true } = plan.variants[at] ?? { price: 0 };
    return { id, sku, price, forSale: enabled && onSale && stock[0] >= PLENTY };
  });
  return { id: product.id, name: plan.name, variants: rows };
}

interface Of {
  readonly product: string;
  readonly plan: ProductPlan;
  readonly locations: Surroundings['locations'];
  readonly tax: Surroundings['tax'];
}

function variantInput(variant: VariantPlan, { product, plan, locations, tax }: Of): object {
  const { sku, price, optionIds = [], enabled = true, stock = [PLENTY], taxCategoryId = tax.standard } = variant;
  const { trackInventory = 'INHERIT', outOfStockThreshold, assetIds = [], facetValueIds = [] } = variant;
  return {
    productId: product,
    sku,
    price,
    optionIds,
    enabled,
    taxCategoryId,
    trackInventory,
    assetIds,
    facetValueIds,
    stockLevels: stock.map((stockOnHand, at) => ({ stockLocationId: locations[at], stockOnHand })),
    ...(outOfStockThreshold === undefined ? {} : { outOfStockThreshold, useGlobalOutOfStockThreshold: false }),
    // Vendure's own panel names variants by their options too, which shops then leave as they are.
    translations: inEnglish(optionIds.length > 0 ? `${plan.name} ${sku}` : plan.name),
  };
}
