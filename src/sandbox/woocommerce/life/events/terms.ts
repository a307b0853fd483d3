import { anyOf } from '../../../shared/life/life.ts';
import type { TermRow } from '../../store/rows.ts';
import type { CouponRow } from '../../store/sales-rows.ts';
import type { ShopHappening, ShopScene } from '../scene.ts';
import { freshCode, idOf } from '../scene.ts';

/** None of these has a stamp, and no product is bumped (source-apis §1.4). */
const kinds = [
  ['category', 'product_cat', '/wc/v3/products/categories'],
  ['brand', 'product_brand', '/wc/v3/products/brands'],
  ['tag', 'product_tag', '/wc/v3/products/tags'],
] as const;

function name({ shop, random }: ShopScene): string {
  return `Range ${shop.sequences.term + 1}-${random.int(1, 9_999)}`;
}

function termEvents([kind, taxonomy, path]: (typeof kinds)[number]): ShopHappening[] {
  const some = (scene: ShopScene, other?: TermRow): TermRow | null =>
    anyOf(
      scene.random,
      scene.shop.terms,
      (row) => row.taxonomy === taxonomy && row.id !== scene.shop.defaultCategoryId && row !== other,
    );
  return [
    {
      kind: `${kind}.rename`,
      weight: 0.6,
      happen: (scene) => {
        const row = some(scene);
        if (row === null) return null;
        scene.api.update(path, row.id, { name: name(scene) });
        return [`${kind} ${row.id}`];
      },
    },
    {
      kind: `${kind}.create`,
      weight: 0.4,
      happen: (scene) => [`${kind} ${idOf(scene.api.create(path, { name: name(scene) }))}`],
    },
    {
      // Products lose the term without being bumped.
      kind: `${kind}.delete`,
      weight: 0.15,
      happen: (scene) => {
        const row = some(scene);
        if (row === null) return null;
        scene.api.remove(path, row.id, true);
        return [`${kind} ${row.id}`];
      },
    },
    {
      kind: `${kind}.swap-slugs`,
      weight: kind === 'category' ? 0.6 : 0.2,
      happen: (scene) => {
        const first = some(scene);
        const second = first && some(scene, first);
        if (!first || !second) return null;
        const [mine, others] = [first.slug, second.slug];
        scene.api.update(path, first.id, { slug: `between-${scene.random.int(1, 2_000_000_000)}` });
        scene.api.update(path, second.id, { slug: mine });
        scene.api.update(path, first.id, { slug: others });
        return [`${kind} ${first.id}`, `${kind} ${second.id}`];
      },
    },
  ];
}

const couponPath = '/wc/v3/coupons';
const offered = (row: CouponRow): boolean => row.status === 'publish';

const couponEvents: ShopHappening[] = [
  {
    // Amounts and limits move no stamp (source-apis §1.4).
    kind: 'coupon.amount',
    weight: 1,
    happen: ({ shop, random, api }) => {
      const row = anyOf(random, shop.coupons, offered);
      if (row === null) return null;
      api.update(couponPath, row.id, random.pick([{ amount: String(random.int(1, 50)) }, { usage_limit: 5_000 }]));
      return [`coupon ${row.id}`];
    },
  },
  {
    kind: 'coupon.create',
    weight: 0.6,
    happen: (scene) => {
      const code = `code-${freshCode(scene)}`;
      const body = { code, discount_type: 'percent', amount: String(scene.random.int(1, 60)) };
      return [`coupon ${idOf(scene.api.create(couponPath, body))}`];
    },
  },
  {
    kind: 'coupon.trash',
    weight: 0.3,
    happen: ({ shop, random, api }) => {
      const row = anyOf(random, shop.coupons, offered);
      if (row === null) return null;
      api.remove(couponPath, row.id, false);
      return [`coupon ${row.id}`];
    },
  },
];

export const termAndCouponEvents: ShopHappening[] = [...kinds.flatMap(termEvents), ...couponEvents];
