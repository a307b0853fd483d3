import type { OptionGroups } from './option-groups.ts';
import { type Around, combinations, type ProductPlan, type VariantPlan } from './products.ts';
import { descriptions, uglyNames } from './words.ts';

/** Products as people and imports leave them; they come first, in every store. */
export async function uglyProducts(around: Around, groups: OptionGroups): Promise<ProductPlan[]> {
  const { facets, pictures, manual, tax } = around;
  const [colour, twins] = [
    await groups.create('ugly-colour', 'Colour', ['Red', 'Blue']),
    await groups.create('twin-colour', 'Colour', ['Red', 'Red', 'red ']),
  ];
  const many = await groups.create(
    'finish',
    'Finish',
    Array.from({ length: 12 }, (_, at) => `Finish ${at + 1}`),
  );
  return [
    ...uglyNames.map((name, at) =>
      single(name, `UGLY-${at + 1}`, { description: descriptions[at % descriptions.length] ?? '' }),
    ),
    single('Bare thing', 'BARE-1', { description: '', assetIds: [], facetValueIds: [] }),
    single('Nothing on its label', ''),
    single('Same label one', 'TWICE'),
    single('Same label two', 'TWICE'),
    single('Label in small letters', 'twice'),
    single('Long label', `LONG-${'X'.repeat(260)}`),
    single('For nothing', 'FREE-1', { price: 0 }),
    single('Hidden thing', 'HIDDEN-1', { enabled: false }),
    single('Two makers', 'MAKERS-2', { facetValueIds: facets.brands.slice(0, 2) }),
    single('With a manual', 'MANUAL-1', { assetIds: [...pictures.slice(0, 2), manual] }),
    single('Uncounted', 'UNCOUNTED-1', { trackInventory: 'FALSE', stock: [0] }),
    single('On backorder', 'BACKORDER-1', { trackInventory: 'TRUE', stock: [0], outOfStockThreshold: -5 }),
    single('In two places', 'PLACES-2', { stock: [7, 11] }),
    single('Sold out', 'SOLD-OUT', { stock: [0] }),
    single('No tax on it', 'UNTAXED-1', { taxCategoryId: tax.zero }),
    { name: 'Nothing to buy', description: '<p>No variant yet.</p>', variants: [] },
    {
      name: 'One of two hidden',
      groups: [colour],
      variants: colour.optionIds.map((option, at) => ({
        sku: `HALF-${at + 1}`,
        price: 900,
        optionIds: [option],
        enabled: at === 0,
      })),
    },
    {
      name: 'Twin colours',
      groups: [twins],
      variants: twins.optionIds.map((option, at) => ({ sku: `TWIN-${at + 1}`, price: 700, optionIds: [option] })),
    },
    {
      name: 'Finishes and sizes',
      assetIds: pictures.slice(0, 4),
      facetValueIds: [facets.brands[0] ?? '', facets.rooms[0] ?? ''],
      groups: [many, groups.sharedSize],
      variants: combinations([many, groups.sharedSize]).map((optionIds, at) => ({
        sku: `MANY-${at + 1}`,
        price: 1_000 + at * 25,
        optionIds,
        assetIds: at % 6 === 0 ? [pictures[at % pictures.length] ?? ''] : [],
      })),
    },
  ];
}

type Of = Partial<Omit<ProductPlan, 'variants'>> & Partial<VariantPlan>;

/** A product of one variant; what is said of either goes to both, and each takes what is its own. */
function single(name: string, sku: string, { price = 1_250, ...rest }: Of = {}): ProductPlan {
  const { assetIds, facetValueIds, enabled, description, stock, trackInventory, outOfStockThreshold, taxCategoryId } =
    rest;
  return {
    name,
    ...given({ assetIds, facetValueIds, enabled, description }),
    variants: [{ sku, price, ...given({ stock, trackInventory, outOfStockThreshold, taxCategoryId }) }],
  };
}

/** Without what is undefined. */
function given<T extends object>(values: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
