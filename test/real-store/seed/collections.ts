import { inEnglish, operation, slugOf, type SeedBench } from './bench.ts';
import type { Around, SeededProduct } from './products.ts';
import { adjectives, rooms } from './words.ts';

interface CollectionPlan {
  readonly name: string;
  readonly slug: string;
  readonly filters: readonly object[];
  readonly parent?: string | undefined;
  readonly description?: string;
  readonly isPrivate?: boolean;
  readonly inheritFilters?: boolean;
  readonly assetIds?: readonly string[];
}

/** Nested collections, filled by facets, by names and by hand; and cases that categories elsewhere cannot have. */
export async function seedCollections(
  bench: SeedBench,
  around: Around,
  products: readonly SeededProduct[],
): Promise<string[]> {
  const { random, size, admin } = bench;
  const byHand = (count: number) =>
    operation('product-id-filter', {
      productIds: random
        .shuffle(products)
        .slice(0, count)
        .map(({ id }) => id),
      combineWithAnd: true,
    });
  const made: string[] = [];
  const add = async (plan: CollectionPlan) => {
    const id = await createCollection(admin, plan);
    made.push(id);
    return id;
  };
  const all = await add({
    name: 'Everything',
    slug: 'everything',
    filters: [],
    description: '<p>All <em>rooms</em></p>',
  });
  const kitchen = await add({
    name: 'Kitchen',
    slug: 'kitchen',
    parent: all,
    filters: [byFacet(around.facets.rooms[0] ?? '')],
    assetIds: around.pictures.slice(0, 1),
  });
  // What is below takes its parents' filters too, or does not.
  const enamel = await add({
    name: 'Enamel',
    slug: 'enamel',
    parent: kitchen,
    filters: [operation('variant-name-filter', { operator: 'contains', term: 'Enamel', combineWithAnd: true })],
    inheritFilters: true,
  });
  await add({ name: 'Café & Ωmega <3>', slug: 'cafe', parent: enamel, filters: [byHand(3)], inheritFilters: false });
  await add({ name: 'Sale', slug: 'sale', filters: [byHand(4)] });
  await add({ name: 'Sale', slug: 'sale-2', filters: [byHand(2)] });
  await add({ name: 'Sale', slug: 'kitchen-sale', parent: kitchen, filters: [byHand(2)], inheritFilters: false });
  await add({ name: 'For the office', slug: 'office-only', filters: [byHand(2)], isPrivate: true });
  await add({
    name: 'Empty shelf',
    slug: 'empty-shelf',
    filters: [operation('product-id-filter', { productIds: [], combineWithAnd: true })],
  });
  await add({ name: 'A name much too long '.repeat(5).trim(), slug: 'long-name', filters: [byHand(1)] });
  for (let number = made.length + 1; number <= size.collections; number += 1) {
    const name = `${random.pick(adjectives)} ${random.pick(rooms)} ${number}`;
    const parent = random.chance(0.5) ? random.pick(made) : undefined;
    const filters = [random.chance(0.5) ? byFacet(random.pick(around.facets.rooms)) : byHand(random.int(1, 6))];
    await add({ name, slug: slugOf(name, number), parent, filters, inheritFilters: random.chance(0.3) });
  }
  return made;
}

function byFacet(value: string): object {
  return operation('facet-value-filter', { facetValueIds: [value], containsAny: true, combineWithAnd: true });
}

async function createCollection(admin: SeedBench['admin'], plan: CollectionPlan): Promise<string> {
  const {
    name,
    slug,
    filters,
    parent,
    description = '',
    isPrivate = false,
    inheritFilters = true,
    assetIds = [],
  } = plan;
  const { collection } = await admin.ask<{ collection: { id: string } }>(
    `mutation ($input: CreateCollectionInput!) { collection: createCollection(input: $input) { id } }`,
    {
      input: {
        filters,
        isPrivate,
        inheritFilters,
        assetIds,
        ...(parent === undefined ? {} : { parentId: parent }),
        ...(assetIds[0] === undefined ? {} : { featuredAssetId: assetIds[0] }),
        translations: [{ ...inEnglish(name)[0], slug, description }],
      },
    },
  );
  return collection.id;
}
