import type { SeedBench } from './bench.ts';
import { inEnglish, slugOf } from './bench.ts';
import { makers, rooms } from './words.ts';

export interface Facets {
  /** Ids of facet values. */
  readonly brands: readonly string[];
  readonly rooms: readonly string[];
  readonly seasons: readonly string[];
}

/** Code of the facet whose values are brands. */
export const BRAND_FACET = 'brand';

export async function seedFacets(bench: SeedBench): Promise<Facets> {
  const { size } = bench;
  const brands = Array.from({ length: size.brands }, (_, at) => {
    const maker = makers[at % makers.length] ?? '';
    return at < makers.length ? maker : `${maker} ${Math.floor(at / makers.length) + 1}`;
  });
  return {
    brands: await seedFacet(bench, BRAND_FACET, 'Brand', false, brands),
    rooms: await seedFacet(bench, 'room', 'Room', false, rooms),
    seasons: await seedFacet(bench, 'season', 'Season (for the office)', true, ['Spring', 'Autumn']),
  };
}

async function seedFacet(
  { admin }: SeedBench,
  code: string,
  name: string,
  isPrivate: boolean,
  values: readonly string[],
): Promise<string[]> {
  const { facet } = await admin.ask<{ facet: { values: { id: string; code: string }[] } }>(
    `mutation ($input: CreateFacetInput!) { facet: createFacet(input: $input) { id values { id code } } }`,
    {
      input: {
        code,
        isPrivate,
        translations: inEnglish(name),
        values: values.map((value, at) => ({ code: slugOf(value, at + 1), translations: inEnglish(value) })),
      },
    },
  );
  return values.map((value, at) => {
    const made = facet.values.find((candidate) => candidate.code === slugOf(value, at + 1));
    if (made === undefined) throw new Error(`the store did not keep the facet value ${value}`);
    return made.id;
  });
}
