import type { Canonical, MovedEntity } from '../../src/domain/record.ts';
import { attribute, brand, category, pricing, product, stockPolicy, variant } from '../connectors/bigcommerce/forms.ts';

/** One record of each entity with everything in it, and what an edit at the source makes of it. */
const CATEGORY = category({ description: '<p>All teas.</p>', meta: [{ key: 'own', value: 'x' }] });
export const BRAND = brand({ description: 'Old house' });
export const PRODUCT = product({
  gtin: '012345678905',
  description: '<p>Leaves &amp; more.</p>',
  attributes: [attribute('Origin', ['Japan', 'China'], { forVariants: false })],
  tags: ['green'],
  stock: stockPolicy({ managed: 'own', status: null, lowStockAt: 2 }),
  createdAt: '2024-01-02T03:04:05.000Z',
});
const VARIABLE = product({
  kind: 'variable',
  name: 'Shirt',
  sku: 'SHIRT',
  path: '/product/shirt/',
  pricing: pricing(null),
  stock: stockPolicy({ status: null }),
  attributes: [
    attribute('Size', ['S', 'M'], { defaultOption: 'M' }),
    attribute('Colour', ['Red', 'Blue']),
    attribute('Engraving', ['Yes', 'No']),
  ],
  variants: [
    variant('21', { Size: 'S', Colour: 'Red' }, { sku: 'SR', pricing: pricing('20', { sale: '15', onSale: true }) }),
    variant(
      '22',
      { Size: 'M', Colour: 'Blue' },
      { position: 1, measures: { weight: '0.5', length: null, width: null, height: null } },
    ),
    variant('23', { Size: 'M', Colour: 'Red' }, { position: 2, description: '<p>red</p>', status: 'private' }),
  ],
});

export interface Sample<E extends MovedEntity = MovedEntity> {
  readonly label: string;
  readonly entity: E;
  readonly canonical: Canonical<E>;
  readonly edited: Canonical<E>;
  /** The kind of the key that its name is. */
  readonly nameKind: string;
}
export const SAMPLES: readonly Sample[] = [
  {
    label: 'category',
    entity: 'category',
    canonical: CATEGORY,
    edited: { ...CATEGORY, position: 9 },
    nameKind: 'category-name',
  },
  {
    label: 'brand',
    entity: 'brand',
    canonical: BRAND,
    edited: { ...BRAND, path: '/brand/new-leaf/' },
    nameKind: 'brand-name',
  },
  {
    label: 'product',
    entity: 'product',
    canonical: PRODUCT,
    edited: { ...PRODUCT, pricing: pricing('12.5') },
    nameKind: 'product-name',
  },
  {
    label: 'variable product',
    entity: 'product',
    canonical: VARIABLE,
    edited: { ...VARIABLE, variants: VARIABLE.variants.map((one) => ({ ...one, pricing: pricing('33') })) },
    nameKind: 'product-name',
  },
];
