import type { Defect } from './planted-defects.ts';

interface Line {
  product_id: number;
  variant_id: number;
  quantity: number;
  price_ex_tax: string;
}
interface RawOrder {
  id: number;
  status_id: number;
  customer_id: number;
  date_created: string;
  total_inc_tax: string;
  discount_amount: string;
  default_currency_code: string;
  staff_notes: string;
  customer_message: string;
  is_deleted: boolean;
  billing_address: Record<string, string>;
  shipping_addresses: Record<string, string>[];
  products: Line[];
  fees: object[];
  metafields: { namespace: string; key: string; value: string }[];
}

/** Orders and what people wrote in the target's raw state, as far as defects are planted among them. */
export interface RawSales {
  orders: RawOrder[];
  reviews: { id: number; rating: number; text: string; status: string }[];
  blogPosts: { id: number; is_published: boolean; body: string; tags: string[] }[];
  pages: { id: number; parent_id: number; is_visible: boolean }[];
  redirects: { from_path: string; to: { type: string; entity_id?: number; url?: string } }[];
  outbox: unknown[];
}

function found<T>(rows: readonly T[], fits: (row: T) => boolean = () => true): T {
  const row = rows.find(fits);
  if (row === undefined) throw new Error('the store holds nothing for this defect');
  return row;
}

const aLine = ({ orders }: RawSales): Line => {
  const [line] = found(orders, ({ products }) => products.length > 0).products;
  if (line === undefined) throw new Error('the order has no line');
  return line;
};
const aRefund = ({ orders }: RawSales) =>
  found(
    orders.flatMap(({ metafields }) => metafields),
    ({ key }) => key === 'refund_total',
  );
const later = (stamp: string) => new Date(Date.parse(stamp) + 3_600_000).toISOString();

export const SALES_DEFECTS: readonly Defect<RawSales>[] = [
  { what: 'a lost order', kind: 'lost', field: '', plant: (t) => void t.orders.splice(3, 1) },
  {
    what: 'a doubled order',
    kind: 'doubled',
    field: '',
    plant: (t) => void t.orders.push({ ...found(t.orders), id: 999_999 }),
  },
  {
    what: 'a cent too much',
    kind: 'different',
    field: 'total_inc_tax',
    plant: (t) => void (found(t.orders).total_inc_tax = (Number(found(t.orders).total_inc_tax) + 0.01).toFixed(4)),
  },
  {
    what: 'another hour',
    kind: 'different',
    field: 'date_created',
    plant: (t) => void (found(t.orders).date_created = later(found(t.orders).date_created)),
  },
  {
    what: 'a dangling customer',
    kind: 'different',
    field: 'customer_id',
    plant: (t) => void (found(t.orders, (o) => o.customer_id > 0).customer_id = 999_999),
  },
  {
    what: 'an order without its customer',
    kind: 'different',
    field: 'customer_id',
    plant: (t) => void (found(t.orders, (o) => o.customer_id > 0).customer_id = 0),
  },
  { what: 'another status', kind: 'different', field: 'status_id', plant: (t) => void (found(t.orders).status_id = 3) },
  {
    what: 'another currency',
    kind: 'different',
    field: 'default_currency_code',
    plant: (t) => void (found(t.orders).default_currency_code = 'KWD'),
  },
  {
    what: 'an archived order',
    kind: 'different',
    field: 'is_deleted',
    plant: (t) => void (found(t.orders).is_deleted = true),
  },
  {
    what: 'a piece too many',
    kind: 'different',
    field: 'products.quantity',
    plant: (t) => void (aLine(t).quantity += 1),
  },
  {
    what: 'another price of a piece',
    kind: 'different',
    field: 'products.price_ex_tax',
    plant: (t) => void (aLine(t).price_ex_tax = '77.7700'),
  },
  {
    what: 'a line of another product',
    kind: 'different',
    field: 'products.product_id',
    plant: (t) => void (aLine(t).product_id = 424_242),
  },
  {
    what: 'a lost line',
    kind: 'different',
    field: 'products',
    plant: (t) => void found(t.orders, (o) => o.products.length > 1).products.pop(),
  },
  {
    what: 'a lost discount',
    kind: 'different',
    field: 'discount_amount',
    plant: (t) => void (found(t.orders, (o) => Number(o.discount_amount) > 0).discount_amount = '0.0000'),
  },
  {
    what: 'a lost fee',
    kind: 'different',
    field: 'fees',
    plant: (t) => void (found(t.orders, (o) => o.fees.length > 0).fees = []),
  },
  {
    what: 'another refund',
    kind: 'different',
    field: 'metafield storeferry/refund_total',
    plant: (t) => void (aRefund(t).value = '1.23'),
  },
  {
    what: "another staff's text",
    kind: 'different',
    field: 'staff_notes',
    plant: (t) => void (found(t.orders).staff_notes += '\nPaid twice'),
  },
  {
    what: "another shopper's text",
    kind: 'different',
    field: 'customer_message',
    plant: (t) => void (found(t.orders).customer_message = 'changed'),
  },
  {
    what: 'another billing street',
    kind: 'different',
    field: 'billing_address',
    plant: (t) => void (found(t.orders).billing_address['street_1'] = '9 Elsewhere'),
  },
  {
    what: 'another shipping city',
    kind: 'different',
    field: 'shipping_addresses',
    plant: (t) =>
      void ((found(t.orders, (o) => o.shipping_addresses.length > 0).shipping_addresses[0] ?? {})['city'] =
        'Elsewhere'),
  },
  {
    what: 'a lost field of the shop',
    kind: 'different',
    field: 'metafield woocommerce/',
    plant: (t) => {
      const order = found(t.orders, (o) => o.metafields.some(({ namespace }) => namespace === 'woocommerce'));
      order.metafields = order.metafields.filter(({ namespace }) => namespace !== 'woocommerce');
    },
  },
  { what: 'a mail', kind: 'different', field: 'outbox', plant: (t) => void t.outbox.push({ kind: 'order status' }) },
  { what: 'a lost review', kind: 'lost', field: '', plant: (t) => void t.reviews.pop() },
  {
    what: 'a doubled review',
    kind: 'doubled',
    field: '',
    plant: (t) => void t.reviews.push({ ...found(t.reviews), id: 999_999 }),
  },
  {
    what: 'another rating',
    kind: 'different',
    field: 'rating',
    plant: (t) => void (found(t.reviews).rating = (found(t.reviews).rating + 1) % 6),
  },
  {
    what: 'another text of a review',
    kind: 'different',
    field: 'text',
    plant: (t) => void (found(t.reviews).text = 'changed'),
  },
  {
    what: 'a review shut away',
    kind: 'different',
    field: 'status',
    plant: (t) => void (found(t.reviews).status = 'disapproved'),
  },
  { what: 'a lost post', kind: 'lost', field: '', plant: (t) => void t.blogPosts.pop() },
  {
    what: 'an unpublished post',
    kind: 'different',
    field: 'is_published',
    plant: (t) => void (found(t.blogPosts, (p) => p.is_published).is_published = false),
  },
  {
    what: 'another text of a post',
    kind: 'different',
    field: 'body',
    plant: (t) => void (found(t.blogPosts).body = '<p>changed</p>'),
  },
  {
    what: 'lost tags',
    kind: 'different',
    field: 'tags',
    plant: (t) => void (found(t.blogPosts, (p) => p.tags.length > 0).tags = []),
  },
  { what: 'a lost page', kind: 'lost', field: '', plant: (t) => void t.pages.pop() },
  {
    what: 'a page at the top',
    kind: 'different',
    field: 'parent_id',
    plant: (t) => void (found(t.pages, (p) => p.parent_id > 0).parent_id = 0),
  },
  {
    what: 'a hidden page',
    kind: 'different',
    field: 'is_visible',
    plant: (t) => void (found(t.pages, (p) => p.is_visible).is_visible = false),
  },
  { what: 'a lost redirect', kind: 'lost', field: '/', plant: (t) => void t.redirects.pop() },
  {
    what: 'a dangling redirect',
    kind: 'different',
    field: '/',
    plant: (t) => void (found(t.redirects, (r) => r.to.entity_id !== undefined).to.entity_id = 424_242),
  },
  {
    what: 'a cart that leads to the front page',
    kind: 'different',
    field: '/cart/',
    plant: (t) => void (found(t.redirects, (r) => r.to.url === '/cart.php').to.url = '/'),
  },
  {
    what: 'a tag that searches for something else',
    kind: 'different',
    field: '/product-tag/',
    plant: (t) =>
      void (found(t.redirects, (r) => r.to.url !== undefined && r.from_path.startsWith('/product-tag/')).to.url =
        '/search.php?search_query=x'),
  },
];
