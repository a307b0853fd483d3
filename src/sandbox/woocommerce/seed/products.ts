import type { Random } from '../../shared/random.ts';
import { addAttachment } from '../resources/images.ts';
import { savedStockStatus } from '../resources/sellable.ts';
import { emptySellable } from '../resources/sellable-write.ts';
import type { ProductRow } from '../store/rows.ts';
import type { Shop } from '../store/shop.ts';
import { newMeta, newPost, nextId } from '../store/shop.ts';
import { slugOf } from '../store/text.ts';
import type { SeededAttribute } from './attributes.ts';
import type { SeededTerms } from './terms.ts';
import { adjectives, descriptions, nouns } from './words.ts';

/** What the makers of products share. */
export interface SeedBench {
  shop: Shop;
  random: Random;
  terms: SeededTerms;
  attributes: SeededAttribute[];
  /** "Now" of the seed, so that one seed gives one shop whenever it is run. */
  baseMs: number;
  slugs: Set<string>;
  /** How many products were made before this one. */
  made: number;
}

const day = 86_400_000;

/** A product as an ordinary shop would have it; the ugly cases start from here. */
export function putProduct(bench: SeedBench, given: Partial<ProductRow> & { name: string }): ProductRow {
  const { shop, random } = bench;
  const created = bench.baseMs - random.int(1, 900) * day - random.int(0, 86_399) * 1_000;
  const modified = Math.min(created + random.int(0, 300) * day, bench.baseMs - day);
  const row: ProductRow = {
    ...newPost(shop, created),
    ...emptySellable(),
    id: nextId(shop, 'post'),
    ...emptyProduct(),
    modifiedGmt: modified,
    modifiedLocal: shop.zone.local(modified),
    visibleSinceMs: 0,
    categoryIds: bench.terms.categories.length > 0 ? [random.pick(bench.terms.categories)] : [shop.defaultCategoryId],
    ...given,
  };
  row.stockStatus = given.stockStatus ?? savedStockStatus(row);
  if (given.slug === undefined && !['draft', 'pending', 'future'].includes(row.status)) {
    row.slug = freeSlug(bench, slugOf(row.name) || String(row.id));
  }
  shop.products.set(row.id, row);
  bench.made += 1;
  return row;
}

function emptyProduct(): Omit<ProductRow, keyof ReturnType<typeof emptySellable> | keyof ReturnType<typeof newPost>> {
  return {
    status: 'publish',
    slug: '',
    name: '',
    type: 'simple',
    featured: false,
    catalogVisibility: 'visible',
    shortDescription: '',
    externalUrl: '',
    buttonText: '',
    soldIndividually: false,
    reviewsAllowed: true,
    postPassword: '',
    upsellIds: [],
    crossSellIds: [],
    groupedIds: [],
    parentId: 0,
    purchaseNote: '',
    categoryIds: [],
    brandIds: [],
    tagIds: [],
    imageIds: [],
    attributes: [],
    defaultAttributes: [],
    totalSales: 0,
    averageRating: '0',
    ratingCount: 0,
  };
}

function freeSlug(bench: SeedBench, wanted: string): string {
  let slug = wanted;
  for (let suffix = 2; bench.slugs.has(slug); suffix += 1) slug = `${wanted}-${suffix}`;
  bench.slugs.add(slug);
  return slug;
}

export function money(random: Random, low: number, high: number): string {
  return (random.int(low * 100, high * 100) / 100).toFixed(2);
}

/** One everyday simple product. */
export function everydayProduct(bench: SeedBench): ProductRow {
  const { random, terms, shop } = bench;
  const number = bench.made + 1;
  const regular = money(random, 3, 300);
  const managed = random.chance(0.6);
  const row = putProduct(bench, {
    name: `${random.pick(adjectives)} ${random.pick(nouns)} ${number}`,
    sku: `SKU-${String(number).padStart(5, '0')}`,
    regularPrice: regular,
    salePrice: random.chance(0.2) ? (Number(regular) * 0.8).toFixed(2) : '',
    description: random.pick(descriptions),
    shortDescription: random.chance(0.5) ? `<p>No. ${number} in short.</p>` : '',
    manageStock: managed,
    stockQuantity: managed ? random.int(0, 40) : null,
    lowStockAmount: managed && random.chance(0.2) ? 3 : null,
    weight: random.chance(0.7) ? String(random.int(1, 400) / 10) : '',
    length: random.chance(0.4) ? String(random.int(1, 60)) : '',
    width: random.chance(0.4) ? String(random.int(1, 60)) : '',
    height: random.chance(0.4) ? '2.5' : '',
    featured: random.chance(0.05),
    totalSales: random.int(0, 50),
    brandIds: terms.brands.length > 0 && random.chance(0.6) ? [random.pick(terms.brands)] : [],
    tagIds: random.chance(0.3) ? [random.pick(terms.tags)] : [],
    shippingClassId: random.chance(0.1) ? random.pick(terms.shippingClasses) : 0,
    imageIds: pictures(bench, number, random.int(0, 3)),
    menuOrder: random.chance(0.1) ? random.int(-2, 9) : 0,
  });
  if (random.chance(0.2)) row.meta.push(newMeta(shop, '_yoast_wpseo_title', `${row.name} %%sep%% Shop`));
  if (random.chance(0.1)) row.meta.push(newMeta(shop, 'specs', { fit: 'slim', parts: [1, 2] }));
  return row;
}

export function pictures(bench: SeedBench, number: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const alt = at === 0 ? `Front of no. ${number}` : '';
    return addAttachment(bench.shop, {
      file: `2025/06/product-${number}-${at}.png`,
      alt,
      createdGmt: bench.baseMs - day * 400,
      modifiedGmt: bench.baseMs - day * 400,
    }).id;
  });
}
