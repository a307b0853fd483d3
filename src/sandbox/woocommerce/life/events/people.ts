import { anyOf } from '../../../shared/life/life.ts';
import type { Params } from '../../rest/params.ts';
import { address } from '../../seed/people.ts';
import type { CustomerRow, ReviewRow } from '../../store/people-rows.ts';
import type { ShopHappening, ShopScene } from '../scene.ts';
import { idOf } from '../scene.ts';

const path = '/wc/v3/customers';
const buyer = (row: CustomerRow): boolean => row.role === 'customer';

/** User ids never come back, so the address is new. */
function details({ shop, random }: ShopScene): Params {
  const home = address({ random });
  const email = `joined${shop.sequences.user + 1}@example.test`;
  const names = { first_name: home.first_name, last_name: home.last_name };
  return { email, ...names, billing: { ...home, email }, shipping: random.chance(0.5) ? home : {} };
}

const customerEvents: ShopHappening[] = [
  {
    kind: 'customer.register',
    weight: 5,
    happen: (scene) => [`customer ${idOf(scene.api.create(path, details(scene)))}`],
  },
  {
    // The stamp moves, but no list can be filtered by it (source-apis §1.2).
    kind: 'customer.edit',
    weight: 4,
    happen: (scene) => {
      const row = anyOf(scene.random, scene.shop.customers, buyer);
      if (row === null) return null;
      const home = address(scene);
      const body = scene.random.pick([
        { first_name: home.first_name, last_name: home.last_name },
        { billing: { phone: `+1 555 02${scene.random.int(10, 99)}` } },
        { shipping: home },
        { meta_data: [{ key: 'tier', value: scene.random.pick(['gold', 'silver', 'bronze']) }] },
      ] satisfies Params[]);
      scene.api.update(path, row.id, body);
      return [`customer ${row.id}`];
    },
  },
  {
    kind: 'customer.delete',
    weight: 0.5,
    happen: ({ shop, random, api }) => {
      const row = anyOf(random, shop.customers, buyer);
      if (row === null) return null;
      api.remove(path, row.id, true);
      return [`customer ${row.id}`];
    },
  },
  {
    // The same e-mail under a new id; the orders of the first stay guests' orders.
    kind: 'customer.recreate',
    weight: 0.5,
    happen: (scene) => {
      const { shop, api, random } = scene;
      const emails = new Map<string, number>();
      for (const { email } of shop.customers.values()) {
        emails.set(email.toLowerCase(), (emails.get(email.toLowerCase()) ?? 0) + 1);
      }
      // Of two users of one address the other would refuse the new one.
      const fits = (one: CustomerRow): boolean =>
        buyer(one) && one.email !== '' && emails.get(one.email.toLowerCase()) === 1;
      const row = anyOf(random, shop.customers, fits);
      if (row === null) return null;
      api.remove(path, row.id, true);
      const made = api.create(path, { ...details(scene), email: row.email });
      return [`customer ${row.id}`, `customer ${idOf(made)}`];
    },
  },
];

const reviewPath = '/wc/v3/products/reviews';
const shown = (row: ReviewRow): boolean => row.status === 'approved';

function eachReview(
  kind: string,
  weight: number,
  fits: (row: ReviewRow) => boolean,
  change: (scene: ShopScene, row: ReviewRow) => void,
): ShopHappening {
  return {
    kind,
    weight,
    happen: (scene) => {
      const row = anyOf(scene.random, scene.shop.reviews, fits);
      if (row === null) return null;
      change(scene, row);
      return [`review ${row.id}`, `product ${row.productId}`];
    },
  };
}

function opinion({ random }: ShopScene): Params {
  const words = ['Does what it says.', 'Broke at once 😡', 'Très bien', 'Would buy again &amp; again'];
  return { review: `${random.pick(words)} No. ${random.int(1, 9_999)}`, rating: random.int(1, 5) };
}

const reviewEvents: ShopHappening[] = [
  {
    kind: 'review.write',
    weight: 4,
    happen: (scene) => {
      const product = anyOf(scene.random, scene.shop.products, (row) => row.status === 'publish');
      if (product === null) return null;
      const { first_name: reviewer } = address(scene);
      const email = `reader${scene.random.int(1, 999)}@example.test`;
      const body = { product_id: product.id, reviewer, reviewer_email: email, ...opinion(scene) };
      return [`review ${idOf(scene.api.create(reviewPath, body))}`, `product ${product.id}`];
    },
  },
  // Only a comparison of contents finds an edited review (source-apis §1.6).
  eachReview('review.edit', 2, shown, (scene, row) => void scene.api.update(reviewPath, row.id, opinion(scene))),
  eachReview('review.trash', 0.5, shown, ({ api }, row) => void api.remove(reviewPath, row.id, false)),
  eachReview(
    'review.restore',
    0.5,
    (row) => row.status === 'trash',
    ({ api }, row) => void api.update(reviewPath, row.id, { status: 'untrash' }),
  ),
  eachReview('review.delete', 0.4, shown, ({ api }, row) => void api.remove(reviewPath, row.id, true)),
];

export const peopleEvents: ShopHappening[] = [...customerEvents, ...reviewEvents];
