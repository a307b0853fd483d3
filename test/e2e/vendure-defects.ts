import type { CheckedEntity, FindingKind } from '../../src/sandbox/checker/report.ts';

type Row = Record<string, unknown> & { id: number };

/** The target's raw state, as far as defects are planted in it. */
export interface RawTarget {
  products: (Row & {
    variants: (Row & { option_values: { label: string }[] })[];
    categories: number[];
    images: object[];
  })[];
  categories: (Record<string, unknown> & { category_id: number; parent_id: number; name: string })[];
  brands: Row[];
  customers: (Row & { addresses: Record<string, unknown>[] })[];
  customerGroups: Row[];
  coupons: Row[];
  orders: (Row & {
    products: Record<string, unknown>[];
    fees: Record<string, unknown>[];
    billing_address: Record<string, unknown>;
    shipping_addresses: Record<string, unknown>[];
    metafields: { key: string; value: string }[];
  })[];
  inventory: { variant_id: number; available: number }[];
  outbox: unknown[];
}

export interface VendureDefect {
  readonly what: string;
  readonly kind: FindingKind;
  readonly entity: CheckedEntity;
  /** Part of the finding's field. */
  readonly field: string;
  /** Changes the target's state as a faulty migration would have left it. */
  readonly plant: (target: RawTarget) => void;
}

function found<T>(rows: readonly T[], fits: (row: T) => boolean): T {
  const row = rows.find(fits);
  if (row === undefined) throw new Error('the store holds nothing for this defect');
  return row;
}

const withOptions = ({ products }: RawTarget) => found(products, ({ variants }) => variants.length > 1);
const aVariant = (target: RawTarget) => found(withOptions(target).variants, () => true);
const soldLine = ({ orders }: RawTarget) =>
  found(
    orders.flatMap(({ products }) => products),
    ({ quantity }) => Number(quantity) > 1,
  );

export const VENDURE_DEFECTS: readonly VendureDefect[] = [
  {
    what: 'a lost product',
    kind: 'lost',
    entity: 'product',
    field: '',
    plant: (target) => void target.products.shift(),
  },
  {
    what: 'a doubled product',
    kind: 'doubled',
    entity: 'product',
    field: '',
    plant: ({ products }) => void products.push({ ...found(products, () => true), id: 99_001 }),
  },
  {
    what: 'a product of nobody',
    kind: 'foreign',
    entity: 'product',
    field: '',
    plant: ({ products }) => void products.push({ ...found(products, () => true), id: 99_001, metafields: [] }),
  },
  {
    what: 'another price',
    kind: 'different',
    entity: 'product',
    field: 'price',
    plant: ({ products }) => void (found(products, ({ sku }) => sku === 'BARE-1')['price'] = 12.51),
  },
  {
    what: 'another name',
    kind: 'different',
    entity: 'product',
    field: 'name',
    plant: ({ products }) => void (found(products, ({ sku }) => sku === 'BARE-1')['name'] = 'Bare things'),
  },
  {
    what: 'hidden goods that are shown',
    kind: 'different',
    entity: 'product',
    field: 'is_visible',
    plant: ({ products }) => void (found(products, ({ sku }) => sku === 'HIDDEN-1')['is_visible'] = true),
  },
  {
    what: 'a picture too few',
    kind: 'different',
    entity: 'product',
    field: 'images',
    plant: ({ products }) => void found(products, ({ images }) => images.length > 1).images.pop(),
  },
  {
    what: 'a product in another category',
    kind: 'different',
    entity: 'product',
    field: 'categories',
    plant: ({ products }) => void found(products, ({ categories }) => categories.length > 0).categories.pop(),
  },
  {
    what: 'a lost variant',
    kind: 'lost',
    entity: 'variant',
    field: '',
    plant: (target) => void withOptions(target).variants.shift(),
  },
  {
    what: "another variant's SKU",
    kind: 'different',
    entity: 'variant',
    field: 'sku',
    plant: (target) => void (aVariant(target)['sku'] = 'SWAPPED'),
  },
  {
    what: "a variant's price",
    kind: 'different',
    entity: 'variant',
    field: 'price',
    plant: (target) => void (aVariant(target)['price'] = 0.01),
  },
  {
    what: 'a variant of another option',
    kind: 'different',
    entity: 'variant',
    field: 'option_values',
    plant: (target) => void (found(aVariant(target).option_values, () => true).label = 'Purple'),
  },
  {
    what: 'a piece too many on the shelf',
    kind: 'different',
    entity: 'stock',
    field: 'level',
    plant: (target) => {
      const variant = found(found(target.products, ({ sku }) => sku === 'PLACES-2').variants, () => true);
      found(target.inventory, ({ variant_id }) => variant_id === variant.id).available += 1;
    },
  },
  {
    what: 'goods that nobody counts being counted',
    kind: 'different',
    entity: 'stock',
    field: 'inventory_tracking',
    plant: ({ products }) =>
      void (found(products, ({ sku }) => sku === 'UNCOUNTED-1')['inventory_tracking'] = 'product'),
  },
  {
    what: 'a category on another level',
    kind: 'different',
    entity: 'category',
    field: 'parent_id',
    plant: ({ categories }) => void (found(categories, ({ parent_id }) => parent_id !== 0).parent_id = 0),
  },
  {
    what: 'a lost brand',
    kind: 'lost',
    entity: 'brand',
    field: '',
    plant: (target) => void target.brands.shift(),
  },
  {
    what: 'a customer with another address',
    kind: 'different',
    entity: 'customer',
    field: 'addresses',
    plant: ({ customers }) => {
      const { addresses } = found(customers, (customer) => customer.addresses.length > 0);
      found(addresses, () => true)['city'] = 'Nowhere';
    },
  },
  {
    what: "a customer's e-mail address",
    kind: 'different',
    entity: 'customer',
    field: 'email',
    plant: ({ customers }) => void (found(customers, () => true)['email'] = 'other@example.test'),
  },
  {
    what: 'a customer out of the group',
    kind: 'different',
    entity: 'customer',
    field: 'group',
    plant: ({ customers }) =>
      void (found(customers, (row) => Number(row['customer_group_id']) > 0)['customer_group_id'] = 0),
  },
  {
    what: 'a lost group',
    kind: 'lost',
    entity: 'customer_group',
    field: '',
    plant: (target) => void target.customerGroups.shift(),
  },
  {
    what: 'a lost order',
    kind: 'lost',
    entity: 'order',
    field: '',
    plant: (target) => void target.orders.shift(),
  },
  {
    what: 'a cent in an order',
    kind: 'different',
    entity: 'order',
    field: 'total_inc_tax',
    plant: ({ orders }) => {
      const order = found(orders, (row) => Number(row['total_inc_tax']) > 1);
      order['total_inc_tax'] = (Number(order['total_inc_tax']) + 0.01).toFixed(2);
    },
  },
  {
    what: 'a cent in the books as a whole',
    kind: 'different',
    entity: 'order',
    field: 'Σ total_inc_tax USD',
    plant: ({ orders }) => {
      const order = found(orders, (row) => Number(row['total_inc_tax']) > 1);
      order['total_inc_tax'] = (Number(order['total_inc_tax']) - 0.01).toFixed(2);
    },
  },
  {
    what: 'a discount that is gone',
    kind: 'different',
    entity: 'order',
    field: 'discount_amount',
    plant: ({ orders }) =>
      void (found(orders, (row) => Number(row['discount_amount']) > 0)['discount_amount'] = '0.00'),
  },
  {
    what: 'an order in another state',
    kind: 'different',
    entity: 'order',
    field: 'status_id',
    plant: ({ orders }) => void (found(orders, (row) => row['status_id'] === 5)['status_id'] = 10),
  },
  {
    what: "somebody else's order",
    kind: 'different',
    entity: 'order',
    field: 'customer_id',
    plant: ({ orders, customers }) =>
      void (found(orders, (row) => row['customer_id'] === 0)['customer_id'] = found(customers, () => true).id),
  },
  {
    what: 'a piece too few in an order',
    kind: 'different',
    entity: 'order',
    field: 'quantity',
    plant: (target) => {
      const line = soldLine(target);
      line['quantity'] = Number(line['quantity']) - 1;
    },
  },
  {
    what: 'another price of a line',
    kind: 'different',
    entity: 'order',
    field: 'price_ex_tax',
    plant: (target) => void (soldLine(target)['price_ex_tax'] = '0.0100'),
  },
  {
    what: 'a fee that is gone',
    kind: 'different',
    entity: 'order',
    field: 'fees',
    plant: ({ orders }) => void found(orders, ({ fees }) => fees.length > 0).fees.pop(),
  },
  {
    what: 'a parcel to another town',
    kind: 'different',
    entity: 'order',
    field: 'shipping_addresses',
    plant: ({ orders }) => {
      const { shipping_addresses: addresses } = found(orders, (row) => row.shipping_addresses.length > 0);
      found(addresses, () => true)['city'] = 'Nowhere';
    },
  },
  {
    what: 'a refund of another amount',
    kind: 'different',
    entity: 'order',
    field: 'refund_total',
    plant: ({ orders }) => {
      const fields = orders.flatMap(({ metafields }) => metafields);
      found(fields, ({ key }) => key === 'refund_total').value = '0.01';
    },
  },
  {
    what: 'a coupon that gives more',
    kind: 'different',
    entity: 'coupon',
    field: 'amount',
    plant: ({ coupons }) => void (found(coupons, ({ code }) => code === 'TEN')['amount'] = '11.0000'),
  },
  {
    what: 'a coupon for some goods that is good for all of them',
    kind: 'different',
    entity: 'coupon',
    field: 'enabled',
    plant: ({ coupons }) => void (found(coupons, ({ code }) => code === 'GOODS')['enabled'] = true),
  },
  {
    what: 'a coupon that may be used more often than before',
    kind: 'different',
    entity: 'coupon',
    field: 'max_uses',
    plant: ({ coupons }) => void (found(coupons, ({ code }) => code === 'BIG-12')['max_uses'] = 0),
  },
  {
    what: 'a mail that was sent',
    kind: 'different',
    entity: 'store',
    field: 'outbox',
    plant: (target) => void target.outbox.push({}),
  },
];
