import { expect, test } from 'vitest';
import { type Owner, type Purpose, requestsOf, sumOf } from '../../bench/requests.ts';

const shop = (asked: string) => requestsOf({ byQuery: { [asked]: 3 } }, { byQuery: {} });
const store = (asked: string) => requestsOf({ byQuery: {} }, { byQuery: { [asked]: 2 } });

test.each<[string, Owner, Purpose]>([
  ['GET /wp-json/wc/v3/products?include,per_page', 'product', 'sourceReads'],
  ['GET /wp-json/wc/v3/variations?include', 'product', 'sourceReads'],
  ['GET /wp-json/wc/v3/products?_fields,offset', 'product', 'scans'],
  ['HEAD /wp-json/wc/v3/products/categories?per_page', 'category', 'scans'],
  ['GET /wp-json/wc/v3/products/reviews?include', 'review', 'sourceReads'],
  ['GET /wp-json/wc/v3/orders/:order_id(^\\d+$)/notes?', 'order', 'sourceReads'],
  ['GET /wp-json/wc/v3/refunds?include', 'order', 'sourceReads'],
  ['GET /wp-json/wp/v2/posts?include', 'blog_post', 'sourceReads'],
  ['GET /wp-json/wc/v3/taxes?', 'store', 'sourceReads'],
])('%s of the shop is about %s', (asked, owner, purpose) => {
  expect(shop(asked)[owner]).toMatchObject({ [purpose]: 3 });
});

test.each<[string, Owner, Purpose]>([
  ['POST /stores/x/v3/catalog/products?', 'product', 'writes'],
  ['POST /stores/x/v3/catalog/variants/metafields?', 'product', 'writes'],
  ['POST /stores/x/v3/catalog/products/:id/reviews?', 'review', 'writes'],
  ['PUT /stores/x/v3/inventory/adjustments/absolute?', 'stock', 'writes'],
  ['GET /stores/x/v3/catalog/products?date_modified:min,limit', 'product', 'polls'],
  ['GET /stores/x/v3/catalog/products?id:in,include', 'product', 'readBacks'],
  ['GET /stores/x/v3/customers?email:in', 'customer', 'lookUps'],
  ['GET /stores/x/v3/catalog/products/:id/options?limit,page', 'product', 'lookUps'],
  ['GET /stores/x/v3/catalog/brands?limit,page', 'brand', 'matching'],
  ['GET /stores/x/v3/orders/settings?', 'store', 'matching'],
])('%s of the target is about %s', (asked, owner, purpose) => {
  expect(store(asked)[owner]).toMatchObject({ [purpose]: 2 });
});

test('pictures that the target fetches are not ours', () => {
  const found = shop('GET /wp-content/uploads/*?');
  expect(Object.values(found).map(sumOf)).toEqual(Object.values(found).map(() => 0));
});
