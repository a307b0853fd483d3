import type { FindingKind } from '../../src/sandbox/checker/report.ts';
import { COUPON_DEFECTS, type RawCoupons } from './planted-coupons.ts';
import { PEOPLE_DEFECTS, type RawPeople } from './planted-people.ts';
import { type RawSales, SALES_DEFECTS } from './planted-sales.ts';

/** The target's raw state, as far as defects are planted in it. */
export interface RawTarget extends RawPeople, RawCoupons, RawSales {
  products: RawProduct[];
  categories: { category_id: number; parent_id: number; name: string }[];
  brands: { id: number; name: string }[];
  inventory: { variant_id: number; product_id: number; available: number }[];
  outbox: unknown[];
}
interface RawProduct {
  [field: string]: unknown;
  id: number;
  name: string;
  sku: string;
  description: string;
  price: number;
  sale_price: number;
  weight: number;
  brand_id: number;
  is_visible: boolean;
  inventory_level: number;
  inventory_tracking: string;
  categories: number[];
  related_products: number[];
  page_title: string;
  custom_url: { url: string };
  images: { id: number; description: string; sort_order: number; is_thumbnail: boolean; image_url?: string }[];
  custom_fields: { name: string; value: string }[];
  metafields: { namespace: string; key: string; value: string }[];
  options: { display_name: string; option_values: { label: string }[] }[];
  variants: RawVariant[];
}
interface RawVariant {
  [field: string]: unknown;
  id: number;
  sku: string;
  price: number | null;
  inventory_level: number;
  image_url: string;
  option_values: { label: string }[];
}

export interface Defect<T = RawTarget> {
  readonly what: string;
  readonly kind: FindingKind;
  /** Part of the name of the field that the checker must point at; '' where a whole record is meant. */
  readonly field: string;
  readonly plant: (target: T) => void;
}

/** The first product that a defect can be planted in; a store without one would prove nothing. */
function one(target: RawTarget, fits: (product: RawProduct) => boolean): RawProduct {
  const found = target.products.find(fits);
  if (found === undefined) throw new Error('the store holds no product for this defect');
  return found;
}
/** Of a product that recommends itself the rulebook says nothing. */
const isOther = (p: RawProduct) => (id: number) => id !== p.id;
const simple = ({ variants, price }: RawProduct) =>
  variants.every(({ option_values: values }) => values.length === 0) && price > 1;
const variable = ({ variants }: RawProduct) =>
  variants.filter(({ option_values: values }) => values.length > 0).length > 1;
const pair = ({ variants }: RawProduct): [RawVariant, RawVariant] =>
  [variants[0], variants[1]] as [RawVariant, RawVariant];

const isBirthDate = ({ key }: { key: string }) => key === 'date_created';

type Level = RawTarget['inventory'][number];

/** The first two levels beside each other that fit, of products that are tracked. */
function stocked({ inventory, products }: RawTarget, fits: (a: Level, b: Level) => boolean): [Level, Level] {
  const tracked = new Set(products.filter((p) => p.inventory_tracking !== 'none').map(({ id }) => id));
  const levels = inventory.filter((level) => tracked.has(level.product_id) && level.available > 0);
  for (const [at, level] of levels.entries()) {
    const next = levels[at + 1];
    if (next !== undefined && fits(level, next)) return [level, next];
  }
  throw new Error('the store holds no stock for this defect');
}

export const DEFECTS: readonly Defect[] = [
  ...PEOPLE_DEFECTS,
  ...SALES_DEFECTS,
  ...COUPON_DEFECTS,
  {
    what: 'a lost product',
    kind: 'lost',
    field: '',
    plant: (t) => void t.products.splice(t.products.indexOf(one(t, simple)), 1),
  },
  { what: 'a lost category', kind: 'lost', field: '', plant: (t) => void t.categories.splice(0, 1) },
  { what: 'a lost brand', kind: 'lost', field: '', plant: (t) => void t.brands.splice(0, 1) },
  {
    what: 'a lost variant',
    kind: 'lost',
    field: '',
    plant: (t) => void one(t, variable).variants.splice(1, 1),
  },
  {
    what: 'a doubled product',
    kind: 'doubled',
    field: '',
    plant: (t) => void t.products.push({ ...structuredClone(one(t, simple)), id: 999_001 }),
  },
  {
    what: 'a doubled brand',
    kind: 'doubled',
    field: '',
    plant: (t) => void t.brands.push({ ...structuredClone(t.brands[0] as (typeof t.brands)[number]), id: 999_002 }),
  },
  {
    what: 'a product that nobody knows',
    kind: 'foreign',
    field: '',
    plant: (t) => {
      const strange = structuredClone(one(t, simple));
      t.products.push({
        ...strange,
        id: 999_003,
        name: 'Strange',
        sku: 'STRANGE',
        metafields: [],
        custom_url: { url: '/strange/' },
      });
    },
  },
  {
    what: 'a price one cent off',
    kind: 'different',
    field: 'price',
    plant: (t) => void (one(t, simple).price += 0.01),
  },
  {
    what: 'a sale price that is gone',
    kind: 'different',
    field: 'sale_price',
    plant: (t) => void (one(t, (p) => p.sale_price > 0).sale_price = 0),
  },
  {
    what: 'prices of two variants exchanged',
    kind: 'different',
    field: 'price',
    plant: (t) => {
      const [a, b] = pair(one(t, (p) => variable(p) && pair(p)[0].price !== pair(p)[1].price));
      [a.price, b.price] = [b.price, a.price];
    },
  },
  {
    what: 'SKUs of two variants exchanged',
    kind: 'different',
    field: 'sku',
    plant: (t) => {
      const [a, b] = pair(one(t, variable));
      [a.sku, b.sku] = [b.sku, a.sku];
    },
  },
  { what: 'another name', kind: 'different', field: 'name', plant: (t) => void (one(t, simple).name += ' II') },
  {
    what: 'a description cut short',
    kind: 'different',
    field: 'description',
    plant: (t) => {
      const product = one(t, (p) => p.description.length > 40);
      product.description = product.description.slice(0, product.description.length / 2);
    },
  },
  {
    what: 'a weight that is off',
    kind: 'different',
    field: 'weight',
    plant: (t) => void (one(t, (p) => p.weight > 0).weight *= 2),
  },
  {
    what: 'visibility turned round',
    kind: 'different',
    field: 'is_visible',
    plant: (t) => void (one(t, (p) => p.is_visible).is_visible = false),
  },
  {
    what: 'a category assignment that is gone',
    kind: 'different',
    field: 'categories',
    plant: (t) => void one(t, (p) => p.categories.length > 0).categories.pop(),
  },
  {
    what: 'a category below another parent',
    kind: 'different',
    field: 'parent_id',
    plant: (t) => {
      const child = t.categories.find(({ parent_id: parent }) => parent !== 0);
      if (child === undefined) throw new Error('the store holds no child category');
      child.parent_id = 0;
    },
  },
  {
    what: 'a category of another name',
    kind: 'different',
    field: 'name',
    plant: (t) => void ((t.categories[0] as { name: string }).name += ' II'),
  },
  {
    what: 'another brand',
    kind: 'different',
    field: 'brand_id',
    plant: (t) => void (one(t, (p) => p.brand_id !== 0).brand_id = 0),
  },
  {
    what: 'a picture that is gone',
    kind: 'different',
    field: 'images',
    plant: (t) => void one(t, (p) => p.images.length > 1).images.pop(),
  },
  {
    what: 'pictures in another order',
    kind: 'different',
    field: 'images',
    plant: (t) => {
      const [a, b] = one(t, (p) => p.images.length > 1 && p.images[0]?.description !== p.images[1]?.description).images;
      if (a !== undefined && b !== undefined) [a.sort_order, b.sort_order] = [b.sort_order, a.sort_order];
    },
  },
  {
    what: 'another main picture',
    kind: 'different',
    field: 'thumbnail',
    plant: (t) => {
      const [a, b] = one(t, (p) => p.images.length > 1).images;
      if (a !== undefined && b !== undefined) [a.is_thumbnail, b.is_thumbnail] = [b.is_thumbnail, a.is_thumbnail];
    },
  },
  {
    what: 'an alternative text that is gone',
    kind: 'different',
    field: 'alt',
    plant: (t) => {
      const picture = one(t, (p) => p.images.some((i) => i.description !== '')).images.find(
        (i) => i.description !== '',
      );
      if (picture !== undefined) picture.description = '';
    },
  },
  {
    what: 'a custom field of another value',
    kind: 'different',
    field: 'custom',
    plant: (t) => void ((one(t, (p) => p.custom_fields.length > 0).custom_fields[0] as { value: string }).value += 'x'),
  },
  {
    what: 'a metafield of another value',
    kind: 'different',
    field: 'metafield',
    plant: (t) => {
      const field = one(t, (p) => p.metafields.some(isBirthDate)).metafields.find(isBirthDate);
      if (field !== undefined) field.value = '1999-01-01T00:00:00.000Z';
    },
  },
  {
    what: 'a related product that is gone',
    kind: 'different',
    field: 'related_products',
    plant: (t) => {
      const product = one(t, (p) => p.related_products.some(isOther(p)));
      product.related_products.splice(product.related_products.findIndex(isOther(product)), 1);
    },
  },
  {
    what: 'a related product that does not exist',
    kind: 'different',
    field: 'related_products',
    plant: (t) => void one(t, (p) => p.related_products.length > 0).related_products.push(999_999),
  },
  {
    what: 'another address',
    kind: 'different',
    field: 'path',
    plant: (t) => void (one(t, simple).custom_url.url = '/elsewhere/'),
  },
  {
    what: 'a tracked product that is not tracked',
    kind: 'different',
    field: 'inventory_tracking',
    plant: (t) => void (one(t, (p) => p.inventory_tracking === 'product').inventory_tracking = 'none'),
  },
  {
    what: 'stock that is off by one',
    kind: 'different',
    field: 'level',
    plant: (t) => void (stocked(t, () => true)[0].available += 1),
  },
  {
    what: 'stock at another variant',
    kind: 'different',
    field: 'level',
    plant: (t) => {
      const [a, b] = stocked(t, (x, y) => x.product_id === y.product_id && x.available !== y.available);
      [a.available, b.available] = [b.available, a.available];
    },
  },
  {
    what: 'a mail to a customer',
    kind: 'different',
    field: 'outbox',
    plant: (t) => void t.outbox.push({ to: 'shopper@example.test', subject: 'Hello' }),
  },
];
